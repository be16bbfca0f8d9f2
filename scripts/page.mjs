// Bundles the page of the dashboard into texts that the library carries. Apart from the compiling because it is another kind of
// program: browser code with its library and style sheet inside, made by esbuild in a tenth of a second.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const licence = fileURLToPath(new URL('../node_modules/uplot/LICENSE', import.meta.url));
const pageFolder = fileURLToPath(new URL('../lib/dashboard/page/', import.meta.url));

/** The page as the source text of the module that stands in for `lib/dashboard/page-bundle.ts`. */
export function pageModule(format) {
  const text = JSON.stringify(bundlePage());
  return format === 'esm' ? `export const pageBundle = ${text};\n` : `exports.pageBundle = ${text};\n`;
}

/** Html, script and style, each complete in itself: nothing else is loaded, so the page works offline. */
export function bundlePage() {
  const { outputFiles } = buildSync({
    entryPoints: { page: join(pageFolder, 'main.ts'), style: join(pageFolder, 'page.css') },
    outdir: '/page',
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'error',
    tsconfigRaw: '{"compilerOptions":{"target":"ES2022"}}',
    // Whoever hands on uPlot hands on its licence.
    banner: { js: `/*! telltale, with uPlot:\n${readFileSync(licence, 'utf8').trim()}\n*/` },
  });
  const textOf = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text;
  const html = readFileSync(join(pageFolder, 'page.html'), 'utf8')
    .replace(/<!--[\s\S]*?-->\s*/g, '')
    .replace(/\n\s*/g, '\n');
  return { html, script: textOf('page.js'), style: textOf('style.css') };
}
