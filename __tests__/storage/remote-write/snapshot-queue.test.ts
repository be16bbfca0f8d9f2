// How much memory the queue takes snapshots for, and which of them go when it is too much.
import type { Snapshot } from '../../../lib/model/family.js';
import { SnapshotQueue } from '../../../storage/remote-write/snapshot-queue.js';
import { nativeOf } from '../support/native-arbitrary.js';
import { nativeHistogram, plain, snapshotOf, TestFamily } from '../support/test-family.js';

describe('SnapshotQueue', () => {
  const family = new TestFamily(plain('x'), ['id'], { blockRows: 1024 });
  for (let id = 0; id < 1000; id++) family.set({ id: `${id}` }, id);
  const snapshot = () => snapshotOf(0, family);
  const entryOf = (one: Snapshot) => ({ snapshot: one, samples: 1000, done: 0 });

  it('counts what snapshots share once, and everything until it is gone', () => {
    const queue = new SnapshotQueue(1e9);
    queue.push(entryOf(snapshot()));
    const one = queue.bytes;
    expect(one).toBeGreaterThan(8_000 + 4_000);
    queue.push(entryOf(snapshot()));
    // Numbers and start times are each snapshot's own here, label ids are not.
    expect(queue.bytes).toBe(2 * one - 4 * 1024);
    queue.startSending();
    queue.removeSent();
    expect(queue.bytes).toBe(one);
    queue.startSending();
    queue.removeSent();
    expect([queue.bytes, queue.length, queue.samples]).toEqual([0, 0, 0]);
  });

  it('counts the buckets of native histograms', () => {
    const queue = new SnapshotQueue(1e9);
    const native = new TestFamily(nativeHistogram('n'));
    const counts = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [index, 1]));
    queue.push(entryOf(snapshotOf(0, native.setNative({}, nativeOf({})))));
    const empty = queue.bytes;
    queue.push(entryOf(snapshotOf(0, native.setNative({}, nativeOf(counts)))));
    expect(queue.bytes - empty).toBeGreaterThan(500 * 12);
    for (let i = 0; i < 2; i++) {
      queue.startSending();
      queue.removeSent();
    }
    expect(queue.bytes).toBe(0);
  });

  it('stays under its limit by giving up the oldest, but not the one that is being sent', () => {
    const queue = new SnapshotQueue(60_000);
    const entries = Array.from({ length: 10 }, () => entryOf(snapshot()));
    const [sending, ...others] = entries as [(typeof entries)[0], ...typeof entries];
    queue.push(sending);
    expect(queue.startSending()).toBe(sending);
    const dropped = others.flatMap((entry) => queue.push(entry));
    expect(queue.bytes).toBeLessThanOrEqual(60_000);
    expect(dropped).toEqual(others.slice(0, dropped.length));
    expect(queue.length).toBe(10 - dropped.length);
    queue.removeSent();
    expect(queue.startSending()).toBe(others[dropped.length]);
  });

  it('gives up even the newest where it does not fit', () => {
    const queue = new SnapshotQueue(1000);
    const entry = entryOf(snapshot());
    expect(queue.push(entry)).toEqual([entry]);
    expect([queue.bytes, queue.length]).toEqual([0, 0]);
  });

  it('tells how many samples have not been dealt with', () => {
    const queue = new SnapshotQueue(1e9);
    const [first, second] = [entryOf(snapshot()), entryOf(snapshot())];
    queue.push(first);
    queue.push(second);
    first.done = 400;
    expect(queue.samples).toBe(1600);
  });
});
