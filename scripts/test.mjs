// The whole test run in one process tree: set-up first (build, real servers), then jest. Every step says what it does
// and the first one that fails ends the run, so that the last lines on the screen always name the reason.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const node = (...args) => [process.execPath, args];
const jestArguments = process.argv.slice(2);

const steps = [
  ['build', 'the package, as ES modules and as CommonJS', node('scripts/build.mjs')],
  ['lint', 'lint and format', node('node_modules/@biomejs/biome/bin/biome', 'check')],
  ['types', 'the types of everything', node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json')],
  [
    'servers',
    'the real servers that the tests talk to',
    node('scripts/fetch-servers.mjs'),
    'scripts/fetch-servers.mjs',
  ],
  ['jest', 'every test', node('node_modules/jest/bin/jest.js', ...jestArguments)],
];

if (jestArguments.includes('--help')) {
  console.log('Usage: npm test [-- <arguments of jest>]\n');
  for (const [name, what] of steps) console.log(`  ${name.padEnd(8)} ${what}`);
  process.exit(0);
}

for (const [name, what, [command, args], needs] of steps) {
  if (needs !== undefined && !existsSync(join(root, needs))) continue;
  const startedAt = performance.now();
  console.log(`▸ ${name}: ${what}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (status !== 0) {
    console.error(`✗ ${name} failed after ${seconds} s`);
    process.exit(1);
  }
  console.log(`✓ ${name} (${seconds} s)`);
}
