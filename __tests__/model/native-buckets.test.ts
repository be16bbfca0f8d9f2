// The buckets of one side, added, scaled and joined, against sums in a map.
import fc from 'fast-check';
import {
  addBuckets,
  coarserBuckets,
  type NativeBuckets,
  scaleBuckets,
  withoutEmptyBuckets,
} from '../../lib/model/native-buckets.js';

type Side = Readonly<Record<number, number>>;

function bucketsOf(side: Side): NativeBuckets {
  const indexes = Int32Array.from(Object.keys(side).map(Number)).sort();
  return { indexes, counts: Float64Array.from(indexes, (index) => side[index] as number) };
}

function sideOf({ indexes, counts }: NativeBuckets): Side {
  expect(indexes).toEqual(Int32Array.from(indexes).sort());
  return Object.fromEntries(Array.from(indexes, (index, i) => [index, counts[i] as number]));
}

const side = fc.dictionary(fc.integer({ min: -20, max: 20 }).map(String), fc.integer({ min: 1, max: 5 }));

describe('addBuckets', () => {
  it('is the sum, or the difference, bucket by bucket, without those that come to 0', () => {
    fc.assert(
      fc.property(side, side, fc.constantFrom(1, -1), (a, b, factor) => {
        const expected = new Map(Object.entries(a));
        for (const [index, count] of Object.entries(b))
          expected.set(index, (expected.get(index) ?? 0) + factor * count);
        const kept = Object.fromEntries([...expected].filter(([, count]) => count !== 0));
        expect(sideOf(addBuckets(bucketsOf(a), bucketsOf(b), factor))).toEqual(kept);
      }),
    );
  });

  it('adds more buckets than it has room for at first', () => {
    const many = (from: number): Side => Object.fromEntries(Array.from({ length: 600 }, (_, i) => [from + 2 * i, 1]));
    expect(Object.keys(sideOf(addBuckets(bucketsOf(many(0)), bucketsOf(many(1)))))).toHaveLength(1200);
  });
});

describe('scaleBuckets', () => {
  it('multiplies, divides, and drops what comes to 0', () => {
    expect(sideOf(scaleBuckets(bucketsOf({ 1: 3, 4: 5 }), 2, 3))).toEqual({ 1: 2, 4: 10 / 3 });
    expect(sideOf(scaleBuckets(bucketsOf({ 1: 3, 4: 5 }), 0))).toEqual({});
  });
});

describe('coarserBuckets', () => {
  it('joins the buckets that end where one of the coarser schema ends', () => {
    expect(sideOf(coarserBuckets(bucketsOf({ [-1]: 1, 0: 2, 1: 3, 2: 4, 5: 6 }), 1))).toEqual({ 0: 3, 1: 7, 3: 6 });
    expect(sideOf(coarserBuckets(bucketsOf({ 1: 3, 2: -3, 3: 1 }), 1))).toEqual({ 2: 1 });
  });
});

describe('withoutEmptyBuckets', () => {
  it('keeps the others', () => {
    expect(sideOf(withoutEmptyBuckets(bucketsOf({ 1: 0, 2: 5, 3: 0 })))).toEqual({ 2: 5 });
  });
});
