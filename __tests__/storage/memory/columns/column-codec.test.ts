// What the columns' codec promises: every number comes back with the same bits.
import fc from 'fast-check';
import { ByteSink } from '../../../../storage/memory/columns/byte-sink.js';
import { ByteSource } from '../../../../storage/memory/columns/byte-source.js';
import { decodeColumn, encodeColumn, MOST_NUMBERS } from '../../../../storage/memory/columns/column-codec.js';

function encode(...columns: readonly number[][]): { bytes: Uint8Array; offsets: number[] } {
  const sink = new ByteSink();
  const offsets = columns.map((column) => {
    const at = sink.length;
    encodeColumn(Float64Array.from(column), column.length, sink);
    return at;
  });
  return { bytes: sink.take(), offsets };
}

function decode(bytes: Uint8Array, at: number, count: number): Float64Array {
  const source = new ByteSource();
  source.open(bytes, at);
  const target = { numbers: new Float64Array(count + 2), at: 1 };
  decodeColumn(source, count, target);
  expect(target.at).toBe(count + 1);
  return target.numbers.slice(1, count + 1);
}

/** The bytes that a column takes, without the spare ones at the end. */
function size(column: readonly number[]): number {
  return encode([...column]).bytes.length - 4;
}

const kinds: Record<string, fc.Arbitrary<number>> = {
  any: fc.double(),
  special: fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE, 2 ** 53, -(2 ** 53), 2 ** 51),
  small: fc.integer({ min: -5, max: 5 }),
  large: fc.maxSafeInteger(),
  decimal: fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 1000),
  micro: fc.maxSafeNat().map((n) => n / 1e6),
  exponents: fc.integer({ min: -60, max: 60 }).map((n) => 2 ** n),
};

describe('encodeColumn and decodeColumn', () => {
  it.each(Object.keys(kinds))('give back every bit: %s numbers', (kind) => {
    const column = fc.array(kinds[kind] as fc.Arbitrary<number>, { minLength: 1, maxLength: MOST_NUMBERS });
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 4 }), (columns) => {
        const { bytes, offsets } = encode(...columns);
        columns.forEach((numbers, c) => {
          const back = decode(bytes, offsets[c] as number, numbers.length);
          numbers.forEach((number, i) => {
            expect(Object.is(back[i], number)).toBe(true);
          });
        });
      }),
    );
  });

  it('give back every bit of columns that mix kinds, and that stay for a while', () => {
    const run = fc.tuple(fc.oneof(...Object.values(kinds)), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 8 }), (runs) => {
        const numbers = runs.flatMap(([number, times]) => Array<number>(times).fill(number)).slice(0, MOST_NUMBERS);
        const { bytes } = encode(numbers);
        expect(Array.from(decode(bytes, 0, numbers.length), String)).toEqual(numbers.map(String));
      }),
    );
  });

  it('give back steps of every width', () => {
    for (let bits = 0; bits <= 51; bits++) {
      const numbers = [0, 2 ** bits - 1, 0, 2 ** bits, 2 ** bits - 1, -(2 ** bits) + 1, 1];
      expect([...decode(encode(numbers).bytes, 0, numbers.length)]).toEqual(numbers);
    }
  });

  it('keep the bits of a NaN, by which Prometheus tells a series that ended from a value that is none', () => {
    const bits = new BigUint64Array([0x7ff8000000000001n, 0x7ff8000000000001n, 0x7ff8000000000007n]);
    const sink = new ByteSink();
    encodeColumn(new Float64Array(bits.buffer), 3, sink);
    const back = decode(sink.take(), 0, 3);
    expect(new BigUint64Array(back.buffer, 0, 3)).toEqual(bits);
  });

  it('take one byte for zeros and a few for a number that stays', () => {
    expect(size(Array<number>(32).fill(0))).toBe(1);
    expect(size(Array<number>(32).fill(123_456))).toBe(4);
    expect(size(Array<number>(32).fill(0.1234567891))).toBe(9);
  });

  it('take no bytes per number for steady steps, and only the bits in which steps differ for others', () => {
    expect(size(Array.from({ length: 32 }, (_, i) => 1e6 + i * 1000))).toBeLessThan(10);
    expect(size(Array.from({ length: 32 }, (_, i) => 1e6 + i * 1000 + (i % 16)))).toBeLessThan(10 + 32);
    expect(size(Array.from({ length: 32 }, (_, i) => (i * i) / 1000))).toBeLessThan(10 + 32);
  });

  it('never take more than the numbers themselves and a little', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1, maxLength: MOST_NUMBERS }), (numbers) => {
        expect(size(numbers)).toBeLessThanOrEqual(numbers.length * 8 + 5);
      }),
    );
  });
});
