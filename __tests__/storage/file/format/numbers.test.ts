// That whatever number is written is read again, bit by bit, and that the usual ones are short.
import fc from 'fast-check';
import { ByteReader, Malformed } from '../../../../storage/file/format/byte-reader.js';
import { ByteWriter } from '../../../../storage/file/format/byte-writer.js';
import { isSameNumber } from '../../../../storage/file/format/numbers.js';

// Bounded, but not by the speed of a machine that does other things besides.
jest.setTimeout(60_000);

const EDGES = [
  0,
  -0,
  NaN,
  Infinity,
  -Infinity,
  2 ** 53,
  -(2 ** 53),
  2 ** 46,
  -(2 ** 46),
  2 ** 46 + 1,
  5e-324,
  1e300,
  0.1,
];
const anyNumber = fc.oneof(fc.constantFrom(...EDGES), fc.double(), fc.integer(), fc.maxSafeInteger());

function written(value: number, before: number): ByteWriter {
  const writer = new ByteWriter();
  writer.number(value, before);
  return writer;
}

describe('ByteWriter.number and ByteReader.number', () => {
  it('give back every number, whatever stood before', () => {
    const roundTrip = (value: number, before: number) => {
      const reader = new ByteReader(written(value, before).written);
      expect(reader.number(before)).toBe(value);
      expect(reader.left).toBe(0);
    };
    for (const value of EDGES) for (const before of EDGES) roundTrip(value, before);
    fc.assert(fc.property(anyNumber, anyNumber, roundTrip), { numRuns: 2000 });
  });

  it.each([
    [5, 5, 1],
    [68, 5, 1],
    [5, 68, 1],
    [1_700_000_000_000, 1_699_999_999_999, 1],
    [0.5, 0.25, 9],
  ])('write %d after %d in %d bytes', (value, before, bytes) => {
    expect(written(value, before).length).toBe(bytes);
  });
});

describe('ByteReader.applyChanges', () => {
  it('does what reading the distances and numbers one by one does', () => {
    const change = fc.record({ cell: fc.nat(300), value: anyNumber });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), fc.integer({ min: 1, max: 10 }), (changes, most) => {
        const expected = new Float64Array(301);
        const writer = new ByteWriter();
        let before = 0;
        for (const { cell, value } of changes) {
          writer.signed(cell - before);
          writer.number(value, expected[cell] as number);
          expected[cell] = value;
          before = cell;
        }
        const cells = new Float64Array(301);
        const reader = new ByteReader(writer.written);
        let last = 0;
        while (reader.left > 0) last = reader.applyChanges(cells, last, { end: 301, most });
        expect(cells).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses cells that are not there, and changes without a number', () => {
    const writer = new ByteWriter();
    writer.signed(5);
    expect(() => new ByteReader(writer.written).applyChanges(new Float64Array(9), 0, { end: 9, most: 1 })).toThrow(
      Malformed,
    );
    writer.varint(3);
    expect(() => new ByteReader(writer.written).applyChanges(new Float64Array(5), 0, { end: 5, most: 1 })).toThrow(
      Malformed,
    );
  });
});

describe('isSameNumber', () => {
  it('is what Object.is says', () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, (a, b) => isSameNumber(a, b) === Object.is(a, b)),
      { numRuns: 2000 },
    );
    for (const a of EDGES) for (const b of EDGES) expect(isSameNumber(a, b)).toBe(Object.is(a, b));
  });
});

describe('ByteWriter and ByteReader', () => {
  it('give back whole numbers and texts of any length', () => {
    const value = fc.oneof(
      fc.record({ whole: fc.maxSafeNat() }),
      fc.record({ signed: fc.integer({ min: -(2 ** 31), max: 2 ** 31 }) }),
      fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 60 }) }),
    );
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const writer = new ByteWriter();
        for (const one of values) {
          if ('whole' in one) writer.varint(one.whole);
          else if ('signed' in one) writer.signed(one.signed);
          else writer.text(one.text);
        }
        const reader = new ByteReader(writer.written);
        for (const one of values) {
          if ('whole' in one) expect(reader.varint()).toBe(one.whole);
          else if ('signed' in one) expect(reader.signed()).toBe(one.signed);
          else expect(reader.text()).toBe(one.text);
        }
        expect(reader.left).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('refuse to read beyond the end, and numbers that have none', () => {
    const reader = () => new ByteReader(new Uint8Array(12).fill(0xff));
    expect(() => reader().varint()).toThrow(Malformed);
    expect(() => reader().text()).toThrow(Malformed);
    expect(() => reader().section(13)).toThrow(Malformed);
    expect(() => new ByteReader(new Uint8Array(7)).f64()).toThrow(Malformed);
  });
});
