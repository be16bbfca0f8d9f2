// Runs once before all suites: fetches the real servers that some of them talk to. It is a hook and not a step of
// `npm test` alone, so that `npx jest some/path` finds the servers too.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** There is no apt or no network here: suites that need a server say so and are skipped, but never in CI. */
const NOT_TO_BE_HAD = 3;

export default function fetchRealServers(): void {
  const script = join(__dirname, '../../scripts/fetch-servers.mjs');
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  if (status !== 0 && status !== NOT_TO_BE_HAD)
    throw new Error(`scripts/fetch-servers.mjs ended with ${status}: run it alone to see why.`);
}
