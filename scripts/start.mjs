// Runs an example or a benchmark from its TypeScript source: `node scripts/start.mjs examples/shop/main.ts [arguments]`.
// It compiles what changed and then imports the result into this same process, with no shell or child in between, so that
// Ctrl-C reaches the program itself and its exit code is the one that npm sees. (For the same reason package.json says
// `exec node`: a shell that waits beside the program would die of the same Ctrl-C, and npm would report that.)
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFolder, root } from './compile.mjs';

const [entry = '', ...rest] = process.argv.slice(2);
const [folder = ''] = entry.split('/');

if (!['examples', 'benchmarks'].includes(folder) || !existsSync(join(root, entry))) {
  console.error(`There is no program ${entry || 'given'}: name a TypeScript file in examples/ or benchmarks/.`);
  process.exit(1);
}
if (!(await compileFolder(folder))) {
  console.error(`${entry} does not compile: see the errors above.`);
  process.exit(1);
}

const compiled = join(root, 'dist', entry.replace(/\.ts$/, '.js'));
process.argv = [process.execPath, compiled, ...rest];
await import(pathToFileURL(compiled).href);
