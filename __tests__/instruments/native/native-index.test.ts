// From a value to its bucket, for any value and any resolution, beside the definition: the first upper bound that is not
// below it.
import fc from 'fast-check';
import { nativeIndex } from '../../../lib/instruments/native/native-index.js';
import { coarserIndex, LEAST_SCHEMA, MOST_SCHEMA, nativeUpperBound } from '../../../lib/model/native-histogram.js';

/** As a series of that schema finds it. */
function indexAt(schema: number, magnitude: number): number {
  return coarserIndex(nativeIndex(schema).find(magnitude), Math.max(0, -schema));
}

const magnitudes = fc.oneof(
  fc.double({ min: 5e-324, noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: 5e-324, max: 1e-300, noNaN: true }),
  fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
  fc.integer({ min: -1074, max: 1023 }).map((exponent) => 2 ** exponent),
);
const schemas = fc.integer({ min: LEAST_SCHEMA, max: MOST_SCHEMA });

describe('NativeIndex', () => {
  it('finds the bucket whose bounds are around a value', () => {
    fc.assert(
      fc.property(schemas, magnitudes, (schema, magnitude) => {
        const index = indexAt(schema, magnitude);
        // Bounds of the smallest numbers are no doubles: compared 64 octaves further up, where all of them are.
        const octaves = magnitude < 2 ** -900 ? 64 : 0;
        const boundOf = (bucket: number) => nativeUpperBound(schema, bucket + octaves * 2 ** schema);
        expect(boundOf(index - 1)).toBeLessThan(magnitude * 2 ** octaves);
        expect(boundOf(index)).toBeGreaterThanOrEqual(magnitude * 2 ** octaves);
      }),
      { numRuns: 1000 },
    );
  });

  it('has every bound in the bucket that it ends, and the next double in the next', () => {
    const bits = new DataView(new ArrayBuffer(8));
    const after = (value: number) => {
      bits.setFloat64(0, value);
      bits.setBigInt64(0, bits.getBigInt64(0) + 1n);
      return bits.getFloat64(0);
    };
    for (let schema = LEAST_SCHEMA; schema <= MOST_SCHEMA; schema++) {
      for (let index = -300; index <= 300; index += 7) {
        const bound = nativeUpperBound(schema, index);
        // Below these, several bounds are the same double.
        if (bound < 2 ** -1000 || bound > 2 ** 1000) continue;
        expect([indexAt(schema, bound), indexAt(schema, after(bound))]).toEqual([index, index + 1]);
      }
    }
  });

  it('has infinity in a bucket behind all others', () => {
    for (let schema = LEAST_SCHEMA; schema <= MOST_SCHEMA; schema++) {
      const index = indexAt(schema, Number.POSITIVE_INFINITY);
      expect(index).toBe(indexAt(schema, Number.MAX_VALUE) + 1);
      expect(nativeUpperBound(schema, index)).toBe(Number.POSITIVE_INFINITY);
    }
  });
});
