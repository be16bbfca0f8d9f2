// For how long a scrape that reads four worker threads as one keeps everything else in the main thread waiting. As of the
// scrapes of one process, the longest time between two turns of the event loop is the figure of a scrape.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { gatherWorkers } from 'telltale/cluster';
import { type GatheredKind, SERIES_PER_WORKER } from '../children/gathered-worker.js';
import { expectTotal } from '../harness/expect.js';
import { longestGap } from '../harness/longest-gap.js';
import { median } from '../harness/median.js';
import { type Effort, type Figures, limit, type Row } from '../harness/row.js';
import { ScrapeClient } from '../harness/scrape-client.js';
import { newCollector } from '../libraries.js';
import { serveCollector } from '../metrics-endpoints.js';

const WORKERS = 4;
const WARM_UP_SCRAPES = 5;

const gapOf =
  (workerData: GatheredKind) =>
  async ({ rounds }: Effort): Promise<Figures> => {
    const metrics = newCollector();
    const gathering = gatherWorkers(metrics);
    const file = new URL('../children/gathered-worker.js', import.meta.url);
    const workers = Array.from({ length: WORKERS }, () => new Worker(file, { workerData }));
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    const endpoint = await serveCollector(metrics);
    const client = new ScrapeClient();
    const gaps: number[] = [];
    for (let round = -WARM_UP_SCRAPES; round < rounds; round++) {
      const recorded = workers.map((worker) => once(worker, 'message'));
      for (const worker of workers) worker.postMessage('record');
      await Promise.all(recorded);
      const gap = await longestGap(() => client.scrape({ port: endpoint.port, wantsText: false }));
      if (round >= 0) gaps.push(gap);
    }
    const { text = '' } = await client.scrape({ port: endpoint.port, wantsText: true });
    const counts = text.split('\n').filter((line) => line.startsWith('duration_seconds_count{'));
    expectTotal('The number of series', counts.length, SERIES_PER_WORKER);
    const observed = counts.reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
    const perRecording = SERIES_PER_WORKER / 10;
    const recordings = WARM_UP_SCRAPES + rounds;
    expectTotal('The observations', observed, WORKERS * (SERIES_PER_WORKER * 10 + recordings * perRecording));
    gathering.close();
    await Promise.all([client.close(), endpoint.close(), ...workers.map((worker) => worker.terminate())]);
    return { telltale: median(gaps) };
  };

const gapRow = (id: string, kind: GatheredKind): Row => ({
  id,
  title: `longest event-loop gap in a scrape of ${WORKERS} threads × 10k ${kind}`,
  unit: 'ns',
  rehearsed: false,
  targets: [limit(3e6)],
  measure: gapOf(kind),
});

export const gatheredGapRows: readonly Row[] = [
  gapRow('gap-gathered', 'counters and histograms'),
  gapRow('gap-gathered-native', 'native histograms'),
  gapRow('gap-gathered-summary', 'summaries'),
];
