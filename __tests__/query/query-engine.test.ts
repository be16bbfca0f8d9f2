// The engine as its users meet it: answers and errors, what it is told and asked for, limits, and turns for others.
import { errAsync, okAsync } from 'neverthrow';
import type { QueryError } from '../../lib/errors.js';
import type { Queryable, SeriesData } from '../../lib/model/storage.js';
import { QueryEngine } from '../../lib/query/query-engine.js';
import type { QueryResult } from '../../lib/query/values/query-result.js';
import { ManualClock } from '../../lib/testing/manual-clock.js';
import { GivenSeries, seriesOf, steadySeries } from './given-series.js';

const north = seriesOf({ __name__: 'orders_total', shop: 'north' }, { 60: 5, 120: 7, 180: 9 });
const south = seriesOf({ __name__: 'orders_total', shop: 'south' }, { 60: 1, 120: 1 });
const both = new GivenSeries(south, north);

describe(QueryEngine, () => {
  describe('constructor', () => {
    it.each([
      ['lookbackSeconds', 0],
      ['timeoutSeconds', -1],
      ['maxSamples', 0.5],
      ['maxConcurrent', Number.NaN],
      ['subqueryStepSeconds', 0],
    ])('refuses %s %p', (option, value) => {
      expect(() => new QueryEngine(both, { [option]: value })).toThrow(
        expect.objectContaining({ kind: 'invalid_option', detail: expect.objectContaining({ option }) }),
      );
    });
  });

  describe('instant', () => {
    it('answers a vector at the time of the query, sorted by labels', async () => {
      const answer = await asked('orders_total', 130);
      expect(answer).toEqual({
        type: 'vector',
        timestampMs: 130_000,
        samples: [
          { labels: { __name__: 'orders_total', shop: 'north' }, value: 7 },
          { labels: { __name__: 'orders_total', shop: 'south' }, value: 1 },
        ],
        warnings: [],
        infos: [],
      });
    });

    it('leaves a vector in the order that the expression gives it', async () => {
      for (const expression of ['sort(orders_total)', '(sort(orders_total))', 'bottomk(2, orders_total)']) {
        expect(shopsOf(await asked(expression, 130))).toEqual(['south', 'north']);
      }
    });

    it('answers a scalar', async () => {
      expect(await asked('1 + time()', 130)).toMatchObject({ type: 'scalar', timestampMs: 130_000, value: 131 });
    });

    it('answers a string', async () => {
      expect(await asked('("text")', 130)).toMatchObject({ type: 'string', timestampMs: 130_000, value: 'text' });
    });

    it('answers a matrix of the samples themselves', async () => {
      const { series } = (await asked('orders_total[2m]', 180)) as QueryResult & { type: 'matrix' };
      expect(series.map(({ timestampsMs, values }) => [[...timestampsMs], [...values]])).toEqual([
        [
          [120_000, 180_000],
          [7, 9],
        ],
        [[120_000], [1]],
      ]);
    });

    it('gives samples of its own where a storage shares its arrays', async () => {
      const { series } = (await asked('orders_total[5m]', 180)) as QueryResult & { type: 'matrix' };
      expect(series[0]?.values).toEqual(north.values);
      expect(series[0]?.values).not.toBe(north.values);
    });

    it('takes a date, seconds, or the time of its clock', async () => {
      const clock = new ManualClock(130_000);
      const engine = new QueryEngine(both, { clock });
      for (const time of [new Date(130_000), 130, undefined]) {
        const answer = await engine.instant('time()', time === undefined ? {} : { time });
        expect(answer._unsafeUnwrap()).toMatchObject({ value: 130, timestampMs: 130_000 });
      }
    });

    it('tells warnings and infos with their places', async () => {
      const gauge = new GivenSeries(seriesOf({ __name__: 'depth' }, { 60: 1, 120: 2 }));
      const answer = await new QueryEngine(gauge).instant('quantile(2, depth) + sum(rate(depth[5m]))', { time: 130 });
      const { warnings, infos } = answer._unsafeUnwrap();
      expect(warnings).toEqual(['PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)']);
      expect(infos).toEqual([
        'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "depth" (1:31)',
      ]);
    });

    it('looks back as far as it is told, for the engine and for the query', async () => {
      const engine = new QueryEngine(both, { lookbackSeconds: 60 });
      const count = async (time: number, lookbackSeconds?: number) => {
        const options = lookbackSeconds === undefined ? { time } : { time, lookbackSeconds };
        const answer = await engine.instant('orders_total{shop="north"}', options);
        return shopsOf(answer._unsafeUnwrap()).length;
      };
      expect(await count(239.999)).toBe(1);
      expect(await count(240)).toBe(0);
      expect(await count(240, 61)).toBe(1);
    });

    it('answers evaluation_failed for a time that is no moment', async () => {
      expect(await refused('up', { time: Number.NaN })).toMatchObject({ kind: 'evaluation_failed' });
      expect(await refused('up', { time: new Date('never') })).toMatchObject({ kind: 'evaluation_failed' });
    });
  });

  it.each([undefined, null, 7, { text: 'up' }])(
    'answers evaluation_failed where the query is no text but %p',
    async (text) => {
      const problem = 'the query is no text';
      expect(await refused(text as never)).toEqual({ kind: 'evaluation_failed', problem });
      const answer = await new QueryEngine(both).range(text as never, { start: 0, end: 10, step: 5 });
      expect(answer._unsafeUnwrapErr()).toEqual({ kind: 'evaluation_failed', problem });
    },
  );

  describe('range', () => {
    it('answers a matrix of the steps at which there is something', async () => {
      const { series } = (await ranged('orders_total', 60, 500, 60)) as QueryResult & { type: 'matrix' };
      expect(series.map(({ labels, timestampsMs, values }) => [labels.shop, [...timestampsMs], [...values]])).toEqual([
        ['north', [60, 120, 180, 240, 300, 360, 420].map(toMs), [5, 7, 9, 9, 9, 9, 9]],
        ['south', [60, 120, 180, 240, 300, 360].map(toMs), [1, 1, 1, 1, 1, 1]],
      ]);
    });

    it('makes a series of a scalar', async () => {
      const { series } = (await ranged('time() / 60', 60, 180, 60)) as QueryResult & { type: 'matrix' };
      expect(series).toEqual([
        { labels: {}, timestampsMs: Float64Array.of(60_000, 120_000, 180_000), values: Float64Array.of(1, 2, 3) },
      ]);
    });

    it('counts steps in milliseconds', async () => {
      const { series } = (await ranged('time()', 0, 0.005, 0.002)) as QueryResult & { type: 'matrix' };
      expect([...(series[0]?.timestampsMs ?? [])]).toEqual([0, 2, 4]);
    });

    it.each([
      ['orders_total[5m]', 'invalid expression type "range vector" for range query, must be Scalar or instant Vector'],
      ['"text"', 'invalid expression type "string" for range query, must be Scalar or instant Vector'],
    ])('refuses %s, which has a type of its own', async (expression, problem) => {
      const answer = await new QueryEngine(both).range(`\n ${expression}`, { start: 0, end: 10, step: 5 });
      expect(answer._unsafeUnwrapErr()).toEqual({ kind: 'type_mismatch', line: 2, column: 2, problem });
    });

    it.each([
      ['a step of no time', { start: 0, end: 10, step: 0 }],
      ['a step of less than a millisecond', { start: 0, end: 10, step: 0.0001 }],
      ['a step without end', { start: 0, end: 10, step: Number.POSITIVE_INFINITY }],
      ['a look-back of nothing', { start: 0, end: 10, step: 1, lookbackSeconds: 0 }],
      ['a timeout that is no number', { start: 0, end: 10, step: 1, timeoutSeconds: Number.NaN }],
      ['an end before the start', { start: 10, end: 0, step: 1 }],
      ['a start that is no moment', { start: Number.NaN, end: 0, step: 1 }],
    ])('answers evaluation_failed for %s', async (_, options) => {
      const answer = await new QueryEngine(both).range('up', options);
      expect(answer._unsafeUnwrapErr().kind).toBe('evaluation_failed');
    });

    it('asks the storage for what each selector needs, and no more', async () => {
      const storage = new GivenSeries(north);
      const engine = new QueryEngine(storage);
      const expression = 'a + rate(b[2m]) + c offset 1m + d @ 50 + sum_over_time(e[2m:1m]) + (f @ end())';
      (await engine.range(expression, { start: 1000, end: 1300, step: 100 }))._unsafeUnwrap();
      const ranges = storage.asked.map(({ names, range }) => [names[0], range.startMs, range.endMs]);
      expect(ranges.sort()).toEqual([
        ['a', 700_001, 1_300_000],
        ['b', 880_001, 1_300_000],
        ['c', 640_001, 1_240_000],
        ['d', -249_999, 50_000],
        // The first multiple of the step that is in the first window, less the look-back, to the last one.
        ['e', 600_001, 1_260_000],
        ['f', 1_000_001, 1_300_000],
      ]);
    });

    it('evaluates once what is the same at every step', async () => {
      const { series } = (await ranged('orders_total @ 60', 100, 300, 100)) as QueryResult & { type: 'matrix' };
      expect(series.map(({ values }) => [...values])).toEqual([
        [5, 5, 5],
        [1, 1, 1],
      ]);
    });
  });

  describe('errors', () => {
    it('are values with their place, for texts that are no query', async () => {
      expect(await refused('sum(')).toMatchObject({ kind: 'parse_error', line: 1 });
      expect(await refused('rate(up)')).toMatchObject({ kind: 'type_mismatch', line: 1, column: 6 });
      expect(await refused('limitk(1, up)')).toMatchObject({ kind: 'unsupported' });
    });

    it('say when series cannot be told apart any more', async () => {
      const storage = new GivenSeries(
        seriesOf({ __name__: 'a_total' }, { 60: 1 }),
        seriesOf({ __name__: 'b_total' }, { 60: 2 }),
      );
      const answer = await new QueryEngine(storage).instant('-{__name__=~".+"}', { time: 60 });
      const problem = 'vector cannot contain metrics with the same labelset';
      expect(answer._unsafeUnwrapErr()).toEqual({ kind: 'evaluation_failed', problem });
    });

    it('carry what the storage answers', async () => {
      const cause = { kind: 'storage_closed', storage: 'closed' } as const;
      const closed: Queryable = { select: () => errAsync(cause) };
      const answer = await new QueryEngine(closed).instant('up');
      expect(answer._unsafeUnwrapErr()).toEqual({ kind: 'select_failed', cause });
    });

    it('carry what a storage throws while it is read', async () => {
      const cause = new Error('the disk is gone');
      const broken: Queryable = { select: () => okAsync(failingSeries(cause)) };
      const answer = await new QueryEngine(broken).instant('up');
      expect(answer._unsafeUnwrapErr()).toEqual({
        kind: 'select_failed',
        cause: { kind: 'storage_failed', storage: 'queryable', cause },
      });
    });

    it('are no rejections, whatever a storage does', async () => {
      const broken = { select: () => undefined } as unknown as Queryable;
      const answer = await new QueryEngine(broken).instant('up');
      expect(answer._unsafeUnwrapErr().kind).toBe('evaluation_failed');
    });
  });

  it('reads storages that answer series as they come', async () => {
    const storage: Queryable = { select: () => okAsync(seriesOneByOne(south, north)) };
    const answer = await new QueryEngine(storage).instant('sum(orders_total)', { time: 130 });
    expect(answer._unsafeUnwrap()).toMatchObject({ samples: [{ labels: {}, value: 8 }] });
  });

  it('sorts more series than it sorts at a time', async () => {
    const ids = Array.from({ length: 5000 }, (_, i) => String((i * 7919) % 5000).padStart(4, '0'));
    const storage = new GivenSeries(...ids.map((id) => steadySeries({ __name__: 'many', id }, 1, 60)));
    const answer = (await new QueryEngine(storage).instant('many', { time: 0 }))._unsafeUnwrap();
    const found = answer.type === 'vector' ? answer.samples.map(({ labels }) => labels.id) : [];
    expect(found).toEqual([...ids].sort());
  });
});

const toMs = (seconds: number): number => seconds * 1000;

async function asked(expression: string, time: number): Promise<QueryResult> {
  return (await new QueryEngine(both).instant(expression, { time }))._unsafeUnwrap();
}

async function ranged(expression: string, start: number, end: number, step: number): Promise<QueryResult> {
  return (await new QueryEngine(both).range(expression, { start, end, step }))._unsafeUnwrap();
}

async function refused(expression: string, options: { time?: number | Date } = {}): Promise<QueryError> {
  return (await new QueryEngine(both).instant(expression, options))._unsafeUnwrapErr();
}

function shopsOf(result: QueryResult): (string | undefined)[] {
  return result.type === 'vector' ? result.samples.map(({ labels }) => labels.shop) : [];
}

async function* seriesOneByOne(...series: readonly SeriesData[]): AsyncGenerator<SeriesData> {
  yield* series;
}

// biome-ignore lint/correctness/useYield: it fails before it has anything to yield
async function* failingSeries(cause: Error): AsyncGenerator<SeriesData> {
  throw cause;
}
