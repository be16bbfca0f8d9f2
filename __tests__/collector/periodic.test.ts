// Periodic collection: its rhythm, what it does about failures, and that it ends with a last store. Timers are real and
// short; what is waited for are the stores themselves.

import { errAsync, okAsync, ResultAsync } from 'neverthrow';
import { MetricsCollector, type MetricsError } from 'telltale';
import { ManualClock } from 'telltale/testing';
import { systemClock } from '../../lib/clock.js';
import { PeriodicCollection } from '../../lib/collector/periodic.js';
import { ScriptedStorage, UNREACHABLE } from '../support/scripted-storage.js';

/** Resolves at the n-th call of `count`. */
function calls(n: number) {
  let seen = 0;
  let resolve = () => {};
  const reached = new Promise<void>((done) => {
    resolve = done;
  });
  const count = () => {
    seen++;
    if (seen === n) resolve();
  };
  return { reached, count, seen: () => seen };
}

function setUp(store: () => ResultAsync<number, typeof UNREACHABLE>, intervalSeconds: number) {
  const told: unknown[] = [];
  let skipped = 0;
  const times: number[] = [];
  const collection = new PeriodicCollection({
    intervalSeconds,
    clock: systemClock,
    store: () => {
      times.push(systemClock.monotonic());
      return store();
    },
    flush: () => okAsync(42),
    tell: (error) => told.push(error),
    skipped: (count) => {
      skipped += count;
    },
  });
  return { collection, told, times, skipped: () => skipped };
}

describe('PeriodicCollection', () => {
  it('keeps to multiples of its interval, however late its timers are, and counts turns that went by', () => {
    jest.useFakeTimers();
    try {
      const waits = jest.spyOn(globalThis, 'setTimeout');
      const clock = new ManualClock();
      const skipped: number[] = [];
      const collection = new PeriodicCollection({
        intervalSeconds: 20,
        clock,
        store: () => okAsync(1),
        flush: () => okAsync(1),
        tell: () => {},
        skipped: (count) => skipped.push(count),
      });
      for (const seconds of [20.3, 19.9, 19.7, 85]) {
        clock.advance(seconds);
        jest.advanceTimersByTime(20_000);
      }
      const seconds = waits.mock.calls.map(([, ms]) => Math.round(ms as number) / 1000);
      expect(seconds).toEqual([20, 19.7, 19.8, 20.1, 15.1]);
      // A fake timer comes when it is told to, which here is never twice for the same turn.
      expect(skipped.filter((count) => count > 1)).toEqual([3]);
      void collection.stop();
    } finally {
      jest.useRealTimers();
    }
  });

  it('never runs twice at a time, and counts the turns that it left out', async () => {
    let running = 0;
    let most = 0;
    const third = calls(3);
    const { collection, skipped } = setUp(
      () =>
        new ResultAsync(
          (async () => {
            most = Math.max(most, ++running);
            await new Promise((done) => setTimeout(done, 35));
            running--;
            third.count();
            return okAsync(1);
          })(),
        ),
      0.01,
    );
    await third.reached;
    await collection.stop();
    expect(most).toBe(1);
    expect(skipped()).toBeGreaterThanOrEqual(4);
  });

  it('tries again before the next turn after a failure, and waits longer each time', async () => {
    jest.useFakeTimers();
    const random = jest.spyOn(Math, 'random').mockReturnValue(0.5);
    try {
      const clock = new ManualClock();
      const stores: number[] = [];
      const collection = new PeriodicCollection({
        intervalSeconds: 15,
        clock,
        store: () => {
          stores.push(clock.monotonic());
          return stores.length === 5 ? okAsync(1) : errAsync(UNREACHABLE);
        },
        flush: () => okAsync(1),
        tell: () => {},
        skipped: () => {},
      });
      for (let tenth = 0; tenth < 310; tenth++) {
        clock.advance(0.1);
        await jest.advanceTimersByTimeAsync(100);
      }
      // The turn at 15 s, then attempts after 1, 2, 4 and 8 s, each an eighth earlier; then the turn at 30 s, and so on.
      expect(stores.map((at) => Math.round(at))).toEqual([15, 16, 18, 21, 28, 30, 31]);
      void collection.stop();
    } finally {
      random.mockRestore();
      jest.useRealTimers();
    }
  });

  it('stops behind the store that is running, with one more, the same one however often it is asked', async () => {
    const events: string[] = [];
    let finish = () => {};
    const first = calls(1);
    const { collection } = setUp(() => {
      first.count();
      return new ResultAsync(
        new Promise((resolve) => {
          finish = () => {
            events.push('stored');
            resolve(okAsync(1));
          };
        }),
      );
    }, 0.005);
    await first.reached;
    const stopped = collection.stop();
    expect(collection.stop()).toBe(stopped);
    const flushed = Promise.resolve(stopped).then((answer) => events.push(`flushed ${answer._unsafeUnwrap()}`));
    finish();
    await flushed;
    expect(events).toEqual(['stored', 'flushed 42']);
  });
});

describe('startCollecting', () => {
  it('opens the circuit of a storage that keeps failing, shows it, and tries once more when it is stopped', async () => {
    const storage = new ScriptedStorage('gateway');
    storage.fail();
    const told: MetricsError['kind'][] = [];
    const clock = new ManualClock();
    const opened = calls(1);
    const metrics = new MetricsCollector({
      storage,
      clock,
      onError: ({ kind }) => {
        told.push(kind);
        if (kind === 'circuit_open') opened.count();
      },
    });
    const collecting = metrics.startCollecting({ intervalSeconds: 0.01 });
    await opened.reached;
    expect(storage.written).toHaveLength(5);
    const text = await metrics.expose();
    expect(text).toContain('telltale_storage_circuit_state{storage="gateway",state="open"} 1\n');
    expect(text).toContain('telltale_storage_writes_total{storage="gateway"} 5\n');
    expect(text).toContain('telltale_storage_write_failures_total{storage="gateway",kind="push_unreachable"} 5\n');
    storage.succeed();
    expect((await collecting.stop())._unsafeUnwrap()).toBe(1);
    expect(storage.written).toHaveLength(6);
    expect(await metrics.expose()).toContain('telltale_storage_circuit_state{storage="gateway",state="closed"} 1\n');
  });

  it('starts nothing after the end', async () => {
    const storage = new ScriptedStorage();
    const metrics = new MetricsCollector({ storage });
    await metrics.shutdown();
    const collecting = metrics.startCollecting({ intervalSeconds: 0.001 });
    await collecting.stop();
    expect(storage.written).toHaveLength(1);
  });

  it.each([{ intervalSeconds: 0 }, { intervalSeconds: 1e9 }, { flushOn: ['SIGKILL'] }, { flushOn: 'SIGTERM' }])(
    'refuses %j',
    (options) => {
      expect(() => new MetricsCollector().startCollecting(options as never)).toThrow(
        expect.objectContaining({ kind: 'invalid_option' }),
      );
    },
  );
});
