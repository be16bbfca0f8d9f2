// The walk over families: that every series is printed once and alike however blocks and chunks fall, and that neither a
// long exposition nor an abandoned one is at the expense of others.
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { CHUNK_BYTES } from '../../lib/exposition/chunk-writer.js';
import { type EncodeOptions, encodeFamilies, encodeToString } from '../../lib/exposition/encode.js';
import type { MetricFamily, SeriesBlock } from '../../lib/model/family.js';
import { familyOf } from '../support/families.js';
import { JUDGE_COMPONENTS, type OpenMetricsJudge, startOpenMetricsJudge } from '../support/openmetrics-judge.js';
import { describeWithServer } from '../support/servers.js';
import { anyFamilies } from './any-families.js';
import { plainText } from './plain-encoder.js';

function manyCounters(count: number, blockSize = 1024): MetricFamily {
  const series = Array.from({ length: count }, (_, i) => ({
    labels: { id: `series-${i}`, parity: `${i % 2}` },
    row: i,
  }));
  return familyOf({ type: 'counter', name: 'many_total' }, { series, blockSize });
}

async function piecesOf(families: Iterable<MetricFamily>, acquireChunk?: () => Uint8Array): Promise<Uint8Array[]> {
  const options = acquireChunk === undefined ? {} : { acquireChunk };
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeFamilies(families, { format: 'prometheus', ...options })) pieces.push(piece);
  return pieces;
}

/** Counts the turns that others get until it is stopped. */
function countTurns(): { stop(): number } {
  let turns = 0;
  let running = true;
  void (async () => {
    while (running) {
      await setImmediate();
      turns += 1;
    }
  })();
  return {
    stop: () => {
      running = false;
      return turns;
    },
  };
}

/** Lets each block be read only until the walk moves on or the thread is given up, as live families do. */
function shortLived(family: MetricFamily): MetricFamily & { readonly open: number } {
  let open = 0;
  return {
    ...family,
    get open() {
      return open;
    },
    *blocks(): Generator<SeriesBlock> {
      open += 1;
      try {
        for (const block of family.blocks()) {
          const values = block.values.slice();
          const labelIds = block.labelIds.slice();
          global.setImmediate(() => values.fill(-1));
          yield { ...block, values, labelIds };
          values.fill(-1);
          labelIds.fill(0);
        }
      } finally {
        open -= 1;
      }
    },
  };
}

describe('encodeFamilies', () => {
  it('prints what a plain encoder prints, whatever the families', async () => {
    await fc.assert(
      fc.asyncProperty(anyFamilies(), async (families) => {
        expect(Buffer.concat(await piecesOf(families)).toString()).toBe(plainText(families));
      }),
    );
  });

  it('prints the same into chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(anyFamilies(), fc.array(fc.nat(300), { minLength: 1 }), async (families, sizes) => {
        let lent = 0;
        const pieces = await piecesOf(families, () => new Uint8Array(sizes[lent++ % sizes.length]!).fill(0xff));
        expect(Buffer.concat(pieces).toString()).toBe(plainText(families));
        for (const piece of pieces) expect(piece.at(-1)).toBe(0x0a);
      }),
    );
  });

  it('prints the same again and again while values are added to the dictionaries', async () => {
    const family = manyCounters(40, 5);
    const blocks = [...family.blocks()];
    for (let known = 1; known <= blocks.length; known++) {
      const grown = { ...family, blocks: () => blocks.slice(0, known) };
      expect(Buffer.concat(await piecesOf([grown])).toString()).toBe(plainText([grown]));
    }
  });

  it('hands out pieces about as large as a chunk, which stay valid', async () => {
    const family = manyCounters(30_000);
    const pieces = await piecesOf([family]);
    expect(Buffer.concat(pieces).toString()).toBe(plainText([family]));
    expect(pieces.length).toBeGreaterThan(4);
    for (const piece of pieces) expect(piece.byteLength).toBeLessThanOrEqual(CHUNK_BYTES);
  });

  it('does not keep a whole chunk for a small exposition', async () => {
    const [piece] = await piecesOf([manyCounters(3)]);
    expect(piece!.buffer.byteLength).toBe(piece!.byteLength);
  });

  it('needs a lent chunk no longer once the next piece is asked for', async () => {
    const family = manyCounters(30_000, 256);
    const chunks = Array.from({ length: 3 }, () => new Uint8Array(64 * 1024));
    let text = '';
    const lent: Uint8Array[] = [...chunks];
    for await (const piece of encodeFamilies([family], { format: 'prometheus', acquireChunk: () => lent.shift()! })) {
      text += Buffer.from(piece).toString();
      lent.push(chunks.find(({ buffer }) => buffer === piece.buffer)!.fill(0));
    }
    expect(text).toBe(plainText([family]));
  });

  it('serves several readers of the same families at once', async () => {
    const family = manyCounters(20_000, 256);
    const histogram = familyOf(
      { type: 'histogram', name: 'h', upperBounds: [1, 2] },
      {
        blockSize: 64,
        series: Array.from({ length: 3000 }, (_, i) => ({ labels: { i: `${i}` }, row: [i, 1, 2, 0.5] })),
      },
    );
    const families = [family, histogram];
    const texts = await Promise.all([1, 2, 3].map(() => encodeToString(families, 'prometheus')));
    expect(new Set(texts)).toEqual(new Set([plainText(families)]));
  });

  it('gives others a turn in between', async () => {
    const turns = countTurns();
    await piecesOf([manyCounters(100_000)]);
    expect(turns.stop()).toBeGreaterThan(1);
  });

  it('reads a block before the thread is given up, and not after', async () => {
    const family = manyCounters(60_000, 512);
    const live = shortLived(family);
    expect(await encodeToString([live], 'prometheus')).toBe(plainText([family]));
    expect(live.open).toBe(0);
  });

  it('closes the walk over a family when it is left early', async () => {
    const live = shortLived(manyCounters(60_000));
    for await (const piece of encodeFamilies([live], { format: 'prometheus' })) {
      expect(piece.byteLength).toBeGreaterThan(0);
      expect(live.open).toBe(1);
      break;
    }
    expect(live.open).toBe(0);
  });

  it('rejects when a family cannot be read, and closes what was open', async () => {
    const broken: MetricFamily = {
      ...familyOf({ type: 'gauge', name: 'broken' }, { series: [] }),
      blocks: () => {
        throw new Error('unreadable');
      },
    };
    await expect(encodeToString([manyCounters(5), broken], 'prometheus')).rejects.toThrow('unreadable');
  });

  it('prints label values of megabytes beside short ones, without giving all series their room', async () => {
    const long = '\\"é'.repeat(100_000);
    const series = [
      'a',
      long,
      'b',
      `${long}2`,
      '-'.repeat(300),
      '-'.repeat(3000),
      ...Array.from({ length: 500 }, (_, i) => `c${i}`),
    ];
    const counter = familyOf(
      { type: 'counter', name: 'long_total' },
      { series: series.map((value, i) => ({ labels: { value, i: String(i) }, row: i })) },
    );
    const histogram = familyOf(
      { type: 'histogram', name: 'long', upperBounds: [1] },
      { series: series.map((value, i) => ({ labels: { value }, row: [i, 1, 0.5] })) },
    );
    const pieces = await piecesOf([counter, histogram]);
    expect(Buffer.concat(pieces).equals(Buffer.from(plainText([counter, histogram])))).toBe(true);
    // Three of them are long; the rest shares what is left of a few chunks.
    expect(pieces.length).toBeLessThan(20);
  });

  it('prints a label value of 5 MB', async () => {
    const series = ['a', 'x'.repeat(5_000_000), 'b'].map((value, row) => ({ labels: { value }, row }));
    const family = familyOf({ type: 'gauge', name: 'huge' }, { series });
    expect(Buffer.concat(await piecesOf([family])).equals(Buffer.from(plainText([family])))).toBe(true);
  });

  it('prints families whose label values take many pages', async () => {
    const series = Array.from({ length: 3000 }, (_, i) => ({ labels: { value: `${i}`.padStart(4000, '-') }, row: i }));
    const family = familyOf({ type: 'gauge', name: 'paged' }, { series: [...series, ...series.slice(0, 10)] });
    for (let round = 0; round < 2; round++) {
      expect(Buffer.concat(await piecesOf([family])).equals(Buffer.from(plainText([family])))).toBe(true);
    }
  });
});

describe('an encoder that is asked for what there is not', () => {
  const read = async (options: object) => {
    for await (const piece of encodeFamilies([], options as EncodeOptions)) expect(piece).toBeUndefined();
  };

  it('says what there is', async () => {
    await expect(read({ format: 'constructor' })).rejects.toThrow(
      'The option format is invalid (constructor). Give one of prometheus, openmetrics, protobuf.',
    );
    await expect(read({ format: 'prometheus', escaping: 'none' })).rejects.toThrow(
      'The option escaping is invalid (none). Give one of allow-utf-8, underscores, dots, values.',
    );
    await expect(encodeToString([], 'protobuf' as 'prometheus')).rejects.toThrow(
      'The option format is invalid (protobuf). Give one of prometheus, openmetrics.',
    );
  });
});

describe('encodeToString', () => {
  it.each([0, 1, 2, 3])('keeps characters whole in a long text, %i bytes on', async (shift) => {
    const labels = { id: 'x'.repeat(shift) + '€é😀'.repeat(60_000) };
    const family = familyOf({ type: 'counter', name: 'wide_total' }, { series: [{ labels, row: 1 }] });
    const text = await encodeToString([family, manyCounters(2_000)], 'prometheus');
    expect(text === plainText([family, manyCounters(2_000)])).toBe(true);
  });

  it('answers the text of all pieces, characters beyond ASCII whole', async () => {
    const series = Array.from({ length: 20_000 }, (_, i) => ({
      labels: { name: `花${'😱'.repeat(i % 7)}${i}` },
      row: i,
    }));
    const family = familyOf({ type: 'gauge', name: 'wide' }, { series });
    expect(await encodeToString([family], 'prometheus')).toBe(plainText([family]));
  });

  it('answers the empty text for no families, and the end mark in OpenMetrics', async () => {
    expect(await encodeToString([], 'prometheus')).toBe('');
    expect(await encodeToString([], 'openmetrics')).toBe('# EOF\n');
  });
});

describe('a histogram', () => {
  it('has buckets that never fall from one to the next, the last of which is the count', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 1, maxLength: 20 }), async (counts) => {
        const upperBounds = counts.slice(1).map((_, i) => i);
        const family = familyOf({ type: 'histogram', name: 'h', upperBounds }, { series: [{ row: [...counts, 0] }] });
        for (const format of ['prometheus', 'openmetrics'] as const) {
          const text = await encodeToString([family], format);
          const buckets = [...text.matchAll(/_bucket\{le="(.*)"\} (.*)/g)].map(([, , value]) => Number(value));
          expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
          expect(buckets.at(-1)).toBe(counts.reduce((sum, one) => sum + one, 0));
          expect(text).toContain(`h_count ${buckets.at(-1)}\n`);
        }
      }),
    );
  });
});

describeWithServer(JUDGE_COMPONENTS, 'encodeFamilies, read by the reference parser', () => {
  let judge: OpenMetricsJudge;
  beforeAll(async () => {
    judge = await startOpenMetricsJudge();
  });
  afterAll(() => judge.stop());

  it('prints OpenMetrics that is accepted, whatever the families', async () => {
    await fc.assert(
      fc.asyncProperty(anyFamilies(), async (families) => {
        expect(await judge.check(await encodeToString(families, 'openmetrics'))).toEqual({ ok: true });
      }),
    );
  });
});
