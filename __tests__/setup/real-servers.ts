// Runs once before all suites: fetches the real servers that some of them talk to. It is a hook and not a step of
// `npm test` alone, so that `npx jest some/path` finds the servers too.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export default function fetchRealServers(): void {
  const script = join(__dirname, '../../scripts/fetch-servers.mjs');
  if (!existsSync(script)) return;
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`scripts/fetch-servers.mjs ended with ${status}: run it alone to see why.`);
}
