// What comes out as protobuf, byte by byte for a small family, decoded by others for all of them; and that a family is neither
// in memory as a whole nor at the expense of others, although its length stands before it.
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { CHUNK_BYTES } from '../../../lib/exposition/chunk-writer.js';
import { encodeFamilies } from '../../../lib/exposition/encode.js';
import type { MetricFamily, SeriesBlock } from '../../../lib/model/family.js';
import { familyOf } from '../../support/families.js';
import { specimens } from '../specimens.js';
import { anyDetailedFamilies } from './any-details.js';
import { decodeFamilies } from './client-model.js';
import { plainMessages } from './plain-messages.js';

jest.setTimeout(60_000);

async function piecesOf(families: Iterable<MetricFamily>, acquireChunk?: () => Uint8Array): Promise<Uint8Array[]> {
  const options = acquireChunk === undefined ? {} : { acquireChunk };
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeFamilies(families, { format: 'protobuf', ...options })) pieces.push(piece);
  return pieces;
}

async function bytesOf(...families: readonly MetricFamily[]): Promise<Buffer> {
  return Buffer.concat(await piecesOf(families));
}

const hex = (...parts: readonly string[]): string => parts.join('').replaceAll(' ', '');

/** The bytes of a text, and of a double. */
const ascii = (text: string): string => Buffer.from(text).toString('hex');
function double(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes.toString('hex');
}

function manyCounters(count: number): MetricFamily {
  const series = Array.from({ length: count }, (_, i) => ({
    labels: { id: `series-${i}`, parity: `${i % 2}` },
    row: i,
    createdMs: 1.7e12 + (i >> 3),
  }));
  return familyOf({ type: 'counter', name: 'many_total' }, { series });
}

function valuesIn(bytes: Uint8Array): number[] {
  return decodeFamilies(bytes).flatMap(({ metric }) => metric.map(({ counter }) => counter!.value));
}

/** Lets each block be read only until the walk moves on or the thread is given up, as live families do. */
function shortLived(family: MetricFamily): MetricFamily {
  return {
    ...family,
    *blocks(): Generator<SeriesBlock> {
      for (const block of family.blocks()) {
        const values = block.values.slice();
        global.setImmediate(() => values.fill(-1));
        yield { ...block, values };
        values.fill(-1);
      }
    },
  };
}

describe('encodeFamilies as protobuf', () => {
  it('writes a counter as its message is laid down', async () => {
    const family = familyOf(
      { type: 'counter', name: 'a_bytes_total', description: 'A.', unit: 'bytes' },
      { series: [{ labels: { b: 'c' }, row: 3, createdMs: 1_700_000_000_001 }] },
    );
    expect((await bytesOf(family)).toString('hex')).toBe(
      hex(
        '3d', // MetricFamily: 61 bytes
        `0a 0d ${ascii('a_bytes_total')}`, // name
        `12 02 ${ascii('A.')}`, // help
        '18 00', // type: COUNTER
        `2a 05 ${ascii('bytes')}`, // unit
        '22 1f', // metric: 31 bytes
        `0a 06 0a 01 ${ascii('b')} 12 01 ${ascii('c')}`, // its label
        `1a 15 09 ${double(3)}`, // counter: 21 bytes, its value
        '1a 0a 08 80 e2 cf aa 06', // created: 1700000000 seconds
        '10 c0 84 3d', // and 1000000 ns
      ),
    );
  });

  it('writes a native histogram as its message is laid down', async () => {
    const native = {
      schema: -1,
      zeroThreshold: 0.5,
      zeroCount: 1,
      positive: { indexes: Int32Array.of(-1, 0, 3), counts: Float64Array.of(2, 1, 300) },
      negative: { indexes: Int32Array.of(7), counts: Float64Array.of(1) },
    };
    const family = familyOf(
      { type: 'histogram', name: 'n', native: true, upperBounds: [] },
      { series: [{ row: [305, 9], native, createdMs: Number.NaN }] },
    );
    expect((await bytesOf(family)).toString('hex')).toBe(
      hex(
        '3d', // MetricFamily: 61 bytes
        `0a 01 ${ascii('n')} 18 04`, // name, type: HISTOGRAM
        '22 36 3a 34', // metric, histogram
        `08 b1 02 11 ${double(9)}`, // count 305, sum
        `28 01 31 ${double(0.5)} 38 01`, // schema -1, zero threshold, zero count
        '4a 04 08 0e 10 01 50 02', // negative: one bucket from 7 on, which holds 1
        '62 04 08 01 10 02', // positive: two buckets from -1 on,
        '62 04 08 04 10 01', // then one after a gap of 2,
        '68 04 68 01 68 d6 04', // which hold 2, 1 less, 299 more
      ),
    );
  });

  it('writes how much neighbouring buckets differ in one byte where that has room, and in more where not', async () => {
    const native = {
      schema: 0,
      zeroThreshold: 0.5,
      zeroCount: 0,
      positive: {
        indexes: Int32Array.of(1, 2, 3, 4, 5, 6, 7),
        counts: Float64Array.of(63, 127, 63, 128, 63, 63, 62),
      },
      negative: { indexes: new Int32Array(0), counts: new Float64Array(0) },
    };
    const family = familyOf(
      { type: 'histogram', name: 'n', native: true, upperBounds: [] },
      { series: [{ row: [569, 9], native, createdMs: Number.NaN }] },
    );
    expect((await bytesOf(family)).toString('hex')).toBe(
      hex(
        '39', // MetricFamily: 57 bytes
        `0a 01 ${ascii('n')} 18 04`, // name, type: HISTOGRAM
        '22 32 3a 30', // metric, histogram
        `08 b9 04 11 ${double(9)}`, // count 569, sum
        `28 00 31 ${double(0.5)} 38 00`, // schema 0, zero threshold, zero count
        '62 04 08 02 10 07', // positive: seven buckets from 1 on
        '68 7e 68 80 01 68 7f', // 63, 64 more, 64 less
        '68 82 01 68 81 01', // 65 more, 65 less
        '68 00 68 01', // as many, 1 less
      ),
    );
  });

  it('writes the time of creation of each series, be it that of the one before, another one or none', async () => {
    const times = [1.7e12, 1.7e12, 1.7e12 + 1, 1000, 1000, Number.NaN, 1.7e12, -1500, 1.7e12 + 250];
    const family = familyOf(
      { type: 'histogram', name: 'h', upperBounds: [1] },
      { series: times.map((createdMs, i) => ({ labels: { i: `${i}` }, row: [1, 2, 3], createdMs })) },
    );
    const [message] = decodeFamilies(await bytesOf(family));
    const read = message!.metric!.map(({ histogram }) => histogram!.createdTimestamp);
    const millisecondsOf = (time: (typeof read)[number]) =>
      time === undefined ? Number.NaN : Number(time.seconds) * 1000 + Number(time.nanos ?? 0) / 1e6;
    expect(read.map(millisecondsOf)).toEqual(times);
  });

  it('shows the numbers of its own time where another one is made in between', async () => {
    const family = familyOf(
      { type: 'gauge', name: 'g' },
      { series: Array.from({ length: 40 }, (_, i) => ({ labels: { i: `${i}` }, row: 1 })), blockSize: 4 },
    );
    const setAll = (value: number) => {
      for (const block of family.blocks()) block.values.fill(value);
    };
    const valuesIn = (bytes: Uint8Array) => decodeFamilies(bytes)[0]!.metric!.map(({ gauge }) => gauge!.value);
    await bytesOf(family);
    const pieces: Uint8Array[] = [];
    for await (const piece of encodeFamilies([family], {
      format: 'protobuf',
      acquireChunk: () => new Uint8Array(64),
    })) {
      pieces.push(piece);
      if (pieces.length !== 2) continue;
      setAll(2);
      expect(valuesIn(await bytesOf(family))).toEqual(new Array(40).fill(2));
    }
    expect(valuesIn(Buffer.concat(pieces))).toEqual(new Array(40).fill(1));
  });

  it('holds all that families have, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(anyDetailedFamilies(), async (families) => {
        expect(decodeFamilies(await bytesOf(...families))).toEqual(plainMessages(families));
      }),
      { numRuns: 40 },
    );
  });

  it('is the same in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(anyDetailedFamilies(), fc.array(fc.nat(300), { minLength: 1 }), async (families, sizes) => {
        let lent = 0;
        const pieces = await piecesOf(families, () => new Uint8Array(sizes[lent++ % sizes.length]!).fill(0xff));
        expect(decodeFamilies(Buffer.concat(pieces))).toEqual(plainMessages(families));
      }),
      { numRuns: 40 },
    );
  });

  it('is the same again when it is written again', async () => {
    await fc.assert(
      fc.asyncProperty(anyDetailedFamilies(), async (families) => {
        const first = await bytesOf(...families);
        expect((await bytesOf(...families)).equals(first)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it.each(specimens)('holds $title', async ({ families }) => {
    expect(decodeFamilies(await bytesOf(...families))).toMatchObject(withoutUnits(plainMessages(families)));
  });

  it('has no unit that is not the suffix of the name, because readers refuse everything for it', async () => {
    const bytes = familyOf({ type: 'counter', name: 'bytes', unit: 'bytes' }, { series: [{ row: 1 }] });
    const seconds = familyOf({ type: 'gauge', name: 'a_seconds', unit: 'seconds' }, { series: [{ row: 1 }] });
    const [first, second] = decodeFamilies(await bytesOf(bytes, seconds));
    expect(first).not.toHaveProperty('unit');
    expect(second).toHaveProperty('unit', 'seconds');
  });

  it('leaves out families without series', async () => {
    const family = familyOf({ type: 'gauge', name: 'g' }, { series: [{ row: 1, removed: true }] });
    expect(await bytesOf(family)).toHaveLength(0);
  });

  it('measures series anew that came, went or began again', async () => {
    const labels = (id: string) => ({ labels: { id } });
    const family = familyOf(
      { type: 'counter', name: 'c' },
      { series: ['a', 'b'.repeat(200), 'c'].map((id, row) => ({ ...labels(id), row })) },
    );
    const [block] = family.blocks() as SeriesBlock[];
    const states: readonly Partial<SeriesBlock>[] = [
      { size: 2 },
      {},
      { constantLabels: [['zone', 'x']] },
      { live: Uint8Array.of(1, 0, 1) },
      { createdMs: Float64Array.of(1000, 1.7e12, 1.7e12 + 1) },
    ];
    for (const state of states) {
      const changed: MetricFamily = { ...family, blocks: () => [{ ...block!, ...state }] };
      expect(decodeFamilies(await bytesOf(changed))).toEqual(plainMessages([changed]));
    }
  });

  it('tells NaN from the marker of a series that ended, whatever bits it came with', async () => {
    const family = familyOf({ type: 'gauge', name: 'g' }, { series: [{ row: 0 }] });
    const [block] = family.blocks() as SeriesBlock[];
    new DataView(block!.values.buffer).setBigUint64(0, 0x7ff0_0000_0000_0002n, true);
    expect((await bytesOf(family)).toString('hex')).toContain('09010000000000f87f');
  });
});

describe('encodeFamilies as protobuf, at length', () => {
  it('hands out pieces about as large as a chunk while a family is being written', async () => {
    const family = manyCounters(30_000);
    const pieces = await piecesOf([family]);
    expect(valuesIn(Buffer.concat(pieces))).toEqual(Array.from({ length: 30_000 }, (_, i) => i));
    expect(pieces.length).toBeGreaterThan(4);
    for (const piece of pieces) expect(piece.byteLength).toBeLessThanOrEqual(CHUNK_BYTES);
  });

  it('needs a lent chunk no longer once the next piece is asked for', async () => {
    const family = manyCounters(30_000);
    const chunks = Array.from({ length: 3 }, () => new Uint8Array(64 * 1024));
    const expected = await bytesOf(family);
    const lent: Uint8Array[] = [...chunks];
    const copies: Buffer[] = [];
    for await (const piece of encodeFamilies([family], { format: 'protobuf', acquireChunk: () => lent.shift()! })) {
      copies.push(Buffer.from(piece));
      lent.push(chunks.find(({ buffer }) => buffer === piece.buffer)!.fill(0));
    }
    expect(Buffer.concat(copies).equals(expected)).toBe(true);
  });

  it('shows each series as it was at one moment, although live families change while they are written', async () => {
    const family = manyCounters(30_000);
    expect((await bytesOf(shortLived(family))).equals(await bytesOf(family))).toBe(true);
  });

  it('gives others a turn in between, while a family is measured as well', async () => {
    const family = manyCounters(100_000);
    let turns = 0;
    let turnsBeforeFirst: number | undefined;
    let running = true;
    void (async () => {
      for (; running; turns++) await setImmediate();
    })();
    // Its own turn, so that what is counted are those that were given up.
    await setImmediate();
    const before = turns;
    for await (const _ of encodeFamilies([family], { format: 'protobuf' })) turnsBeforeFirst ??= turns - before;
    running = false;
    expect(turnsBeforeFirst).toBeGreaterThan(0);
    expect(turns - before).toBeGreaterThan(turnsBeforeFirst!);
  });

  it('closes the walk over a family when it is left early', async () => {
    let open = 0;
    const family = manyCounters(60_000);
    const watched: MetricFamily = {
      ...family,
      *blocks() {
        open++;
        try {
          yield* family.blocks();
        } finally {
          open--;
        }
      },
    };
    const encoding = encodeFamilies([watched], { format: 'protobuf' });
    await encoding.next();
    await encoding.return();
    expect(open).toBe(0);
  });

  it('writes label values of megabytes beside short ones', async () => {
    // Lengths around those whose bytes look like a NaN when they are copied as doubles.
    const lengths = [1, 16_000, 16_370, 16_383, 32_767, 1_000_000, 5_000_000, 2];
    const labels = lengths.map((length, i) => ({ value: 'é'.repeat(length / 2) + 'x'.repeat(length % 2), i: `${i}` }));
    const series = labels.map((one, row) => ({ labels: one, row }));
    const families = [
      familyOf({ type: 'counter', name: 'long_total' }, { series }),
      familyOf({ type: 'gauge', name: 'long' }, { series, constantLabels: [['c', 'y'.repeat(20_000)]] }),
      familyOf(
        { type: 'histogram', name: 'h', upperBounds: [1] },
        { series: labels.map((one, i) => ({ labels: one, row: [i, 1, 0.5] })) },
      ),
    ];
    expect(decodeFamilies(await bytesOf(...families))).toEqual(plainMessages(families));
  });

  it('writes more than any instrument counts', async () => {
    const huge = [2 ** 52, 2 ** 53, 2 ** 60, 1e300, Number.POSITIVE_INFINITY];
    const families = [
      familyOf(
        { type: 'histogram', name: 'h', upperBounds: [1] },
        { series: huge.map((count, i) => ({ labels: { i: `${i}` }, row: [count, 0, 1] })) },
      ),
      familyOf(
        { type: 'summary', name: 's', quantiles: [] },
        { series: [...huge, -1, Number.NaN].map((count, i) => ({ labels: { i: `${i}` }, row: [1, count] })) },
      ),
    ];
    const [histogram, summary] = decodeFamilies(await bytesOf(...families));
    expect(histogram!.metric.map((metric) => metric.histogram!.sampleCount)).toEqual([2 ** 52, ...Array(4)]);
    expect(histogram!.metric.map((metric) => metric.histogram!.sampleCountFloat)).toEqual([
      undefined,
      ...huge.slice(1),
    ]);
    const most = Number.MAX_SAFE_INTEGER;
    expect(summary!.metric.map((metric) => metric.summary!.sampleCount)).toEqual([
      2 ** 52,
      most,
      most,
      most,
      most,
      0,
      undefined,
    ]);
  });

  it('rejects a family that no reader would take, before it has written anything of it', async () => {
    const value = 'x'.repeat(8_000_000);
    const series = Array.from({ length: 300 }, (_, row) => ({ labels: { value, i: `${row}` }, row }));
    const small = familyOf({ type: 'gauge', name: 'small' }, { series: [{ row: 1 }] });
    const huge = familyOf({ type: 'gauge', name: 'huge' }, { series });
    await expect(piecesOf([small, huge])).rejects.toThrow(/The family huge takes 24\d{8} bytes as protobuf/);
  });
});

/** Whether a unit is shown is a matter of its own. */
function withoutUnits(families: ReturnType<typeof plainMessages>): object[] {
  return families.map(({ unit, ...rest }) => rest);
}
