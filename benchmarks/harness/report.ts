// Writes docs/benchmarks.md from the results of a run. Nothing in that file is typed by hand but the notes on missed
// targets, which are files of their own in benchmarks/notes.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fullEffort, type Result, verdictOf } from './row.js';
import { cellsOf, columns } from './table.js';

// This file runs as dist/benchmarks/harness/report.js.
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const REPORT = 'docs/benchmarks.md';

export function describeMachine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpu?.model.trim()}, ${cpus().length} cores, ${memory} GB, ${type()} · Node ${process.version}, V8 ${process.versions.v8}`;
}

/** Undefined on a machine that has nothing else to do; a ratio of two figures moves less than each of them, but moves. */
export function describeLoad(): string | undefined {
  const [load = 0] = loadavg();
  if (load < cpus().length / 4) return undefined;
  return `The machine is busy with other work: its load was ${load.toFixed(1)} before the first row. Expect figures that are too high.`;
}

/** Answers the path of the file, relative to the project. */
export function writeReport(results: readonly Result[], load: string | undefined): string {
  const missed = results.filter((result) => verdictOf(result) === false);
  const sections = [
    introduction(results, missed),
    ...(load === undefined ? [] : [load]),
    tableOf(results),
    ...missed.map(noteOf),
    METHOD,
  ];
  mkdirSync(join(root, 'docs'), { recursive: true });
  writeFileSync(join(root, REPORT), `${sections.join('\n\n')}\n`);
  return REPORT;
}

function introduction(results: readonly Result[], missed: readonly Result[]): string {
  const judged = results.filter((result) => verdictOf(result) !== undefined).length;
  return [
    '# Benchmarks',
    'Written by `npm run bench`; do not edit. To change what it says about a missed target, edit `benchmarks/notes`.',
    `${new Date().toISOString().slice(0, 10)} · ${describeMachine()}`,
    `${judged - missed.length} of ${judged} rows meet their targets. Figures are medians of ${fullEffort.rounds} rounds; a ratio is theirs over ours, so more is better, except for memory, where it is ours over theirs.`,
  ].join('\n\n');
}

function tableOf(results: readonly Result[]): string {
  const head = ['operation', ...columns];
  const lines = results.map((result) => [result.row.title, ...cellsOf(result)]);
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function noteOf({ row }: Result): string {
  const file = join(root, 'benchmarks/notes', `${row.id}.md`);
  const note = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'Nothing is written about this row yet.';
  return `## Missed: ${row.title}\n\n${note}`;
}

const METHOD = `## How it is measured

- \`npm run bench\` measures all libraries in one process, with the versions of the lock file. In every round each library takes
  its turn, and after each turn its values are read back and compared with what it was given.
- 10k series are 4 methods × 500 routes × 5 statuses, shuffled with a fixed seed. Label values lie in arrays that are made
  beforehand; the label literal is new in every call. The time of a row includes the loop over those arrays, about 1 ns.
- Every library has a loop of its own in every row, except that the rows over 1, 100 and 10k counter series share one. What the
  libraries do inside is shared by all rows, and every row that records is rehearsed before the first one is measured, so that
  it is compiled for all of them, as in a program with many metrics.
- OpenTelemetry's limit on series is raised, its reader reads only when it is asked to, and its text is that of its Prometheus
  exporter. sketches-js has no sliding window, so it does less than the others.
- Queries are asked over HTTP, of telltale and of a real Prometheus, each in a process of its own with the same series, and
  each answer is read to its end. Before they are timed both answers are compared, sample by sample. The Prometheus is the one
  that the tests use.
- Memory and allocations are measured in processes of their own. Memory is that of a process which recorded all series, was
  scraped, and recorded them again; allocations include the literal itself.
- The longest gap of the event loop is the longest time between two turns of it while a scrape over HTTP is answered.`;
