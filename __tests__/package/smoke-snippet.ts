// What the installed package is asked to do, once for every kind of file that a user may write. To try more of the API,
// extend `body` and the expected output: the files are made from them.

/** The names that `body` uses, from the main entry point. */
const names = 'MetricsCollector';

/** Entry points beside the main one: each must at least load. */
const otherEntryPoints = ['storage', 'http', 'exposition', 'query', 'cluster', 'testing', 'prom-client'];

/** Runs inside an async function; `print` writes a line. */
const body = `
  const metrics = new MetricsCollector();
  metrics.counter('smoke_total', { description: 'Smoke seen', labelNames: ['colour'] }).increment(2, { colour: 'grey' });
  print(await metrics.expose());
`;

/** What the printed lines must contain. */
export const expectedOutput = /^smoke_total\{colour="grey"\} 2$/m;

const run = `async function run(print) {${body}}\nrun(console.log);\n`;
const typedRun = `async function run(print: (text: string) => void): Promise<void> {${body}}
void run(console.log);
`;

const identifierOf = (name: string) => name.replaceAll('-', '_');

const esmImports = [
  `import { ${names} } from 'telltale';`,
  ...otherEntryPoints.map((name) => `import * as ${identifierOf(name)} from 'telltale/${name}';`),
  `export const loaded = [${otherEntryPoints.map(identifierOf).join(', ')}];\n`,
].join('\n');

const cjsImports = [
  `const { ${names} } = require('telltale');`,
  ...otherEntryPoints.map((name) => `require('telltale/${name}');`),
].join('\n');

/** File names in the consumer's folder to their texts. */
export const smokeModules: Readonly<Record<string, string>> = {
  'esm.mjs': `${esmImports}\n${run}`,
  'cjs.cjs': `${cjsImports}\n${run}`,
  'typed-esm.mts': `${esmImports}\n${typedRun}`,
  'typed-cjs.cts': `${esmImports}\n${typedRun}`,
};
