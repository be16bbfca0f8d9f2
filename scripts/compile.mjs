// Compiles the sources with plain tsc, and only when they changed since the last time. Apart from the commands that use
// it, because the build, `npm start`, the benchmarks and the tests of the package must agree on what "up to date" means.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pageModule } from './page.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const packageSources = ['lib', 'storage', 'decorators'];
const settings = ['package.json', 'package-lock.json', 'tsconfig.base.json'];

/** Builds `dist/esm` and `dist/cjs` side by side; unless `force`, only when something changed. Answers whether it worked. */
export async function compilePackage({ force = false } = {}) {
  const inputs = [...packageSources, ...settings, 'tsconfig.esm.json', 'tsconfig.cjs.json', 'scripts'];
  return compile({ outputs: ['esm', 'cjs'], inputs, force, stamp: 'package' });
}

/** Compiles `examples` or `benchmarks` against the built package, building that first where needed. */
export async function compileFolder(folder) {
  if (!(await compilePackage())) return false;
  const inputs = [folder, ...packageSources, ...settings, `tsconfig.${folder}.json`];
  return compile({ outputs: [folder], inputs, force: false, stamp: folder });
}

async function compile({ outputs, inputs, force, stamp }) {
  const stampFile = join(root, 'dist', `.${stamp}.stamp`);
  const fingerprint = fingerprintOf(inputs);
  const isComplete = outputs.every((output) => existsSync(join(root, 'dist', output)));
  if (!force && isComplete && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint) return true;
  const runs = await Promise.all(outputs.map(runCompiler));
  const succeeded = runs.every((run) => run.succeeded);
  if (succeeded) {
    if (stamp === 'package') runs.forEach(addPage);
    for (const run of runs) replace(run);
    writeFileSync(stampFile, fingerprint);
  }
  for (const { temporary } of runs) rmSync(temporary, { recursive: true, force: true });
  return succeeded;
}

function runCompiler(output) {
  const temporary = join(root, 'dist', `.${output}-${process.pid}`);
  const tsc = join(root, 'node_modules/typescript-7.0/bin/tsc');
  const args = [tsc, '-p', `tsconfig.${output}.json`, '--outDir', temporary];
  return new Promise((resolve) => {
    spawn(process.execPath, args, { cwd: root, stdio: 'inherit' }).on('close', (code) =>
      resolve({ output, temporary, succeeded: code === 0 }),
    );
  });
}

// The compiler makes a module without a page; the bundled one takes its place.
function addPage({ output, temporary }) {
  writeFileSync(join(temporary, 'lib/dashboard/page-bundle.js'), pageModule(output));
}

// The swap is two renames, so that whoever reads `dist` meanwhile finds either the old output or the new one.
function replace({ output, temporary }) {
  const target = join(root, 'dist', output);
  const old = `${temporary}-old`;
  mkdirSync(temporary, { recursive: true });
  if (output === 'cjs') writeFileSync(join(temporary, 'package.json'), '{"type":"commonjs"}\n');
  if (existsSync(target)) renameSync(target, old);
  renameSync(temporary, target);
  rmSync(old, { recursive: true, force: true });
}

function fingerprintOf(inputs) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesIn)) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesIn(path) {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [path];
  return readdirSync(absolute, { recursive: true })
    .map((name) => join(path, name))
    .filter((name) => statSync(join(root, name)).isFile())
    .sort();
}
