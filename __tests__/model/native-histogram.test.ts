// The arithmetic of native histograms on hand-made ones; what OpenTelemetry and client_golang make of the same is in
// __tests__/conformance.
import {
  addNativeHistograms,
  coarserIndex,
  type NativeHistogram,
  nativeUpperBound,
  withSchema,
  withZeroThreshold,
} from '../../lib/model/native-histogram.js';

function histogram(buckets: Readonly<Record<number, number>>, given: Partial<NativeHistogram> = {}): NativeHistogram {
  const indexes = Int32Array.from(Object.keys(buckets).map(Number)).sort();
  const counts = Float64Array.from(indexes, (index) => buckets[index] as number);
  const none = { indexes: new Int32Array(0), counts: new Float64Array(0) };
  const count = counts.reduce((sum, n) => sum + n, 0) + (given.zeroCount ?? 0);
  return {
    schema: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    sum: 0,
    count,
    positive: { indexes, counts },
    negative: none,
    ...given,
  };
}

function bucketsOf({ positive: { indexes, counts } }: NativeHistogram): Record<number, number> {
  return Object.fromEntries(Array.from(indexes, (index, i) => [index, counts[i] as number]));
}

describe('nativeUpperBound', () => {
  it.each([
    { schema: -1, index: -1, bound: 0.25 },
    { schema: -1, index: 512, bound: Number.MAX_VALUE },
    { schema: -1, index: 513, bound: Number.POSITIVE_INFINITY },
    { schema: 0, index: 0, bound: 1 },
    { schema: 2, index: -1, bound: 0.8408964152537144 },
    { schema: 2, index: 1, bound: 1.189207115002721 },
    { schema: 2, index: 4097, bound: Number.POSITIVE_INFINITY },
  ])('of bucket $index in schema $schema is $bound', ({ schema, index, bound }) => {
    expect(nativeUpperBound(schema, index)).toBe(bound);
  });
});

describe('coarserIndex', () => {
  it('joins the two buckets that end where one of the coarser schema ends', () => {
    expect([-3, -2, -1, 0, 1, 2, 3, 4].map((index) => coarserIndex(index, 1))).toEqual([-1, -1, 0, 0, 1, 1, 2, 2]);
  });
});

describe('withSchema', () => {
  it('keeps every observation', () => {
    expect(bucketsOf(withSchema(histogram({ 1: 2, 2: 3, 5: 4 }, { schema: 1 }), 0))).toEqual({ 1: 5, 3: 4 });
  });
});

describe('withZeroThreshold', () => {
  it('takes up whole buckets, and widens to the end of one that it would cut', () => {
    const wider = withZeroThreshold(histogram({ 0: 1, 2: 5, 4: 7 }), 3);
    expect(wider).toMatchObject({ zeroThreshold: 4, zeroCount: 6 });
    expect(bucketsOf(wider)).toEqual({ 4: 7 });
  });

  it('does not widen for buckets that are not there', () => {
    expect(withZeroThreshold(histogram({ 0: 1, 4: 7 }), 3)).toMatchObject({ zeroThreshold: 3, zeroCount: 1 });
  });
});

describe('addNativeHistograms', () => {
  it('adds at the lower resolution, with the wider zero bucket', () => {
    const sum = addNativeHistograms(
      histogram({ 1: 2, 2: 3, 9: 1 }, { schema: 1, sum: 10 }),
      histogram({ 1: 1 }, { zeroThreshold: 2 ** -10, zeroCount: 4, sum: 5 }),
    );
    expect(sum).toMatchObject({ schema: 0, zeroThreshold: 2 ** -10, zeroCount: 4, count: 11, sum: 15 });
    expect(bucketsOf(sum)).toEqual({ 1: 6, 5: 1 });
  });
});
