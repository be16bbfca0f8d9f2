// `npm run start:cluster`: a service of several processes under load, whose workers are killed at random; one scrape shows them
// all, and in the end its totals are held against what the clients counted. Exit codes: 0 the books agree, 1 they do not
// or it could not start, 2 wrong use.
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, getMetricsCollector, startMetricsServer } from 'telltale';
import { gatherWorkers } from 'telltale/cluster';
import { Clients } from './clients.js';
import { endings, inFlight, requests } from './metrics.js';
import { type ClusterOptions, HELP, readOptions } from './options.js';
import { serve } from './service.js';
import { Workers } from './workers.js';

const CLIENTS = 16;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.isErr()) {
    console.error(options.error);
    return 2;
  }
  if (options.value === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  return run(options.value);
}

async function run(options: ClusterOptions): Promise<number> {
  const metrics = getMetricsCollector();
  const gathering = gatherWorkers(metrics, { timeoutSeconds: 2 });
  const server = await startMetricsServer(metrics, { port: options.metricsPort });
  if (server.isErr()) {
    console.error(describe(server.error));
    return 1;
  }
  console.log(`metrics ${server.value.url}/metrics`);
  const port = await freePort();
  process.env.SERVICE_PORT = String(port);
  const workers = new Workers(options.signals);
  await workers.start(options.workers);
  const clients = new Clients(port, CLIENTS);
  for (let second = 1; second <= options.seconds; second++) {
    await delay(1000);
    console.log(
      `${second} s: ${await counted('service_requests_total')} requests counted, ${await counted('service_worker_endings_total')} workers ended`,
    );
  }
  workers.calm();
  const { answered, interrupted } = await clients.stop();
  const total = await counted('service_requests_total');
  await workers.stop();
  await server.value.close();
  // A request that was cut off may have been counted and may not: nobody told.
  const agrees = total >= answered && total <= answered + interrupted;
  // A killed worker's last values are gone a moment after it.
  while (gathering.workers().live + gathering.workers().stale > 0) await delay(10);
  console.log(`clients: ${answered} answered, ${interrupted} cut off`);
  console.log(`metrics: ${total} counted, ${await counted('service_requests_in_flight')} in flight`);
  console.log(agrees ? 'every answer is counted, and nothing that was not asked for' : 'the books do not agree');
  return agrees ? 0 : 1;
}

/** The sum of a metric over all workers, those that are gone included. */
async function counted(name: string): Promise<number> {
  const samples = await getMetricsCollector().getAllMetrics();
  return samples.filter((sample) => sample.name === name).reduce((sum, { value }) => sum + value, 0);
}

/** For all workers to share, so that it has to be known before the first of them. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// Shown at zero from the start, whoever is the first to count.
requests.labels({ route: '/' });
inFlight.set(0);

if (cluster.isPrimary) {
  for (const signal of ['SIGTERM', 'SIGKILL']) endings.labels({ signal });
  process.exitCode = await main();
} else serve(Number(process.env.SERVICE_PORT));
