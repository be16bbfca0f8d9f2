// A scrape over HTTP, from the request to the last byte of the answer. The reader runs in a thread of its own; the
// endpoints and the bench share the main one, as an endpoint shares it with its program.
import { type FilledFamily, filledCollector, filledRegistry } from '../filled-family.js';
import { faster, type Library, type Row } from '../harness/row.js';
import { ScrapeClient } from '../harness/scrape-client.js';
import { type Contender, timed } from '../harness/timing.js';
import { type Endpoint, serveCollector, serveRegistry } from '../metrics-endpoints.js';
import { requestsOf } from '../workload.js';

async function scraped<L>(
  library: Library,
  family: FilledFamily<L>,
  serve: (library: L) => Promise<Endpoint>,
): Promise<Contender> {
  const client = new ScrapeClient();
  const endpoint = await serve(family.recordAll().library);
  return {
    library,
    prepare: () => family.recordSome(),
    run: async (passes) => {
      for (let pass = 0; pass < passes; pass++) await client.scrape({ port: endpoint.port, wantsText: false });
    },
    check: async () => {
      family.checkText((await client.scrape({ port: endpoint.port, wantsText: true })).text);
    },
    close: async () => {
      await client.close();
      await endpoint.close();
    },
  };
}

export const httpRows: readonly Row[] = [
  timed({
    id: 'http-scrape',
    title: 'HTTP scrape of 100k series, last byte',
    targets: [faster('prom-client', 10)],
    operations: 1,
    contenders: () => {
      const requests = requestsOf(100_000);
      return Promise.all([
        scraped('telltale', filledCollector('counter', requests), serveCollector),
        scraped('prom-client', filledRegistry('counter', requests), serveRegistry),
      ]);
    },
  }),
];
