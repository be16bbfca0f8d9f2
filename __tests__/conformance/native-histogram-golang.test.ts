// Native histograms judged by client_golang's own cases: which bucket a value is in, what happens at the limit of buckets
// and when a series starts anew. Values that the public instrument refuses go to the store of buckets alone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_BUCKETS, exponentialBuckets, linearBuckets, MetricDefinitionError } from 'telltale';
import { BucketSearch } from '../../lib/instruments/buckets.js';
import { nativeIndex, observed } from '../../lib/instruments/native/native-index.js';
import { nativeLimits } from '../../lib/instruments/native/native-options.js';
import { NativeSeries } from '../../lib/instruments/native/native-series.js';
import { SeriesGroup } from '../../lib/instruments/series-group.js';
import { SeriesMemory } from '../../lib/instruments/series-memory.js';
import type { SeriesBlock } from '../../lib/model/family.js';
import {
  type NativeBuckets,
  type NativeHistogram,
  nativeHistogramAt,
  nativeUpperBound,
} from '../../lib/model/native-histogram.js';
import { setUp } from '../instruments/setup.js';

type Written = number | 'NaN' | '+Inf' | '-Inf';

interface Span {
  readonly offset: number;
  readonly length: number;
}

interface Want {
  readonly count: number;
  readonly sum: Written;
  readonly schema?: number;
  readonly zeroThreshold?: number;
  readonly zeroCount?: number;
  readonly positiveSpans?: readonly Span[];
  readonly positiveDeltas?: readonly number[];
  readonly negativeSpans?: readonly Span[];
  readonly negativeDeltas?: readonly number[];
  readonly classicBuckets?: readonly { readonly le: number; readonly cumulativeCount: number }[];
  readonly createdAtMinute: number;
}

interface Case {
  readonly name: string;
  readonly observations: readonly Written[];
  readonly factor: number;
  readonly zeroThreshold?: number;
  readonly maxBuckets?: number;
  readonly maxZeroThreshold?: number;
  readonly minResetMinutes?: number;
  readonly want: Want;
}

interface CaseFile {
  readonly nativeHistogram: readonly Case[];
  readonly upperBoundOfBucket: readonly { readonly key: number; readonly schema: number; readonly le: Written }[];
  readonly findBucket: readonly {
    readonly bounds: readonly number[];
    readonly value: number;
    readonly index: number;
  }[];
  readonly bucketGenerators: readonly {
    readonly fn: string;
    readonly args: readonly [number, number, number];
    readonly want: readonly number[];
    readonly epsilon?: number;
  }[];
  readonly bucketsRejected: readonly (readonly Written[])[];
}

const file = join(__dirname, '../../../shared/cases/native_histogram_golang.json');
const cases = JSON.parse(readFileSync(file, 'utf8')) as CaseFile;

function numberOf(written: Written): number {
  return typeof written === 'number' ? written : Number(written.replace('Inf', 'Infinity'));
}

/** Buckets as the protocol has them: runs of neighbours, at most two empty ones within, and differences of counts. */
function spansOf({ indexes, counts }: NativeBuckets): { spans: Span[]; deltas: number[] } {
  const spans: { offset: number; length: number }[] = [];
  const deltas: number[] = [];
  let next = 0;
  let before = 0;
  const append = (count: number) => {
    deltas.push(count - before);
    before = count;
  };
  indexes.forEach((index, i) => {
    const gap = index - next;
    const span = spans.at(-1);
    if (span === undefined || gap > 2) {
      spans.push({ offset: gap, length: 0 });
    } else {
      for (let empty = 0; empty < gap; empty++) append(0);
      span.length += gap;
    }
    (spans.at(-1) as { length: number }).length++;
    append(counts[i] as number);
    next = index + 1;
  });
  return { spans, deltas };
}

function expectBuckets(got: NativeHistogram, want: Want): void {
  expect(got.schema).toBe(want.schema);
  expect(got.zeroThreshold).toBe(want.zeroThreshold);
  expect(got.zeroCount).toBe(want.zeroCount);
  // An empty span only tells readers of the protocol that a histogram without buckets is a native one.
  const wanted = (spans: readonly Span[] = []) => spans.filter(({ length }) => length > 0);
  expect(spansOf(got.positive)).toEqual({ spans: wanted(want.positiveSpans), deltas: want.positiveDeltas ?? [] });
  expect(spansOf(got.negative)).toEqual({ spans: wanted(want.negativeSpans), deltas: want.negativeDeltas ?? [] });
}

function optionsOf({ factor, zeroThreshold, maxBuckets, maxZeroThreshold, minResetMinutes }: Case) {
  return {
    growthFactor: factor,
    zeroThreshold: zeroThreshold === -1 ? 0 : (zeroThreshold ?? 2 ** -128),
    maxBuckets: maxBuckets ?? 65_536,
    maxZeroThreshold: maxZeroThreshold ?? 0,
    minResetSeconds: minResetMinutes === undefined ? Number.POSITIVE_INFINITY : minResetMinutes * 60,
    maxExemplars: 10,
    exemplarTtlSeconds: 300,
  };
}

describe('native_histogram_golang.json', () => {
  const isTaken = ({ observations }: Case) => observations.every((value) => Number.isFinite(value));

  it.each(cases.nativeHistogram.filter(isTaken))('instrument: $name', async (given) => {
    const { metrics, clock } = setUp();
    const startMs = clock.now();
    const histogram = metrics.histogram('h', given.factor === 1 ? {} : { native: optionsOf(given) });
    for (const value of given.observations) {
      clock.advance(60);
      histogram.observe(numberOf(value));
    }
    clock.advance(60);
    const { families } = await metrics.snapshot();
    const family = families.find(({ descriptor }) => descriptor.name === 'h');
    const [block] = [...(family?.blocks() ?? [])] as [SeriesBlock];
    const { want } = given;
    const rowSum = block.values[block.width - 1] as number;
    expect(rowSum).toBeCloseTo(numberOf(want.sum), 12);
    expect((block.createdMs[0] as number) - startMs).toBe(want.createdAtMinute * 60_000);
    const got = nativeHistogramAt(block, 0);
    if (want.schema !== undefined) {
      expect(got?.count).toBe(want.count);
      return expectBuckets(got as NativeHistogram, want);
    }
    expect(got).toBeUndefined();
    const cumulative = DEFAULT_BUCKETS.map((le, bucket) => {
      return { le, cumulativeCount: block.values.subarray(0, bucket + 1).reduce((sum, count) => sum + count, 0) };
    });
    expect(cumulative).toEqual(want.classicBuckets);
  });

  it.each(cases.nativeHistogram.filter((given) => !isTaken(given)))('store of buckets: $name', (given) => {
    const group = new SeriesGroup({
      names: [],
      width: 2,
      mostRows: 16,
      constantLabels: [],
      keepsTimes: false,
      memory: new SeriesMemory(),
    });
    const limits = nativeLimits(optionsOf(given));
    const series = new NativeSeries({ group, slot: 0, tables: [] }, nativeIndex(limits.schema), limits);
    const values = given.observations.map(numberOf);
    for (const value of values) {
      observed[0] = value;
      series.count();
    }
    const sum = values.reduce((total, value) => total + value, 0);
    const got = series.read(values.length, sum);
    expect(got).toMatchObject({ count: given.want.count, sum: numberOf(given.want.sum) });
    expectBuckets(got, given.want);
  });

  it.each(cases.upperBoundOfBucket)('bucket $key of schema $schema ends at $le', ({ key, schema, le }) => {
    expect(nativeUpperBound(schema, key)).toBe(numberOf(le));
  });

  it.each(cases.findBucket)('$value is in classic bucket $index', ({ bounds, value, index }) => {
    expect(new BucketSearch(bounds).find(value)).toBe(index);
  });

  it.each(cases.bucketGenerators)('$fn buckets of $args', ({ fn, args, want, epsilon = 1e-12 }) => {
    const [first, second, count] = args;
    const generators: Record<string, () => number[]> = {
      linear: () => linearBuckets(first, second, count),
      exponential: () => exponentialBuckets(first, second, count),
      exponentialRange: () => exponentialBuckets(first, (second / first) ** (1 / (count - 1)), count),
    };
    const got = (generators[fn] as () => number[])();
    expect(got).toHaveLength(want.length);
    got.forEach((bound, i) => {
      expect(Math.abs(bound - (want[i] as number))).toBeLessThanOrEqual(epsilon * Math.max(1, Math.abs(bound)));
    });
  });

  it.each(cases.bucketsRejected)('refuses the bounds %p', (...bounds) => {
    const { metrics } = setUp();
    expect(() => metrics.histogram('h', { buckets: bounds.map(numberOf) })).toThrow(MetricDefinitionError);
  });

  // The cases of constant histograms are the ones above, said by client_golang to give the same; those of exemplars are in
  // exemplars-golang.test.ts.
});
