// Numbers and times, as protobufjs reads them: every length of a varint, both kinds of a time.
import fc from 'fast-check';
import protobuf from 'protobufjs';
import {
  TimestampField,
  timestampFieldBytes,
  writeTimestampField,
} from '../../../lib/exposition/protobuf/timestamp-field.js';
import {
  int64Bytes,
  labelPairBytes,
  varintBytes,
  writeInt64,
  writeLabelPair,
  writeVarint,
  zigzag,
} from '../../../lib/exposition/protobuf/wire.js';

/** What was written into a view full of something else, read by somebody else. */
function written(write: (target: DataView) => number): { readonly reader: protobuf.Reader; readonly bytes: number } {
  const bytes = new Uint8Array(64).fill(0xee);
  const end = write(new DataView(bytes.buffer));
  return { reader: protobuf.Reader.create(bytes.subarray(0, end)), bytes: end };
}

const powers = Array.from({ length: 53 }, (_, i) => 2 ** i);
const edges = [0, ...powers, ...powers.map((power) => power - 1), Number.MAX_SAFE_INTEGER];

describe('writeVarint', () => {
  it.each(edges)('writes %d', (value) => {
    const { reader, bytes } = written((target) => writeVarint(target, 0, value));
    expect(Number(reader.uint64())).toBe(value);
    expect([reader.pos, varintBytes(value)]).toEqual([bytes, bytes]);
  });

  it('writes any whole number', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const { reader, bytes } = written((target) => writeVarint(target, 0, value));
        expect([Number(reader.uint64()), varintBytes(value)]).toEqual([value, bytes]);
      }),
    );
  });
});

describe('writeInt64', () => {
  it('writes numbers of both signs', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const { reader, bytes } = written((target) => writeInt64(target, 0, value));
        expect([Number(reader.int64()), int64Bytes(value)]).toEqual([value, bytes]);
      }),
    );
  });
});

describe('zigzag', () => {
  it('makes short numbers of those near zero, in both directions', () => {
    expect([0, -1, 1, -2, 2].map(zigzag)).toEqual([0, 1, 2, 3, 4]);
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), (value) => {
        const { reader } = written((target) => writeVarint(target, 0, zigzag(value)));
        expect(Number(reader.sint64())).toBe(value);
      }),
    );
  });
});

describe('writeLabelPair', () => {
  it('writes names and values of any characters', () => {
    const { reader, bytes } = written((target) => writeLabelPair(target, 0, 'é', '花'));
    const [tag, length, name, value] = [
      reader.uint32(),
      reader.uint32(),
      reader.skip(1).string(),
      reader.skip(1).string(),
    ];
    expect([tag, name, value]).toEqual([0x0a, 'é', '花']);
    expect([length, labelPairBytes('é', '花')]).toEqual([bytes - 2, bytes]);
  });
});

describe('TimestampField', () => {
  it('is what is written otherwise, for every usual time', () => {
    const field = new TimestampField();
    const usual = fc.oneof(
      fc.integer({ min: 2 ** 28 * 1000, max: 2 ** 31 * 1000 - 1 }),
      fc.integer({ min: 0, max: 999 }).map((ms) => 1.7e12 + ms),
      fc.double({ min: 2 ** 28 * 1000, max: 2 ** 31 * 1000 - 1, noNaN: true }),
    );
    fc.assert(
      fc.property(usual, (ms) => {
        const target = new DataView(new ArrayBuffer(TimestampField.ROOM));
        const end = writeTimestampField(target, 0, 0x1a, ms);
        const bytes = field.make(0x1a, Float64Array.of(0, ms), 1);
        const made = Buffer.from(field.doubles.buffer, 0, bytes).toString('hex');
        expect(made).toBe(Buffer.from(target.buffer, 0, end).toString('hex'));
        expect(timestampFieldBytes(ms)).toBe(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it.each([0, -1, 2 ** 28 * 1000 - 1, 2 ** 31 * 1000, Number.NaN, Number.POSITIVE_INFINITY])(
    'is not made for %d',
    (ms) => {
      expect(new TimestampField().make(0x1a, Float64Array.of(ms), 0)).toBe(-1);
    },
  );
});
