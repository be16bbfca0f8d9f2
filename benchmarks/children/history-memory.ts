// Measures what the history of a service takes in memory: `history-memory.js <series>`, with --expose-gc. Label values exist
// before, as they do in the program whose history it is; tables, label sets and everything else of the storage are counted.
import { MemoryStorage } from 'telltale';
import { ManualClock } from 'telltale/testing';
import { answer } from '../harness/child.js';
import { bytesInUse } from '../harness/heap.js';
import { ServiceHour, SNAPSHOTS, STARTED_MS } from '../service-hour.js';

const series = Number(process.argv[2]);
const clock = new ManualClock(STARTED_MS);
const hour = new ServiceHour(series, clock);
// Of another storage, so that what is compiled and what the collector sets up is there before.
const other = new MemoryStorage({ clock, retentionSeconds: 7200 });
(await other.write(await hour.next()))._unsafeUnwrap();
await other.close();
const before = await bytesInUse();
const storage = new MemoryStorage({ clock, retentionSeconds: 7200, maxBytes: 1e9 });
for (let i = 1; i < SNAPSHOTS; i++) (await storage.write(await hour.next()))._unsafeUnwrap();
const after = await bytesInUse();
const { bytes, seriesCount } = storage.usage();
const samples = seriesCount * (SNAPSHOTS - 1);
// The storage's own account is what its limit goes by: the two have to agree.
if (Math.abs(bytes - (after - before)) > 0.2 * bytes)
  throw new Error(`${bytes} B of own account, ${after - before} B measured.`);
answer((after - before) / samples);
