// What it costs to make one of several workers: reading four threads as one, and recording in a worker that is read.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AggregatorRegistry } from 'prom-client';
import { gatherWorkers, joinCluster } from 'telltale/cluster';
import { SERIES_PER_WORKER, type Task } from '../children/counting-worker.js';
import { expectTotal } from '../harness/expect.js';
import { median } from '../harness/median.js';
import { type Effort, type Figures, faster, type Row, share } from '../harness/row.js';
import { type Contender, recorder, recording } from '../harness/timing.js';
import { newCollector } from '../libraries.js';
import { LABEL_NAMES, requestsOf } from '../workload.js';

const WORKERS = 4;
const NAME = 'requests_total';

async function told(workers: readonly Worker[], task: Task): Promise<unknown[]> {
  const answers = workers.map(async (worker) => (await once(worker, 'message'))[0] as unknown);
  for (const worker of workers) worker.postMessage(task);
  return Promise.all(answers);
}

/** From asking for the metrics to having those of all workers, not yet as text. */
async function measureGathering({ rounds }: Effort): Promise<Figures> {
  const metrics = newCollector();
  const gathering = gatherWorkers(metrics);
  const workers = Array.from(
    { length: WORKERS },
    () => new Worker(new URL('../children/counting-worker.js', import.meta.url)),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = -2; round < rounds; round++) {
    await told(workers, 'record');
    let startedAt = performance.now();
    const families = await metrics.collect();
    const ourTime = performance.now() - startedAt;
    startedAt = performance.now();
    const merged = AggregatorRegistry.aggregate((await told(workers, 'answer')) as object[][]);
    const theirTime = performance.now() - startedAt;
    const theirTotal = await totalOf(merged);
    let ourTotal = 0;
    let series = 0;
    for (const block of families.find(({ descriptor }) => descriptor.name === NAME)?.blocks() ?? []) {
      series += block.size;
      for (let row = 0; row < block.size; row++) ourTotal += block.values[row] as number;
    }
    expectTotal('The number of series', series, SERIES_PER_WORKER);
    expectTotal('The total of four workers', ourTotal, theirTotal);
    if (round < 0) continue;
    ours.push(ourTime * 1e6);
    theirs.push(theirTime * 1e6);
  }
  gathering.close();
  await Promise.all(workers.map((worker) => worker.terminate()));
  return { telltale: median(ours), 'prom-client': median(theirs) };
}

async function totalOf(registry: ReturnType<typeof AggregatorRegistry.aggregate>): Promise<number> {
  const [metric] = (await registry.getMetricsAsJSON()) as unknown as {
    readonly values: readonly { readonly value: number }[];
  }[];
  return metric?.values.reduce((total, { value }) => total + value, 0) ?? 0;
}

const requests = requestsOf(SERIES_PER_WORKER);

function incrementing(library: Contender['library'], joins: boolean): Contender {
  const metrics = newCollector();
  const counter = metrics.counter(NAME, { labelNames: LABEL_NAMES });
  if (joins) joinCluster(metrics);
  const { length, methods, routes, statuses } = requests;
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < length; i++)
        counter.increment(1, { method: methods[i]!, route: routes[i]!, status: statuses[i]! });
    }
  };
  return recorder(library, loop, (passes) => {
    const labels = { method: methods[0]!, route: routes[0]!, status: statuses[0]! };
    expectTotal(`The first series of ${library}`, counter.getValue(labels), passes * (length / requests.series));
  });
}

export const clusterRows: readonly Row[] = [
  {
    id: 'cluster-gather',
    title: `metrics of ${WORKERS} worker threads × 10k series put together`,
    unit: 'ns',
    rehearsed: false,
    targets: [faster('prom-client', 100)],
    measure: measureGathering,
  },
  recording({
    id: 'cluster-increment',
    title: 'increment(1, {3 labels}) in shared memory (by hand: its own)',
    operations: requests.length,
    targets: [share('by hand', 1.1)],
    contenders: () => [incrementing('telltale', true), incrementing('by hand', false)],
  }),
];
