// What keeps queries from taking more than they may: memory, time, places, and the turns of everybody else.
import { okAsync, ResultAsync } from 'neverthrow';
import { MetricsCollector } from '../../lib/collector.js';
import type { Queryable, SeriesData } from '../../lib/model/storage.js';
import { QueryEngine } from '../../lib/query/query-engine.js';
import { ManualClock } from '../../lib/testing/manual-clock.js';
import { GivenSeries, steadySeries } from './given-series.js';

const ten = new GivenSeries(
  ...Array.from({ length: 10 }, (_, i) => steadySeries({ __name__: i < 5 ? 'a' : 'b', id: `${i}` }, 100, 10)),
);

describe('QueryEngine, by its limits', () => {
  describe('maxSamples', () => {
    const exceeded = { kind: 'limit_exceeded', limit: 'maxSamples', allowed: 6 };

    it('counts what an answer holds', async () => {
      const engine = new QueryEngine(ten, { maxSamples: 6 });
      expect((await engine.instant('a', { time: 900 })).isOk()).toBe(true);
      expect((await engine.instant('{id=~".+"}', { time: 900 }))._unsafeUnwrapErr()).toEqual(exceeded);
    });

    it('counts what an operation is given, as Prometheus does', async () => {
      const engine = new QueryEngine(ten, { maxSamples: 6 });
      expect((await engine.instant('sum({id=~".+"})', { time: 900 }))._unsafeUnwrapErr()).toEqual(exceeded);
    });

    it('counts it no longer when the operation is done', async () => {
      const engine = new QueryEngine(ten, { maxSamples: 8 });
      expect((await engine.instant('sum({id=~".+"})', { time: 900 })).isErr()).toBe(true);
      expect((await engine.instant('sum(a) + sum(b)', { time: 900 })).isOk()).toBe(true);
    });

    it('counts the samples in a window', async () => {
      const engine = new QueryEngine(ten, { maxSamples: 6 });
      expect((await engine.instant('count_over_time(a{id="1"}[60s])', { time: 900 })).isOk()).toBe(true);
      const answer = await engine.instant('count_over_time(a{id="1"}[70s])', { time: 900 });
      expect(answer._unsafeUnwrapErr()).toEqual(exceeded);
    });

    it('counts the gaps of a series that has many, because they take memory', async () => {
      const options = { start: 0, end: 2999, step: 1, lookbackSeconds: 0.5 };
      const ask = (maxSamples: number) => new QueryEngine(ten, { maxSamples }).range('a', options);
      // Five series of 3000 steps, a number and its kind in each: 9 bytes, of the 16 that a sample takes.
      expect((await ask((5 * 3000 * 9) / 16)).isOk()).toBe(true);
      expect((await ask((5 * 3000 * 9) / 16 - 1)).isErr()).toBe(true);
    });

    it('counts a histogram as several samples', async () => {
      const histogram = {
        schema: 0,
        zeroThreshold: 0,
        zeroCount: 0,
        count: 1,
        sum: 1,
        positive: { indexes: Int32Array.of(0), counts: Float64Array.of(1) },
        negative: { indexes: new Int32Array(0), counts: new Float64Array(0) },
      };
      const series = { ...steadySeries({ __name__: 'a' }, 1, 10), histograms: [histogram] };
      const answer = await new QueryEngine(new GivenSeries(), { maxSamples: 6 }).instant('1');
      expect(answer.isOk()).toBe(true);
      const storage: Queryable = { select: () => okAsync([series]) };
      const refused = await new QueryEngine(storage, { maxSamples: 6 }).instant('a', { time: 0 });
      expect(refused._unsafeUnwrapErr()).toEqual(exceeded);
    });

    it('counts the scalars that an operation is given, and those that wait for others', async () => {
      const ask = (expression: string) =>
        new QueryEngine(ten, { maxSamples: 400 }).range(expression, { start: 0, end: 99, step: 1 });
      // 100 steps each: the sum, its left side and its right side.
      expect((await ask('time() + 1')).isOk()).toBe(true);
      expect((await ask('time() + (time() + 1)'))._unsafeUnwrapErr()).toMatchObject({ kind: 'limit_exceeded' });
    });

    it.each([
      ['a @ 900', 500],
      ['timestamp(a @ 900)', 1_000],
    ])('counts what is the same at every step as often as it is kept: %s', async (expression, kept) => {
      const ask = (maxSamples: number) =>
        new QueryEngine(ten, { maxSamples }).range(expression, { start: 0, end: 99, step: 1 });
      // Besides what is kept there are the five series of the one step that was evaluated.
      expect((await ask(kept + 5)).isOk()).toBe(true);
      expect((await ask(kept - 1))._unsafeUnwrapErr()).toMatchObject({ kind: 'limit_exceeded' });
    });

    it.each(['a', '1', 'time()', 'vector(1)'])(
      'refuses more steps than that before it reads or keeps anything: %s',
      async (expression) => {
        const storage = new GivenSeries();
        const answer = await new QueryEngine(storage).range(expression, { start: 0, end: 1e12, step: 0.001 });
        expect(answer._unsafeUnwrapErr()).toMatchObject({ kind: 'limit_exceeded', allowed: 50_000_000 });
        expect(storage.asked).toEqual([]);
      },
    );

    it('counts what `count_values` keeps by value, while it keeps it', async () => {
      let read = 0;
      function* series(): Generator<SeriesData> {
        for (; read < 9; read++) {
          const { values, ...rest } = steadySeries({ __name__: 'a', id: `${read}` }, 100, 1);
          yield { ...rest, values: values.map((_, i) => 100 * read + i) };
        }
      }
      // A series has 100 values at 100 steps, whose counts take 100 * 100 * 9 / 16 samples.
      const engine = new QueryEngine({ select: () => okAsync(series()) }, { maxSamples: 3 * 5_625 });
      const answer = await engine.range('count_values("value", a)', { start: 0, end: 99, step: 1 });
      expect(answer._unsafeUnwrapErr()).toMatchObject({ kind: 'limit_exceeded', limit: 'maxSamples' });
      expect(read).toBe(2);
    });

    it('refuses subqueries of as many steps', async () => {
      const storage = new GivenSeries();
      const answer = await new QueryEngine(storage).instant('sum_over_time(a[100y:1ms])', { time: 1e10 });
      expect(answer._unsafeUnwrapErr()).toMatchObject({ kind: 'limit_exceeded' });
      expect(storage.asked).toEqual([]);
    });
  });

  describe('steps', () => {
    it('are 200 000 at most, of a subquery as of a range, whatever maxSamples is', async () => {
      const engine = new QueryEngine(new GivenSeries());
      const refusal = {
        kind: 'limit_exceeded',
        limit: 'the number of steps of a range or a subquery',
        allowed: 200_000,
      };
      const range = { start: 0, step: 1 };
      expect((await engine.range('a', { ...range, end: 199_999 })).isOk()).toBe(true);
      expect((await engine.range('a', { ...range, end: 200_000 }))._unsafeUnwrapErr()).toEqual(refusal);
      expect((await engine.instant('max_over_time(sum(a)[200000s:1s])', { time: 0 })).isOk()).toBe(true);
      const answer = await engine.instant('max_over_time(sum(a)[200001s:1s])', { time: 0 });
      expect(answer._unsafeUnwrapErr()).toEqual(refusal);
    });
  });

  describe('timeoutSeconds', () => {
    it('ends a query whose time is up', async () => {
      const clock = new ManualClock();
      const engine = new QueryEngine(slowStorage(clock, 10), { clock, timeoutSeconds: 10 });
      expect((await engine.instant('a'))._unsafeUnwrapErr()).toEqual({ kind: 'timed_out', timeoutSeconds: 10 });
    });

    it('leaves a query alone that has a moment left', async () => {
      const clock = new ManualClock();
      const engine = new QueryEngine(slowStorage(clock, 9.9), { clock, timeoutSeconds: 10 });
      expect((await engine.instant('a')).isOk()).toBe(true);
    });

    it('may be less for a query, but not more', async () => {
      const clock = new ManualClock();
      const engine = new QueryEngine(slowStorage(clock, 5), { clock, timeoutSeconds: 6 });
      expect((await engine.instant('a', { timeoutSeconds: 4 }))._unsafeUnwrapErr()).toMatchObject({
        timeoutSeconds: 4,
      });
      expect((await engine.instant('a + b', { timeoutSeconds: 20 }))._unsafeUnwrapErr()).toMatchObject({
        timeoutSeconds: 6,
      });
    });

    it('answers when the time is up even if the storage never does', async () => {
      const engine = new QueryEngine(new Gate(), { timeoutSeconds: 0.001 });
      expect((await engine.instant('a'))._unsafeUnwrapErr()).toEqual({ kind: 'timed_out', timeoutSeconds: 0.001 });
    });

    it('may be none', async () => {
      const engine = new QueryEngine(ten, { timeoutSeconds: Number.POSITIVE_INFINITY });
      expect((await engine.instant('a', { time: 900 })).isOk()).toBe(true);
    });

    it('counts the time that a query waits', async () => {
      const clock = new ManualClock();
      const engine = new QueryEngine(slowStorage(clock, 6), { clock, timeoutSeconds: 10, maxConcurrent: 1 });
      const [first, second] = await Promise.all([engine.instant('a'), engine.instant('b')]);
      expect(first.isOk()).toBe(true);
      expect(second._unsafeUnwrapErr()).toMatchObject({ kind: 'timed_out' });
    });
  });

  describe('maxConcurrent', () => {
    it('has no more queries read than that', async () => {
      const gate = new Gate();
      const engine = new QueryEngine(gate, { maxConcurrent: 2 });
      const answers = ['a', 'b', 'c'].map((name) => engine.instant(name));
      await gate.until(2);
      await rounds(20);
      expect(gate.waiting).toBe(2);
      gate.openOne();
      await gate.until(3);
      gate.openOne();
      gate.openOne();
      for (const answer of await Promise.all(answers)) expect(answer.isOk()).toBe(true);
    });

    it('gives back the place of a query that failed', async () => {
      const engine = new QueryEngine(ten, { maxConcurrent: 1, maxSamples: 1 });
      for (let i = 0; i < 3; i++) expect((await engine.instant('a', { time: 900 })).isErr()).toBe(true);
      expect((await engine.instant('1')).isOk()).toBe(true);
    });
  });

  describe('signal', () => {
    it('has a query answer cancelled that was aborted before', async () => {
      const answer = await new QueryEngine(ten).instant('a', { signal: AbortSignal.abort() });
      expect(answer._unsafeUnwrapErr()).toEqual({ kind: 'cancelled' });
    });

    it('answers at once, even while the storage does not', async () => {
      const gate = new Gate();
      const controller = new AbortController();
      const answer = new QueryEngine(gate).instant('a', { signal: controller.signal });
      await gate.until(1);
      controller.abort();
      expect((await answer)._unsafeUnwrapErr()).toEqual({ kind: 'cancelled' });
    });

    it('stops the work itself', async () => {
      const controller = new AbortController();
      let read = 0;
      const storage: Queryable = {
        select: () => okAsync(endless(() => ++read === 100 && controller.abort())),
      };
      const engine = new QueryEngine(storage, { maxConcurrent: 1 });
      await engine.instant('count(a)', { time: 0, signal: controller.signal });
      // The only place is free again, so that what was begun has stopped.
      expect((await engine.instant('1')).isOk()).toBe(true);
    });

    it('takes a query that waits out of the line', async () => {
      const gate = new Gate();
      const engine = new QueryEngine(gate, { maxConcurrent: 1 });
      const controller = new AbortController();
      const first = engine.instant('a');
      const second = engine.instant('b', { signal: controller.signal });
      const third = engine.instant('1');
      await gate.until(1);
      controller.abort();
      expect((await second)._unsafeUnwrapErr()).toEqual({ kind: 'cancelled' });
      gate.openOne();
      expect((await first).isOk()).toBe(true);
      expect((await third).isOk()).toBe(true);
    });
  });

  describe('turns', () => {
    it('lets others record while it looks through many series', async () => {
      const storage = new GivenSeries(
        ...Array.from({ length: 200 }, (_, i) => steadySeries({ __name__: 'a_total', id: `${i}` }, 240, 15)),
      );
      const recorded = await recordingDuring(new QueryEngine(storage), 'sum(rate(a_total[5m]))');
      expect(recorded).toBeGreaterThan(5);
    });

    it('lets others record while it looks through one long series', async () => {
      const storage = new GivenSeries(steadySeries({ __name__: 'a_total' }, 100_000, 0.036));
      const recorded = await recordingDuring(new QueryEngine(storage), 'quantile_over_time(0.5, a_total[10m])');
      expect(recorded).toBeGreaterThan(5);
    });

    it('lets others record while the windows of a subquery are looked through', async () => {
      const storage = new GivenSeries(steadySeries({ __name__: 'a_total' }, 10_000, 0.36));
      const recorded = await recordingDuring(new QueryEngine(storage), 'stddev_over_time(a_total[10m:1s])');
      expect(recorded).toBeGreaterThan(5);
    });
  });
});

/** How often a counter was incremented, once in each round of the event loop, while a query was evaluated. */
async function recordingDuring(engine: QueryEngine, expression: string): Promise<number> {
  const counter = new MetricsCollector().counter('rounds_total', { description: 'Rounds of the event loop' });
  let isDone = false;
  const record = () => {
    counter.increment();
    if (!isDone) setImmediate(record);
  };
  setImmediate(record);
  const answer = await engine.range(expression, { start: 0, end: 3600, step: 15 });
  isDone = true;
  expect(answer.isOk()).toBe(true);
  return counter.getValue();
}

async function rounds(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Answers nothing, after a while. */
function slowStorage(clock: ManualClock, seconds: number): Queryable {
  return {
    select: () => {
      clock.advance(seconds);
      return okAsync([]);
    },
  };
}

function* endless(onEach: () => void): Generator<SeriesData> {
  for (let i = 0; ; i++) {
    onEach();
    yield steadySeries({ __name__: 'a', id: `${i}` }, 1, 10);
  }
}

/** A storage that answers nothing, and that only when it is told to. */
class Gate implements Queryable {
  readonly #closed: (() => void)[] = [];
  #came = 0;

  get waiting(): number {
    return this.#closed.length;
  }

  select(): ResultAsync<Iterable<SeriesData>, never> {
    this.#came++;
    const opened = new Promise<void>((resolve) => {
      this.#closed.push(resolve);
    });
    return ResultAsync.fromSafePromise(opened.then(() => []));
  }

  openOne(): void {
    this.#closed.shift()?.();
  }

  /** Resolves when so many have come. */
  async until(count: number): Promise<void> {
    while (this.#came < count) await rounds(1);
  }
}
