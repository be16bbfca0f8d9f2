// For how long a scrape over HTTP keeps everything else in the process waiting: the longest time between two turns of the event
// loop is the figure of a scrape, and the median of the scrapes counts.
import { type FilledFamily, filledCollector, filledRegistry } from '../filled-family.js';
import { longestGap } from '../harness/longest-gap.js';
import { median } from '../harness/median.js';
import { type Effort, type Figures, limit, type Row } from '../harness/row.js';
import { ScrapeClient } from '../harness/scrape-client.js';
import { type Endpoint, serveCollector, serveRegistry } from '../metrics-endpoints.js';
import { requestsOf } from '../workload.js';

const WARM_UP_SCRAPES = 3;
const TEXT = 'text/plain';
const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

async function gapsOf<L>(
  family: FilledFamily<L>,
  serve: (library: L) => Promise<Endpoint>,
  { rounds, accept = TEXT }: { readonly rounds: number; readonly accept?: string },
): Promise<number> {
  const client = new ScrapeClient();
  const endpoint = await serve(family.recordAll().library);
  const gaps: number[] = [];
  for (let round = -WARM_UP_SCRAPES; round < rounds; round++) {
    family.recordSome();
    const gap = await longestGap(() => client.scrape({ port: endpoint.port, accept, wantsText: false }));
    if (round >= 0) gaps.push(gap);
  }
  await client.close();
  await endpoint.close();
  return median(gaps);
}

async function withPeer({ rounds }: Effort): Promise<Figures> {
  const requests = requestsOf(100_000);
  return {
    telltale: await gapsOf(filledCollector('counter', requests), serveCollector, { rounds }),
    'prom-client': await gapsOf(filledRegistry('counter', requests), serveRegistry, { rounds: Math.min(3, rounds) }),
  };
}

const alone =
  (series: number, accept: string) =>
  async ({ rounds }: Effort): Promise<Figures> => {
    const family = filledCollector('counter', requestsOf(series));
    return { telltale: await gapsOf(family, serveCollector, { rounds, accept }) };
  };

export const eventLoopRows: readonly Row[] = [
  {
    id: 'gap-100k',
    title: 'longest event-loop gap in a scrape of 100k series',
    unit: 'ns',
    rehearsed: false,
    targets: [limit(3e6)],
    measure: withPeer,
  },
  {
    id: 'gap-1m',
    title: 'longest event-loop gap in a scrape of 1M series',
    unit: 'ns',
    rehearsed: false,
    targets: [limit(5e6)],
    measure: alone(1_000_000, TEXT),
  },
  {
    id: 'gap-100k-protobuf',
    title: 'longest event-loop gap in a scrape of 100k series, protobuf',
    unit: 'ns',
    rehearsed: false,
    targets: [limit(3e6)],
    measure: alone(100_000, PROTOBUF),
  },
  {
    id: 'gap-1m-protobuf',
    title: 'longest event-loop gap in a scrape of 1M series, protobuf',
    unit: 'ns',
    rehearsed: false,
    targets: [limit(5e6)],
    measure: alone(1_000_000, PROTOBUF),
  },
];
