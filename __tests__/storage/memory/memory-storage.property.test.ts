// Any sequence of writes, appends, removals and steps of the clock: the storage answers what a map of samples answers.
import fc from 'fast-check';
import type { NativeHistogram } from '../../../lib/model/native-histogram.js';
import type { LabelMatcher, TimeRange } from '../../../lib/model/storage.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { MemoryStorage } from '../../../storage/memory/memory-storage.js';
import { nativeOf, nativeRun } from '../support/native-arbitrary.js';
import { histogram, nativeHistogram, plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { answerOf, NaiveHistory } from './naive-history.js';

const START_MS = 1_000_000_000;
const RETENTION_SECONDS = 600;

const methods = ['GET', 'POST', '', 'a|b'];
const number = fc.oneof(
  fc.integer({ min: 0, max: 1000 }),
  fc.constantFrom(0, 1, NaN, -0, Infinity, 1e300),
  fc.double({ noNaN: true }),
);
const matcher: fc.Arbitrary<LabelMatcher> = fc.oneof(
  fc.record({
    name: fc.constant('__name__'),
    operator: fc.constantFrom('=', '!=', '=~', '!~'),
    value: fc.constantFrom('c', 'h_bucket', 'h_count', 'c|g', '.*', 'h_.+', 'n', 'n_count', 'other', ''),
  }),
  fc.record({
    name: fc.constantFrom('method', 'id', 'le', 'absent'),
    operator: fc.constantFrom('=', '!='),
    value: fc.constantFrom('GET', '', '1', '2.5', '+Inf', 'a|b'),
  }),
  fc.record({
    name: fc.constantFrom('method', 'id', 'le', 'absent'),
    operator: fc.constantFrom('=~', '!~'),
    value: fc.constantFrom('GET', '', '1', 'GET|POST', '.*', '.+', '[0-4]', 'P.*', 'a\\|b', '\\+Inf|1'),
  }),
);

type Step =
  | {
      readonly kind: 'write';
      readonly times: number;
      readonly everySeconds: number;
      readonly numbers: readonly number[];
      readonly natives: readonly NativeHistogram[];
    }
  | { readonly kind: 'writeAt'; readonly agoSeconds: number; readonly numbers: readonly number[] }
  | { readonly kind: 'append'; readonly id: number; readonly agoSeconds: number; readonly value: number }
  | {
      readonly kind: 'appendHistogram';
      readonly id: number;
      readonly agoSeconds: number;
      readonly natives: readonly NativeHistogram[];
    }
  | { readonly kind: 'remove'; readonly id: number }
  | { readonly kind: 'advance'; readonly seconds: number }
  | { readonly kind: 'select'; readonly matchers: readonly LabelMatcher[]; readonly from: number; readonly to: number };

const numbers = fc.array(number, { minLength: 8, maxLength: 8 });
const seconds = (max: number) => fc.integer({ min: 0, max });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    times: fc.integer({ min: 1, max: 40 }),
    everySeconds: fc.constantFrom(1, 5, 15),
    numbers,
    natives: nativeRun(12),
  }),
  fc.record({ kind: fc.constant('writeAt' as const), agoSeconds: seconds(700), numbers }),
  fc.record({ kind: fc.constant('append' as const), id: seconds(3), agoSeconds: seconds(700), value: number }),
  fc.record({
    kind: fc.constant('appendHistogram' as const),
    id: seconds(2),
    agoSeconds: seconds(700),
    natives: nativeRun(5),
  }),
  fc.record({ kind: fc.constant('remove' as const), id: seconds(7) }),
  fc.record({ kind: fc.constant('advance' as const), seconds: seconds(400) }),
  fc.record({
    kind: fc.constant('select' as const),
    matchers: fc.array(matcher, { maxLength: 3 }),
    from: seconds(900),
    to: seconds(900),
  }),
);

/** The storage and the model of it, side by side. */
class Pair {
  readonly clock = new ManualClock(START_MS);
  readonly storage = new MemoryStorage({ retentionSeconds: RETENTION_SECONDS, clock: this.clock });
  readonly naive = new NaiveHistory();
  readonly counter = new TestFamily(plain('c'), ['method', 'id'], { blockRows: 3 });
  readonly gauge = new TestFamily(plain('g', 'gauge'), [], { constantLabels: [['method', 'GET']] });
  readonly buckets = new TestFamily(histogram('h', [1, 2.5]), ['id'], { blockRows: 2 });
  readonly native = new TestFamily(nativeHistogram('n'), ['id'], { blockRows: 2 });

  get cutoffMs(): number {
    return this.clock.now() - RETENTION_SECONDS * 1000;
  }

  async run(todo: Step): Promise<void> {
    switch (todo.kind) {
      case 'write':
        for (let i = 0; i < todo.times; i++) {
          this.#record(todo.numbers.map((value, n) => value + (n % 2) * i));
          for (const id of [0, 1, 2]) {
            const histogram = todo.natives[(i + id) % todo.natives.length] as NativeHistogram;
            this.native.setNative({ id: String(id) }, histogram);
          }
          await this.#write(this.clock.now());
          this.clock.advance(todo.everySeconds);
        }
        return;
      case 'writeAt':
        this.#record(todo.numbers);
        return this.#write(this.clock.now() - todo.agoSeconds * 1000);
      case 'append':
        return this.#append(todo);
      case 'appendHistogram':
        return this.#appendHistograms(todo);
      case 'remove':
        this.native.remove({ id: String(todo.id) });
        this.counter.remove(this.#labels(todo.id));
        this.buckets.remove({ id: String(todo.id) });
        return;
      case 'advance':
        return this.clock.advance(todo.seconds);
      case 'select':
        return this.compare(todo.matchers, {
          startMs: this.clock.now() - todo.from * 1000,
          endMs: this.clock.now() - todo.to * 1000,
        });
    }
  }

  async compare(matchers: readonly LabelMatcher[], range: TimeRange): Promise<void> {
    const found = await this.storage.select(matchers, range);
    const startMs = Math.max(range.startMs, this.cutoffMs);
    expect(answerOf(found._unsafeUnwrap())).toEqual(this.naive.select(matchers, { startMs, endMs: range.endMs }));
  }

  #labels(id: number): Record<string, string> {
    return { method: methods[id % methods.length] as string, id: String(id) };
  }

  #record(values: readonly number[]): void {
    values.forEach((value, id) => {
      // Not all of them every time: series come and go.
      if (id < 3 || value !== 1) this.counter.set(this.#labels(id), value);
    });
    this.gauge.set({}, values[0] as number);
    const counts = values.slice(1, 4).map((value) => Math.floor(Math.abs(value)) % 1000 || 0);
    this.buckets.set({ id: String(values[0]).slice(0, 1) }, ...counts, values[4] as number);
  }

  async #write(timestampMs: number): Promise<void> {
    const snapshot = snapshotOf(timestampMs, this.counter, this.gauge, this.buckets, this.native);
    const stored = await this.storage.write(snapshot);
    expect(stored._unsafeUnwrap()).toBe(timestampMs < this.cutoffMs ? 0 : this.naive.write(snapshot));
  }

  #append({ id, agoSeconds, value }: Extract<Step, { kind: 'append' }>): void {
    const timestampMs = this.clock.now() - agoSeconds * 1000;
    const labels: Record<string, string> =
      id === 0 ? { __name__: 'g', method: 'GET' } : { __name__: 'c', ...this.#labels(id) };
    const isStored = this.storage.append(labels, timestampMs, value);
    expect(isStored).toBe(timestampMs >= this.cutoffMs);
    if (isStored) this.naive.append(labels, timestampMs, value);
  }

  /** To a series that comes with snapshots, to one that has numbers as well, and to one of its own. */
  #appendHistograms({ id, agoSeconds, natives }: Extract<Step, { kind: 'appendHistogram' }>): void {
    const series: Record<string, string>[] = [
      { __name__: 'n', id: '0' },
      { __name__: 'g', method: 'GET' },
      { __name__: 'own', id: '1' },
    ];
    const labels = series[id] as Record<string, string>;
    natives.forEach((histogram, i) => {
      const timestampMs = this.clock.now() - (agoSeconds - i * 7) * 1000;
      const isStored = this.storage.appendHistogram(labels, timestampMs, histogram);
      expect(isStored).toBe(timestampMs >= this.cutoffMs);
      if (isStored) this.naive.append(labels, timestampMs, histogram);
    });
  }
}

// Each runs for seconds on a slow machine, and ends by itself.
jest.setTimeout(60_000);

describe('MemoryStorage, compared with a map of samples', () => {
  it('answers the same, whatever is stored in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const pair = new Pair();
        for (const todo of steps) await pair.run(todo);
        await pair.compare([], { startMs: -Infinity, endMs: Infinity });
      }),
      { numRuns: 150 },
    );
  });

  it('answers the same over a long time in which series come and go', async () => {
    const pair = new Pair();
    for (let round = 0; round < 40; round++) {
      const values = Array.from({ length: 8 }, (_, n) => (round * (n + 1)) % 7);
      await pair.run({ kind: 'remove', id: round % 8 });
      const natives = [nativeOf({ 5: round + 1, [round]: 1 }), nativeOf({ 5: round + 2, 7: 1 })];
      await pair.run({ kind: 'write', times: 1 + (round % 11), everySeconds: 5, numbers: values, natives });
      if (round % 4 === 3) await pair.compare([], { startMs: -Infinity, endMs: Infinity });
    }
  });
});
