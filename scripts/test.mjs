// The whole test run: builds the package, then hands over to jest, whose global set-up fetches the real servers. Each
// step says what it does, and the first one that fails ends the run, so that the last lines always name the reason.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { compilePackage, root } from './compile.mjs';

const help = `Usage: npm test [-- <arguments of jest>]

  npm test                                    everything
  npm test -- __tests__/exposition            one folder
  npm test -- -t "leaves the total unchanged" tests by name
  npm test -- --json --outputFile=FILE        the result as JSON, too

Steps: build the package (when it changed), fetch the real servers (once, into .cache), run jest.
Lint, format and types are tests like the others: __tests__/package/source.test.ts.`;

const jestArguments = process.argv.slice(2);
if (jestArguments.includes('--help')) {
  console.log(help);
  process.exit(0);
}

console.log('▸ Building the package …');
if (!(await compilePackage())) {
  console.error('✗ The package does not build: see the errors above. No test was run.');
  process.exit(1);
}
console.log('▸ Running the tests …');
const jest = spawnSync(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...jestArguments], {
  cwd: root,
  stdio: 'inherit',
});
if (jest.error) console.error(`✗ jest could not be started: ${jest.error.message}`);
process.exitCode = jest.status ?? 1;
