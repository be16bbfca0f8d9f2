// Measures what native histograms take in memory, in bytes a histogram: 200 series of 160 buckets, of which a tenth grows from each
// snapshot to the next, over the 240 snapshots of an hour. Run it with --expose-gc.
import { MemoryStorage, MetricsCollector } from 'telltale';
import { ManualClock } from 'telltale/testing';
import { answer } from '../harness/child.js';
import { bytesInUse } from '../harness/heap.js';

const SERIES = 200;
const BUCKETS = 160;
const SNAPSHOTS = 240;
const clock = new ManualClock();
const metrics = new MetricsCollector({ clock });
const latency = metrics.histogram('latency_seconds', {
  native: { growthFactor: 1.1, maxBuckets: BUCKETS },
  labelNames: ['id'],
});

/** The middle of a bucket: with 1.1, bounds grow by the eighth root of two. */
const valueIn = (bucket: number) => 2 ** ((bucket - BUCKETS / 2 + 0.5) / 8);

let bucket = 0;
async function next() {
  for (let id = 0; id < SERIES; id++) {
    for (let i = 0; i < BUCKETS / 10; i++) {
      bucket += 7;
      latency.observe(valueIn(bucket % BUCKETS), { id });
    }
  }
  clock.advance(15);
  return metrics.snapshot();
}

for (let id = 0; id < SERIES; id++) for (let i = 0; i < BUCKETS; i++) latency.observe(valueIn(i), { id });
const other = new MemoryStorage({ clock, retentionSeconds: 7200 });
(await other.write(await next()))._unsafeUnwrap();
await other.close();
const before = await bytesInUse();
const storage = new MemoryStorage({ clock, retentionSeconds: 7200, maxBytes: 1e9 });
for (let i = 0; i < SNAPSHOTS; i++) (await storage.write(await next()))._unsafeUnwrap();
answer(((await bytesInUse()) - before) / (SERIES * SNAPSHOTS));
// The storage is in use until it has been measured.
if (storage.usage().seriesCount < SERIES) throw new Error('The histograms are gone.');
