// Builds the package with plain tsc, once as ES modules and once as CommonJS, both at the same time. The result only
// replaces `dist/esm` and `dist/cjs` when both compilers are content, so that a failed build never leaves half a package.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const formats = ['esm', 'cjs'];

const compile = (format) =>
  new Promise((resolve) => {
    const outDir = join(root, 'dist', `.${format}-${process.pid}`);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const child = spawn(process.execPath, [tsc, '-p', `tsconfig.${format}.json`, '--outDir', outDir], {
      cwd: root,
      stdio: 'inherit',
    });
    child.on('close', (code) => resolve({ format, outDir, code }));
  });

const results = await Promise.all(formats.map(compile));
const failed = results.filter((result) => result.code !== 0);
for (const { format, outDir } of results) {
  if (failed.length === 0) {
    const target = join(root, 'dist', format);
    mkdirSync(outDir, { recursive: true });
    if (format === 'cjs') writeFileSync(join(outDir, 'package.json'), '{"type":"commonjs"}\n');
    rmSync(target, { recursive: true, force: true });
    cpSync(outDir, target, { recursive: true });
  }
  rmSync(outDir, { recursive: true, force: true });
}
if (failed.length > 0) {
  console.error(`build: ${failed.map((result) => result.format).join(' and ')} failed; nothing in dist was changed.`);
  process.exitCode = 1;
}
