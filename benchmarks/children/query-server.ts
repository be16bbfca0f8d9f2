// A process that keeps an hour of a service in memory and answers queries about it: `query-server.js <series> [<where a copy of
// everything goes by remote write>]`. It is also asked how long its event loop was held meanwhile.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { MemoryStorage, MetricsCollector, startMetricsServer } from 'telltale';
import { QueryEngine, queryApi } from 'telltale/query';
import { RemoteWriteStorage } from 'telltale/storage';
import { ManualClock } from 'telltale/testing';
import { longestGap } from '../harness/longest-gap.js';
import { ServiceHour, SNAPSHOTS, STARTED_MS } from '../service-hour.js';

/** Sent once, when it listens. */
export interface QueryServerReady {
  readonly url: string;
}

/** Sent after a second message, about the time since the first. */
export interface Held {
  /** Nanoseconds between two turns of the event loop, at most. */
  readonly gap: number;
}

const [series, copyTo] = process.argv.slice(2);
const clock = new ManualClock(STARTED_MS);
const storage = new MemoryStorage({ clock, retentionSeconds: 7200, maxBytes: 1e9 });
const copy = copyTo === undefined ? undefined : new RemoteWriteStorage({ url: copyTo, closeTimeoutSeconds: 60 });
const hour = new ServiceHour(Number(series), clock);
for (let i = 0; i < SNAPSHOTS; i++) {
  const snapshot = await hour.next();
  (await storage.write(snapshot))._unsafeUnwrap();
  if (copy === undefined) continue;
  (await copy.write(snapshot))._unsafeUnwrap();
  // A queue that is full gives up what is oldest.
  while ((copy.statistics()[0]?.queued ?? 0) > 8) await delay(5);
}
(await copy?.close())?._unsafeUnwrap();

const metrics = new MetricsCollector();
const recordings = metrics.counter('recordings_total', { labelNames: ['turn'] });
const engine = new QueryEngine(storage, { clock });
const server = (await startMetricsServer(metrics, { port: 0, routes: [queryApi(engine)] }))._unsafeUnwrap();

process.on('message', async (message) => {
  if (message !== 'watch') return;
  const record = setInterval(() => recordings.increment(1, { turn: 'any' }), 1);
  const gap = await longestGap(() => once(process, 'message'));
  clearInterval(record);
  process.send?.({ gap } satisfies Held);
});
process.send?.({ url: server.url } satisfies QueryServerReady);
