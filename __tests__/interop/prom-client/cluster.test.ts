// AggregatorRegistry in real processes: a primary and two workers, of one library each or of both, which speak the same messages.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../setup/run-command.js';
import { buildPackage, startNode } from '../../support/program.js';

jest.setTimeout(60_000);

const folder = join(root, '.cache/prom-client-cluster');
const file = join(folder, 'program.cjs');
const libraries = {
  'prom-client': join(root, 'node_modules/prom-client/index.js'),
  telltale: join(root, 'dist/cjs/lib/interop/prom-client/index.js'),
};

const program = `
const cluster = require('node:cluster');
const [primary, worker] = process.argv.slice(2);
const { AggregatorRegistry, Counter, Gauge, Histogram } = require(cluster.isPrimary ? primary : worker);
const registry = new AggregatorRegistry();
if (cluster.isWorker) {
  const n = Number(process.env.N);
  new Counter({ name: 'c_total', help: 'help', labelNames: ['a'] }).inc({ a: 'x' }, n);
  new Gauge({ name: 'g', help: 'help', aggregator: process.env.AGGREGATOR }).set(n);
  new Histogram({ name: 'h', help: 'help', buckets: [2] }).observe(n);
  process.send('ready');
} else {
  let ready = 0;
  for (const N of [1, 3]) cluster.fork({ N, AGGREGATOR: process.env.AGGREGATOR });
  cluster.on('message', async (_, message) => {
    if (message !== 'ready' || ++ready < 2) return;
    console.log(JSON.stringify(await registry.clusterMetrics().catch((error) => error.message)));
    for (const id in cluster.workers) cluster.workers[id].kill();
  });
}
`;

beforeAll(async () => {
  await buildPackage();
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, program);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function answerOf(primary: string, worker: string, aggregator: string): Promise<unknown> {
  const started = startNode([file, primary, worker], { AGGREGATOR: aggregator });
  const line = await started.line();
  expect(await started.exit).toBe(0);
  return JSON.parse(line ?? '');
}

it.each([
  ['telltale', 'telltale'],
  ['telltale', 'prom-client'],
  ['prom-client', 'telltale'],
] as const)('puts workers together: primary %s, workers %s', async (primary, worker) => {
  const text = String(await answerOf(libraries[primary], libraries[worker], 'max'));
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(samples).toEqual([
    'c_total{a="x"} 4',
    'g 3',
    'h_bucket{le="2"} 1',
    'h_bucket{le="+Inf"} 2',
    'h_sum 4',
    'h_count 2',
  ]);
});

it('rejects what it cannot put together', async () => {
  const answer = await answerOf(libraries.telltale, libraries.telltale, 'median');
  expect(answer).toBe("'median' is not a defined aggregator.");
});
