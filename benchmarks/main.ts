// `npm run bench`: measures the rows one after the other, prints each as it is ready, and writes docs/benchmarks.md.

import { type Options, readOptions, usage } from './harness/options.js';
import { describeLoad, describeMachine, writeReport } from './harness/report.js';
import { fullEffort, quickEffort, type Result, type Row, rehearsalEffort } from './harness/row.js';
import { cellsOf, columns, lineOf } from './harness/table.js';
import { rows } from './rows/index.js';

function chosenRows({ only }: Options): readonly Row[] {
  const wanted = only.map((filter) => filter.toLowerCase());
  const isWanted = (text: string) => wanted.length === 0 || wanted.some((filter) => text.includes(filter));
  return rows.filter(({ id, title }) => isWanted(`${id} ${title}`.toLowerCase()));
}

/**
 * Runs every row about recording for a moment. From then on each of them meets libraries that have been compiled for all
 * uses of them, as in a program that has many metrics, and the order of the rows matters less.
 */
async function rehearse(chosen: readonly Row[]): Promise<void> {
  if (!chosen.some((row) => row.rehearsed)) return;
  for (const row of rows.filter(({ rehearsed }) => rehearsed)) await row.measure(rehearsalEffort);
}

async function measure(chosen: readonly Row[], { quick }: Options): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const row of chosen) {
    if (process.stdout.isTTY) process.stdout.write(`${results.length + 1}/${chosen.length} ${row.title} …\r`);
    const figures = await row.measure(quick ? quickEffort : fullEffort);
    const result = { row, figures };
    results.push(result);
    console.log(lineOf(row.title, cellsOf(result)));
  }
  return results;
}

async function run(options: Options): Promise<void> {
  const chosen = chosenRows(options);
  if (chosen.length === 0) {
    console.error(`No row contains ${options.only.join(' or ')}. The rows are ${rows.map(({ id }) => id).join(', ')}.`);
    process.exitCode = 1;
    return;
  }
  const startedAt = performance.now();
  const load = describeLoad();
  console.log(`${[describeMachine(), ...(load === undefined ? [] : [load])].join('\n')}\n`);
  await rehearse(chosen);
  console.log(lineOf('operation', columns));
  const results = await measure(chosen, options);
  console.log(`\n${results.length} rows in ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`);
  if (options.quick || options.only.length > 0) return;
  console.log(`Written to ${writeReport(results, load)}.`);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(usage);
  else await run(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
