// Any sequence of snapshots in which series come, go and start anew: FileStorage answers exactly what MemoryStorage answers,
// whatever the size of its segments, however often it was opened again, and in however many passes it has to read.

import { rmSync } from 'node:fs';
import fc from 'fast-check';
import type { MetricFamily, SeriesBlock, Snapshot } from '../../../lib/model/family.js';
import { compileMatchers } from '../../../lib/model/matchers.js';
import type { NativeHistogram } from '../../../lib/model/native-histogram.js';
import type { LabelMatcher, TimeRange } from '../../../lib/model/storage.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { readRows, releaseAll } from '../../../storage/file/reading/selection.js';
import { SegmentFolder } from '../../../storage/file/segments/folder.js';
import { MemoryStorage } from '../../../storage/memory/memory-storage.js';
import { answerOf } from '../memory/naive-history.js';
import { nativeRun } from '../support/native-arbitrary.js';
import { histogram, nativeHistogram, plain, TestFamily } from '../support/test-family.js';
import { EVER, openStorage, selected, temporaryFolder } from './support/folders.js';

const methods = ['GET', 'POST', '', 'a|b', 'Ελλάδα'];
const number = fc.oneof(
  fc.integer({ min: -5, max: 1000 }),
  fc.constantFrom(0, 1, NaN, -0, Infinity, -Infinity, 1e300, 2 ** 53, 0.1),
  fc.double(),
);
const matcher: fc.Arbitrary<LabelMatcher> = fc.oneof(
  fc.record({
    name: fc.constant('__name__'),
    operator: fc.constantFrom('=', '!=', '=~', '!~'),
    value: fc.constantFrom('c', 'h_bucket', 'h_count', 'c|g', '.*', 'h_.+', 'n', 'n_sum', 'other', ''),
  }),
  fc.record({
    name: fc.constantFrom('method', 'id', 'le', 'quantile', 'state', 'zone', 'absent'),
    operator: fc.constantFrom('=', '!='),
    value: fc.constantFrom('GET', '', '1', '2.5', '+Inf', 'a|b', 'z'),
  }),
  fc.record({
    name: fc.constantFrom('method', 'id', 'le', 'state', 'absent'),
    operator: fc.constantFrom('=~', '!~'),
    value: fc.constantFrom('GET', '', '1', 'GET|POST', '.*', '.+', '[0-4]', 'P.*', 'a\\|b', '\\+Inf|1'),
  }),
);

type Step =
  | {
      readonly kind: 'write';
      readonly times: number;
      readonly numbers: readonly number[];
      readonly natives: readonly NativeHistogram[];
      readonly backMs: number;
    }
  | { readonly kind: 'remove'; readonly id: number }
  | { readonly kind: 'advance'; readonly seconds: number }
  | { readonly kind: 'flicker'; readonly rows: number }
  | { readonly kind: 'startAnew' | 'redefine' | 'reopen' }
  | { readonly kind: 'select'; readonly matchers: readonly LabelMatcher[]; readonly from: number; readonly to: number };

const write = fc.record({
  kind: fc.constant('write' as const),
  times: fc.integer({ min: 1, max: 6 }),
  numbers: fc.array(number, { minLength: 8, maxLength: 8 }),
  natives: nativeRun(6),
  backMs: fc.constantFrom(0, 0, 0, 1000, 4500, 20_000),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: write, weight: 5 },
  fc.record({ kind: fc.constant('remove' as const), id: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant('advance' as const), seconds: fc.constantFrom(1, 10, 34, 36, 38) }),
  fc.record({ kind: fc.constant('flicker' as const), rows: fc.integer({ min: 0, max: 63 }) }),
  fc.record({ kind: fc.constantFrom('startAnew' as const, 'redefine' as const, 'reopen' as const) }),
  fc.record({
    kind: fc.constant('select' as const),
    matchers: fc.array(matcher, { maxLength: 3 }),
    from: fc.integer({ min: 0, max: 60_000 }),
    to: fc.integer({ min: 0, max: 60_000 }),
  }),
);

const flickerIds = { name: 'id', values: ['0', '1', '2', '3', '4', '5'] };
const flickerRows = Int32Array.of(0, 1, 2, 3, 4, 5);

// Most of what can go wrong needs a history: without a size, arrays have few elements.
const steps = fc.array(step, { minLength: 5, maxLength: 40, size: 'max' });

interface Limits {
  readonly retentionSeconds: number;
  readonly maxBytes: number;
}

const NO_LIMITS: Limits = { retentionSeconds: Infinity, maxBytes: Infinity };

class Pair {
  readonly directory = temporaryFolder();
  readonly clock = new ManualClock(100_000);
  readonly memory: MemoryStorage;
  readonly limits: Limits;
  counter = new TestFamily(plain('c'), ['method', 'id'], { blockRows: 3 });
  readonly wide = new TestFamily(plain('c'), ['method', 'zone', 'id'], { blockRows: 2 });
  readonly gauge = new TestFamily(plain('g', 'gauge'), [], { constantLabels: [['method', 'GET']] });
  readonly states = new TestFamily({ type: 'stateset', name: 'state', description: '', unit: '', states: ['1', 'z'] });
  readonly summary = new TestFamily(
    { type: 'summary', name: 's', description: '', unit: '', quantiles: [0.5] },
    ['id'],
    {
      constantLabels: [
        ['zone', 'z'],
        ['id', 'never seen'],
      ],
    },
  );
  buckets = new TestFamily(histogram('h', [1, 2.5]), ['id'], { blockRows: 2 });
  native = new TestFamily(nativeHistogram('n'), ['id'], { blockRows: 2 });
  createdMs = 1000;
  /** Which rows of the flickering family are there, as bits: they come and go without moving. */
  #flickering = 63;
  #bounds = 2;
  storage!: Awaited<ReturnType<typeof openStorage>>['storage'];

  constructor(limits: Limits) {
    this.limits = limits;
    const { retentionSeconds } = limits;
    this.memory = new MemoryStorage({ retentionSeconds, maxBytes: Infinity, clock: this.clock });
  }

  async reopen(): Promise<void> {
    if (this.storage !== undefined) await this.storage.close();
    const { storage } = await openStorage({ directory: this.directory, clock: this.clock, ...this.limits });
    this.storage = storage;
  }

  async run(todo: Step): Promise<void> {
    switch (todo.kind) {
      case 'write':
        for (let i = 0; i < todo.times; i++) {
          this.#record(todo.numbers.map((value, n) => value + (n % 2) * i));
          // Not all of them every time: some stand still.
          for (const id of [i % 3, (i + 1) % 3]) {
            const histogram = todo.natives[(i + id) % todo.natives.length] as NativeHistogram;
            this.native.setNative({ id: String(id) }, histogram);
          }
          await this.#write(this.clock.now() - todo.backMs);
          this.clock.advance(1);
        }
        return;
      case 'remove':
        this.counter.remove(labelsOf(todo.id));
        this.buckets.remove({ id: String(todo.id) });
        this.native.remove({ id: String(todo.id) });
        return;
      case 'startAnew':
        this.createdMs += 500;
        return;
      case 'redefine':
        this.buckets = new TestFamily(histogram('h', [1]), ['id']);
        this.#bounds = 1;
        this.counter = new TestFamily(plain('c', 'gauge'), ['id', 'method']);
        this.native = new TestFamily(nativeHistogram('n'), ['id', 'method']);
        return;
      case 'reopen':
        return this.reopen();
      case 'flicker':
        this.#flickering = todo.rows;
        return;
      case 'advance':
        return this.clock.advance(todo.seconds);
      case 'select':
        return this.compare(todo.matchers, { startMs: 100_000 + todo.from, endMs: 100_000 + todo.to });
    }
  }

  async compare(matchers: readonly LabelMatcher[], range: TimeRange): Promise<void> {
    const expected = answerOf((await this.memory.select(matchers, range))._unsafeUnwrap());
    expect(answerOf(await selected(this.storage, matchers, range))).toEqual(expected);
  }

  #record(values: readonly number[]): void {
    values.forEach((value, id) => {
      if (id < 3 || value !== 1) this.counter.set(labelsOf(id), value);
      if (value === 1) this.wide.set({ ...labelsOf(id), zone: 'z' }, value);
    });
    this.gauge.set({}, values[0] as number);
    this.states.set({}, 0, 1);
    this.summary.set({ id: '' }, values[1] as number, values[2] as number, 3);
    const counts = values.slice(1, 1 + this.#bounds + 1).map((value) => Math.floor(Math.abs(value)) % 1000 || 0);
    this.buckets.set({ id: String(values[0]).slice(0, 1) }, ...counts, values[4] as number);
  }

  async #write(timestampMs: number): Promise<void> {
    const families = [this.counter, this.wide, this.gauge, this.states, this.summary, this.buckets, this.native];
    const snapshot: Snapshot = {
      timestampMs,
      families: [...families.map((family) => this.#startedAt(family.family())), this.#flicker()],
    };
    const stored = await this.storage.write(snapshot);
    expect(stored._unsafeUnwrap()).toBe((await this.memory.write(snapshot))._unsafeUnwrap());
  }

  #flicker(): MetricFamily {
    const block: SeriesBlock = {
      size: 6,
      live: Uint8Array.from({ length: 6 }, (_, row) => (this.#flickering >> row) & 1),
      dictionaries: [flickerIds],
      labelIds: flickerRows,
      constantLabels: [],
      width: 1,
      values: Float64Array.from({ length: 6 }, (_, row) => row * 10 + (this.clock.now() % 7)),
      createdMs: new Float64Array(6),
    };
    return { descriptor: plain('flicker', 'gauge'), observedNegative: false, blocks: () => [block] };
  }

  #startedAt(family: MetricFamily): MetricFamily {
    const blocks = [...family.blocks()].map((block) => ({
      ...block,
      createdMs: new Float64Array(block.size).fill(this.createdMs),
    }));
    return { ...family, blocks: () => blocks };
  }
}

function labelsOf(id: number): Record<string, string> {
  return { method: methods[id % methods.length] as string, id: String(id) };
}

// Each runs for seconds on a slow machine, and ends by itself.
jest.setTimeout(60_000);

describe('FileStorage, compared with MemoryStorage', () => {
  // The smaller the limits, the smaller the segments; that of bytes is not reached.
  it.each([
    ['without limits', NO_LIMITS],
    ['in segments of 6 kB', { ...NO_LIMITS, maxBytes: 100_000 }],
    ['with a retention of 40 s', { ...NO_LIMITS, retentionSeconds: 40 }],
  ])('answers the same, whatever is stored, %s', async (_, limits) => {
    await fc.assert(
      fc.asyncProperty(steps, async (todos) => {
        const pair = new Pair(limits);
        await pair.reopen();
        for (const todo of todos) await pair.run(todo);
        await pair.compare([], EVER);
        await pair.storage.close();
        rmSync(pair.directory, { recursive: true });
      }),
      { numRuns: 60, interruptAfterTimeLimit: 20_000 },
    );
  });

  it('answers the same in many passes as in one', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (todos) => {
        const pair = new Pair(NO_LIMITS);
        await pair.reopen();
        for (const todo of todos) await pair.run(todo);
        await pair.storage.close();
        const errors: unknown[] = [];
        const folder = new SegmentFolder(pair.directory, (error) => errors.push(error));
        await folder.load();
        const read = async (mostNumbers: number) => {
          const pinned = folder.pin(EVER);
          const lines: string[] = [];
          let passes = 0;
          const query = { predicates: compileMatchers([])._unsafeUnwrap(), range: EVER, mostNumbers };
          for await (const { rows } of readRows(folder, pinned, query)) {
            passes++;
            for (const row of rows) {
              const { timestampsMs, columns, histograms } = row.samples();
              const found = [[...timestampsMs], columns.map(String), histograms];
              lines.push(JSON.stringify([row.signature, row.labels, ...found]));
            }
          }
          releaseAll(pinned);
          return { lines: lines.sort(), passes };
        };
        const once = await read(Infinity);
        const often = await read(100);
        expect(errors).toEqual([]);
        expect(often.lines).toEqual(once.lines);
        expect(often.passes).toBeGreaterThanOrEqual(Math.min(2, once.lines.length > 20 ? 2 : 1));
        rmSync(pair.directory, { recursive: true });
      }),
      { numRuns: 25, interruptAfterTimeLimit: 20_000 },
    );
  });
});
