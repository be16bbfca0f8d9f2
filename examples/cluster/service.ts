// A worker: a small service that shares its port with the others. Every answer is counted before it is sent.
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { joinCluster } from 'telltale/cluster';
import { duration, inFlight, requests } from './metrics.js';

const LONGEST_WORK_MS = 5;

export function serve(port: number): void {
  const joined = joinCluster();
  let isLeaving = false;
  const server = createServer(async (request, response) => {
    const stop = duration.startTimer();
    inFlight.increment();
    await delay(Math.random() * LONGEST_WORK_MS);
    inFlight.decrement();
    stop();
    requests.increment(1, { route: request.url === '/slow' ? '/slow' : '/' });
    // In this order, whoever gets the answer may rely on it being counted, even if this process is killed in between.
    joined.report();
    if (isLeaving) response.setHeader('Connection', 'close');
    response.end('done\n');
  });
  server.listen(port, '127.0.0.1');
  process.once('SIGTERM', () => {
    isLeaving = true;
    server.close(() => process.exit(0));
  });
}
