// Runs of native histograms for property tests: what one series may be at some moments, from standing still and counting on
// to resets, other resolutions and counts that are no whole numbers.
import fc from 'fast-check';
import type { NativeBuckets, NativeHistogram } from '../../../lib/model/native-histogram.js';

/** A histogram of whole numbers; its count is that of its buckets. */
export function nativeOf(
  positive: Readonly<Record<number, number>>,
  {
    negative = {},
    schema = 3,
    zeroThreshold = 2 ** -128,
    zeroCount = 0,
    sum = 1,
  }: {
    readonly negative?: Readonly<Record<number, number>>;
    readonly schema?: number;
    readonly zeroThreshold?: number;
    readonly zeroCount?: number;
    readonly sum?: number;
  } = {},
): NativeHistogram {
  const sides = { positive: bucketsOf(positive), negative: bucketsOf(negative) };
  const observations = [...sides.positive.counts, ...sides.negative.counts];
  const count = observations.reduce((total, one) => total + one, zeroCount);
  return { schema, zeroThreshold, zeroCount, count, sum, ...sides };
}

function bucketsOf(counts: Readonly<Record<number, number>>): NativeBuckets {
  const entries = Object.entries(counts).map(([index, count]) => [Number(index), count] as const);
  const sorted = entries.filter(([, count]) => count !== 0).sort(([a], [b]) => a - b);
  return {
    indexes: Int32Array.from(sorted, ([index]) => index),
    counts: Float64Array.from(sorted, ([, count]) => count),
  };
}

const count = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(1, 2 ** 53, 0.5, 1e300, 1e-9));
/** Such as recordings make. */
export const usualIndex = fc.integer({ min: -20, max: 60 });
const anyIndex = fc.oneof(usualIndex, fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 0));
const number = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double(), fc.constantFrom(NaN, -0, Infinity));

function histograms(index: fc.Arbitrary<number>): fc.Arbitrary<NativeHistogram> {
  const buckets = fc.dictionary(index.map(String), count, { maxKeys: 30 });
  return fc
    .record({
      positive: buckets,
      negative: buckets,
      schema: fc.integer({ min: -4, max: 8 }),
      zeroThreshold: fc.constantFrom(0, 2 ** -128, 0.001, 1),
      zeroCount: fc.oneof(fc.constant(0), count),
      sum: number,
    })
    .map(({ positive, ...rest }) => nativeOf(positive, rest));
}

type Step =
  | { readonly kind: 'same' }
  | { readonly kind: 'observe'; readonly indexes: readonly number[]; readonly sum: number }
  | { readonly kind: 'anew'; readonly histogram: NativeHistogram };

function steps(index: fc.Arbitrary<number>): fc.Arbitrary<Step> {
  const same: Step = { kind: 'same' };
  const observe = fc.record({
    kind: fc.constant('observe' as const),
    indexes: fc.array(index, { maxLength: 5 }),
    sum: number,
  });
  const anew = histograms(index).map((histogram) => ({ kind: 'anew' as const, histogram }));
  return fc.oneof(fc.constant(same), { weight: 4, arbitrary: observe }, anew);
}

/** What a series was at consecutive moments, up to so many. */
export function nativeRun(
  most: number,
  index: fc.Arbitrary<number> = anyIndex,
): fc.Arbitrary<readonly NativeHistogram[]> {
  return fc.tuple(histograms(index), fc.array(steps(index), { maxLength: most - 1 })).map(([first, todo]) => {
    const run = [first];
    for (const step of todo) run.push(next(run.at(-1) as NativeHistogram, step));
    return run;
  });
}

function next(before: NativeHistogram, todo: Step): NativeHistogram {
  if (todo.kind === 'same') return before;
  if (todo.kind === 'anew') return todo.histogram;
  const { schema, zeroThreshold, zeroCount } = before;
  const counts: Record<number, number> = {};
  before.positive.indexes.forEach((at, i) => {
    counts[at] = before.positive.counts[i] as number;
  });
  for (const at of todo.indexes) counts[at] = (counts[at] ?? 0) + 1;
  const negative = Object.fromEntries(
    Array.from(before.negative.indexes, (at, i) => [at, before.negative.counts[i] as number]),
  );
  return nativeOf(counts, { negative, schema, zeroThreshold, zeroCount, sum: todo.sum });
}
