// A worker thread with the same family in telltale, which has joined the main thread, and in prom-client, which answers as it
// does in a cluster: with its metrics as JSON.
import { parentPort } from 'node:worker_threads';
import { joinCluster } from 'telltale/cluster';
import { filledCollector, filledRegistry } from '../filled-family.js';
import { requestsOf } from '../workload.js';

export const SERIES_PER_WORKER = 10_000;

/** What the worker is told: to record something more in both, or to answer for prom-client. */
export type Task = 'record' | 'answer';

if (parentPort !== null) {
  const port = parentPort;
  const requests = requestsOf(SERIES_PER_WORKER);
  const ours = filledCollector('counter', requests).recordAll();
  const theirs = filledRegistry('counter', requests).recordAll();
  const joined = joinCluster(ours.library);
  port.on('message', async (task: Task) => {
    if (task === 'answer') return port.postMessage(await theirs.library.getMetricsAsJSON());
    ours.recordSome();
    theirs.recordSome();
    port.postMessage('recorded');
  });
  await joined.ready;
  port.postMessage('ready');
}
