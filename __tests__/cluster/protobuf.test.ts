// Scrapes in protobuf while workers are killed and others start in their place: read by a decoder that is not ours, whole at
// every moment, with totals that never fall, and nothing of them lost in the end.
import { decodeFamilies } from '../exposition/protobuf/client-model.js';
import { buildPackage } from '../support/program.js';
import { common, linesOf } from './program.js';

jest.setTimeout(120_000);
beforeAll(buildPackage);

const DEATHS = 5;

/** Prints every scrape as base64, and at last how often the workers said that they had counted. */
const program = `${common}
import cluster from 'node:cluster';
import { startMetricsServer } from 'telltale';

const jobs = metrics.counter('jobs_total', { labelNames: ['kind'] });
const classic = metrics.histogram('classic_seconds', { buckets: [1, 4] });
const native = metrics.histogram('native_seconds', { native: { maxBuckets: 12 } });
const summary = metrics.summary('size_bytes', { quantiles: [0.5] });
metrics.gauge('up', { aggregation: 'liveAll' }).set(1);

if (cluster.isPrimary) {
  gatherWorkers(metrics);
  const server = await startMetricsServer(metrics, { port: 0 });
  const accept = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
  const scrape = async () => {
    const response = await fetch(server.value.url + '/metrics', { headers: { accept } });
    console.log(Buffer.from(await response.arrayBuffer()).toString('base64'));
  };
  let counted = 0;
  const busy = new Set();
  const start = () => {
    const worker = cluster.fork();
    worker.on('message', (message) => {
      if (message !== 'counted') return;
      counted++;
      busy.add(worker);
    });
    return worker;
  };
  const workers = [start(), start()];
  let isOver = false;
  const scraping = (async () => { while (!isOver) await scrape(); })();
  for (let death = 0; death < ${DEATHS}; death++) {
    const before = counted;
    await settled(() => counted >= before + 10);
    const [worker] = workers.splice(0, 1, workers[1]);
    workers[1] = start();
    worker.process.kill('SIGKILL');
  }
  await settled(() => workers.every((worker) => busy.has(worker)));
  for (const worker of workers) worker.send('stop');
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  await settled(async () => (await shown(/state="live"/)).endsWith(' 0'));
  isOver = true;
  await scraping;
  await scrape();
  console.log(counted);
  await server.value.close();
} else {
  const joined = joinCluster(metrics);
  process.on('message', (message) => { if (message === 'stop') process.exit(); });
  await joined.ready;
  for (let i = 0; ; i++) {
    const value = 2 ** ((i % 40) / 4 - 5);
    jobs.increment(1, { kind: 'k' + (i % 3) });
    classic.observe(value);
    native.observe(value);
    summary.observe(value);
    joined.report();
    // What was reported is counted, whatever becomes of the worker.
    process.send('counted');
    await new Promise((done) => setImmediate(done));
  }
}`;

interface Counts {
  readonly jobs: number;
  readonly classic: number;
  readonly native: number;
  readonly nativeBuckets: number;
  readonly summary: number;
}

function countsIn(body: Uint8Array): Counts {
  const families = new Map(decodeFamilies(body).map((family) => [family.name, family.metric ?? []]));
  const jobs = families.get('jobs_total') ?? families.get('jobs') ?? [];
  const [classic] = families.get('classic_seconds') ?? [];
  const [native] = families.get('native_seconds') ?? [];
  const [summary] = families.get('size_bytes') ?? [];
  return {
    jobs: jobs.reduce((total, { counter }) => total + (counter?.value ?? 0), 0),
    classic: classic?.histogram?.sampleCount ?? 0,
    native: native?.histogram?.sampleCount ?? 0,
    nativeBuckets: bucketTotal(native?.histogram?.positiveDelta ?? []),
    summary: summary?.summary?.sampleCount ?? 0,
  };
}

/** Each bucket is told by its difference to the one before. */
function bucketTotal(deltas: readonly number[]): number {
  let [count, total] = [0, 0];
  for (const delta of deltas) {
    count += delta;
    total += count;
  }
  return total;
}

describe('scrapes in protobuf while workers die and restart', () => {
  let scrapes: Counts[] = [];
  let counted = 0;

  beforeAll(async () => {
    const lines = await linesOf(program);
    counted = Number(lines.pop());
    scrapes = lines.map((line) => countsIn(Buffer.from(line, 'base64')));
  });

  it('never show a total that is lower than before', () => {
    expect(scrapes.length).toBeGreaterThan(DEATHS);
    for (const kind of ['jobs', 'classic', 'native', 'summary'] as const) {
      const totals = scrapes.map((scrape) => scrape[kind]);
      expect(totals).toEqual(totals.toSorted((a, b) => a - b));
    }
  });

  it('have all observations of a native histogram in its buckets, in every one of them', () => {
    for (const { native, nativeBuckets } of scrapes) expect(nativeBuckets).toBe(native);
  });

  it('have everything that was reported in the end', () => {
    const { jobs, classic, native, summary } = scrapes.at(-1) as Counts;
    expect(counted).toBeGreaterThanOrEqual(DEATHS * 10);
    // A report may have come through whose worker was killed before it could say so.
    for (const total of [jobs, classic, native, summary]) {
      expect(total).toBeGreaterThanOrEqual(counted);
      expect(total).toBeLessThanOrEqual(counted + DEATHS + 2);
    }
  });
});
