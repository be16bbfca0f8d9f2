// That numbers are printed as the formats want them, and that whatever is printed parses back to exactly the same bits,
// however the digits were found.
import fc from 'fast-check';
import { canonicalNumber, MAX_NUMBER_BYTES, plainNumber, writeNumber } from '../../lib/exposition/numbers.js';

const anyNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.integer({ min: 0, max: 1e9 }).map((n) => n / 1000),
  fc.maxSafeInteger().map((n) => n / 1e6),
  fc.maxSafeInteger().map((n) => n / 1e7),
);

function written(value: number): string {
  const target = new DataView(new ArrayBuffer(MAX_NUMBER_BYTES + 3));
  const end = writeNumber(target, 3, value);
  return Buffer.from(target.buffer, 3, end - 3).toString('latin1');
}

function parsed(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}

describe('writeNumber', () => {
  it.each([
    [0, '0'],
    [-0, '-0'],
    [7, '7'],
    [10, '10'],
    [99, '99'],
    [100, '100'],
    [-12345, '-12345'],
    [2_147_483_647, '2147483647'],
    [2_147_483_648, '2147483648'],
    [100_000_000_000, '100000000000'],
    [123_456_700_000_089, '123456700000089'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [2 ** 53, '9007199254740992'],
    [1e21, '1e+21'],
    [0.5, '0.5'],
    [0.1 + 0.2, '0.30000000000000004'],
    [-2.25, '-2.25'],
    [1_700_000_000.123, '1700000000.123'],
    [0.000001, '0.000001'],
    [1e-7, '1e-7'],
    [8_999_999_999.999998, '8999999999.999998'],
    [9_000_000_000.000002, '9000000000.000002'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
    [Number.NaN, 'NaN'],
  ])('prints %p as %p', (value, text) => {
    expect(written(value)).toBe(text);
  });

  it('prints every count of digits', () => {
    for (let digits = 1; digits <= 15; digits++) {
      for (const value of [10 ** (digits - 1), 10 ** digits - 1]) expect(written(value)).toBe(String(value));
    }
  });

  it('prints what parses back to the same bits, in no more room than is promised', () => {
    fc.assert(
      fc.property(anyNumber, (value) => {
        const text = written(value);
        expect(text.length).toBeLessThanOrEqual(MAX_NUMBER_BYTES);
        expect(parsed(text)).toBe(value);
      }),
      { numRuns: 5000 },
    );
  });

  it('touches nothing before the number', () => {
    fc.assert(
      fc.property(anyNumber, (value) => {
        const bytes = new Uint8Array(MAX_NUMBER_BYTES + 8).fill(0xab);
        writeNumber(new DataView(bytes.buffer), 8, value);
        expect(bytes.subarray(0, 8).every((byte) => byte === 0xab)).toBe(true);
      }),
    );
  });
});

describe('plainNumber', () => {
  it('prints the same as writeNumber where a sign or infinity is concerned', () => {
    for (const value of [0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0.25, 1e6]) {
      expect(plainNumber(value)).toBe(written(value));
    }
  });
});

describe('canonicalNumber', () => {
  it.each([
    [1, '1.0'],
    [0, '0.0'],
    [-0, '-0.0'],
    [-5, '-5.0'],
    [0.5, '0.5'],
    [999_999, '999999.0'],
    [1_000_000, '1e+06'],
    [-2_500_000, '-2.5e+06'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1e-10, '1e-10'],
    [1e100, '1e+100'],
    [Number.POSITIVE_INFINITY, '+Inf'],
  ])('prints %p as %p', (value, text) => {
    expect(canonicalNumber(value)).toBe(text);
  });

  it('prints what parses back to the same bits, and never a bare integer', () => {
    fc.assert(
      fc.property(anyNumber, (value) => {
        const text = canonicalNumber(value);
        expect(parsed(text)).toBe(value);
        expect(text).not.toMatch(/^-?\d+$/);
      }),
      { numRuns: 2000 },
    );
  });
});
