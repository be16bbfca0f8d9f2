// What the installed package is asked to do, once for every kind of file that a user may write. To try more of the API,
// extend `body` and the expected output: the files are made from them.

/** Entry points beside the main one: each must at least load. */
const otherEntryPoints = ['storage', 'http', 'exposition', 'testing'];

/** Runs inside an async function; `print` writes a line. */
const body = `
  print(typeof telltale);
`;

/** What the printed lines must contain. */
export const expectedOutput = /^object$/m;

const run = `async function run(print) {${body}}\nrun(console.log);\n`;
const typedRun = `declare const console: { log(text: string): void };
async function run(print: (text: string) => void): Promise<void> {${body}}
void run(console.log);
`;

const esmImports = [
  `import * as telltale from 'telltale';`,
  ...otherEntryPoints.map((name) => `import * as ${name} from 'telltale/${name}';`),
  `export const loaded = [${otherEntryPoints.join(', ')}];\n`,
].join('\n');

const cjsImports = [
  `const telltale = require('telltale');`,
  ...otherEntryPoints.map((name) => `require('telltale/${name}');`),
].join('\n');

/** File names in the consumer's folder to their texts. */
export const smokeModules: Readonly<Record<string, string>> = {
  'esm.mjs': `${esmImports}\n${run}`,
  'cjs.cjs': `${cjsImports}\n${run}`,
  'typed-esm.mts': `${esmImports}\n${typedRun}`,
  'typed-cjs.cts': `${esmImports}\n${typedRun}`,
};
