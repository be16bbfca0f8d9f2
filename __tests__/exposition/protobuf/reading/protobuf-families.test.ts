// Protobuf is read back as what was written, by protobufjs and by ourselves; what is damaged or means harm is refused in bounded
// time and memory.
import fc from 'fast-check';
import { parseExposition } from 'telltale/exposition';
import { encodeFamilies } from '../../../../lib/exposition/encode.js';
import type { MetricFamily, Snapshot } from '../../../../lib/model/family.js';
import { nativeHistogramAt } from '../../../../lib/model/native-histogram.js';
import { samplesOf } from '../../../../lib/model/samples.js';
import { specimens } from '../../specimens.js';
import { anyDetailedFamilies } from '../any-details.js';
import { type DecodedFamily, decodeFamilies, encodeFamiliesOf, type Histogram, type Metric } from '../client-model.js';

jest.setTimeout(60_000);

async function encoded(families: readonly MetricFamily[]): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of encodeFamilies(families, { format: 'protobuf', escaping: 'allow-utf-8' })) {
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces);
}

async function read(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<Snapshot> {
  return (await parseExposition(bytes, { format: 'protobuf', timestampMs: 1 }))._unsafeUnwrap();
}

async function problemOf(bytes: Uint8Array, limits = {}): Promise<string> {
  const result = await parseExposition(bytes, { format: 'protobuf', limits });
  if (result.isOk()) return 'ok';
  const { error } = result;
  if (error.kind === 'malformed_exposition') return `${error.line}: ${error.problem}`;
  return error.kind === 'exposition_too_large' ? error.limit : String(error.cause);
}

const samples = ({ families }: Pick<Snapshot, 'families'>) =>
  [...samplesOf({ timestampMs: 0, families })].map(({ name, labels, value }) => [name, { ...labels }, value]);

/** What is told, without what the model has no room for: exemplars, the order of series, nanoseconds, empty labels. */
function canonical(families: readonly DecodedFamily[]): unknown {
  const byName = new Map<string, unknown[]>();
  for (const { metric, name, help, type } of families) {
    const key = JSON.stringify([name, help, type]);
    const known = byName.get(key) ?? [];
    known.push(...metric.map((one) => JSON.stringify(bare(one))));
    if (metric.length > 0) byName.set(key, known);
  }
  return [...byName].map(([key, metrics]) => [key, metrics.sort()]).sort();
}

/** Sparse buckets by index, without those that are empty. */
function sparse(spans: Histogram['positiveSpan'] = [], deltas: readonly number[] = [], counts: readonly number[] = []) {
  const indexes = [];
  let index = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (let i = 0; i < length; i++) indexes.push(index++);
  }
  let last = 0;
  const all = deltas.length > 0 ? deltas.map((delta) => (last += delta)) : counts;
  return indexes.map((at, i) => [at, all[i]]).filter(([, count]) => count !== 0);
}

function withSparse(histogram: Histogram): unknown {
  const { positiveSpan, positiveDelta, positiveCount, negativeSpan, negativeDelta, negativeCount, ...others } =
    histogram;
  const { bucket = [], ...rest } = others;
  // The last bucket says what the count says, and is there only for its exemplar.
  const bounded = bucket.filter(({ upperBound }) => upperBound !== Number.POSITIVE_INFINITY);
  return {
    ...rest,
    bounded,
    isNative: positiveSpan !== undefined || negativeSpan !== undefined,
    positive: sparse(positiveSpan, positiveDelta, positiveCount),
    negative: sparse(negativeSpan, negativeDelta, negativeCount),
  };
}

function bare({ label = [], histogram, ...metric }: Metric): unknown {
  return JSON.parse(
    JSON.stringify(
      {
        label: label.filter(({ value }) => value !== ''),
        ...metric,
        histogram: histogram && withSparse(histogram),
      },
      (key: string, value: { seconds?: number; nanos?: number }) => {
        if (key === 'exemplar' || key === 'exemplars') return undefined;
        // This format has no other word for none.
        if (key === 'timestampMs' && value === (0 as unknown)) return undefined;
        if (key === 'createdTimestamp') return value.seconds! * 1e6 + Math.round((value.nanos ?? 0) / 1000);
        return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
      },
    ),
  );
}

describe('an exposition in protobuf', () => {
  it('says the same when it was read and is written again, to whoever knows nothing of us', async () => {
    await fc.assert(
      fc.asyncProperty(anyDetailedFamilies(), async (families) => {
        const bytes = await encoded(families);
        // Native histograms of any numbers need not be some that can be: those are refused below.
        fc.pre(!/^\d+: (A bucket is beyond|The buckets have more)/.test(await problemOf(bytes)));
        const again = await encoded((await read(bytes)).families);
        expect(canonical(decodeFamilies(again))).toEqual(canonical(decodeFamilies(bytes)));
      }),
      { numRuns: 300 },
    );
  });

  it('is read with every type', async () => {
    const page = encodeFamiliesOf([
      {
        name: 'jobs_total',
        help: 'Jobs.',
        type: 'COUNTER',
        metric: [{ label: label('queue', 'é'), counter: { value: 3 } }],
      },
      {
        name: 'depth',
        type: 'GAUGE',
        metric: [{ gauge: { value: -1.5 } }, { label: label('q', ''), gauge: { value: 2 } }],
      },
      { name: 'raw', type: 'UNTYPED', metric: [{ untyped: { value: 7 } }] },
      {
        name: 'took_seconds',
        type: 'SUMMARY',
        metric: [{ summary: { sampleCount: 2, sampleSum: 3, quantile: [{ quantile: 0.5, value: 1 }] } }],
      },
      {
        name: 'size_bytes',
        type: 'HISTOGRAM',
        metric: [
          {
            histogram: {
              sampleCount: 3,
              sampleSum: 12,
              bucket: [
                { cumulativeCount: 1, upperBound: 1 },
                { cumulativeCount: 3, upperBound: Infinity },
              ],
            },
          },
        ],
      },
    ]);
    const snapshot = await read(page);
    expect(samples(snapshot)).toEqual([
      ['jobs_total', { queue: 'é' }, 3],
      ['depth', {}, -1.5],
      ['depth', {}, 2],
      ['raw', {}, 7],
      ['took_seconds', { quantile: '0.5' }, 1],
      ['took_seconds_sum', {}, 3],
      ['took_seconds_count', {}, 2],
      ['size_bytes_bucket', { le: '1' }, 1],
      ['size_bytes_bucket', { le: '+Inf' }, 3],
      ['size_bytes_sum', {}, 12],
      ['size_bytes_count', {}, 3],
    ]);
    expect(snapshot.families[0]?.descriptor).toEqual({
      name: 'jobs_total',
      description: 'Jobs.',
      unit: '',
      type: 'counter',
    });
  });

  it('is read with native histograms, whole and not', async () => {
    const whole = {
      sampleCount: 7,
      sampleSum: 10,
      schema: 3,
      zeroThreshold: 1e-9,
      zeroCount: 1,
      positiveSpan: [
        { offset: -2, length: 2 },
        { offset: 3, length: 1 },
      ],
      positiveDelta: [1, 1, -1],
      negativeSpan: [{ offset: 5, length: 2 }],
      negativeDelta: [2, -2],
    };
    const { positiveDelta: _p, negativeDelta: _n, sampleCount: _c, zeroCount: _z, ...floats } = whole;
    const float = {
      ...floats,
      sampleCountFloat: 2.5,
      zeroCountFloat: 0.5,
      positiveCount: [0.5, 0.25, 0.25],
      negativeCount: [1, 0],
    };
    const { families } = await read(
      encodeFamiliesOf([{ name: 'h', type: 'HISTOGRAM', metric: [{ histogram: whole }, { histogram: float }] }]),
    );
    const [block] = [...families[0]!.blocks()];
    const plain = (row: number) => {
      const { positive, negative, ...rest } = nativeHistogramAt(block!, row)!;
      const sides = [positive, negative].map(({ indexes, counts }) => [[...indexes], [...counts]]);
      return { ...rest, sides };
    };
    // Spans: -2, -1, then three free ones, then 3; the empty bucket 6 of the negative side is none.
    expect(plain(0)).toEqual({
      schema: 3,
      zeroThreshold: 1e-9,
      zeroCount: 1,
      count: 7,
      sum: 10,
      sides: [
        [
          [-2, -1, 3],
          [1, 2, 1],
        ],
        [[5], [2]],
      ],
    });
    expect(plain(1)).toEqual({
      schema: 3,
      zeroThreshold: 1e-9,
      zeroCount: 0.5,
      count: 2.5,
      sum: 10,
      sides: [
        [
          [-2, -1, 3],
          [0.5, 0.25, 0.25],
        ],
        [[5], [1]],
      ],
    });
  });

  it.each([1, 2, 3, 7, 64])('is read in pieces of %d bytes as the whole', async (size) => {
    const bytes = await encoded(specimens.flatMap(({ families }) => families));
    async function* pieces() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    expect(samples(await read(pieces()))).toEqual(samples(await read(bytes)));
  });

  it('gives up the thread while it is read', async () => {
    const metric = Array.from({ length: 30_000 }, (_, i) => ({ label: label('i', String(i)), gauge: { value: i } }));
    const page = encodeFamiliesOf([{ name: 'a', type: 'GAUGE', metric }]);
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    count();
    await read(page);
    isDone = true;
    expect(turns).toBeGreaterThan(3);
  });

  it.each([
    ['no name', [{ name: '', type: 'GAUGE', metric: [] }], '1: A family has a name.'],
    [
      'other content than its type',
      [{ name: 'a', type: 'COUNTER', metric: [{ gauge: { value: 1 } }] }],
      '1: A metric has no counter',
    ],
    ['a label twice', gauge([...label('x', '1'), ...label('x', '2')]), '1: A label stands here for the second time.'],
    ['a label without a name', gauge(label('', '1')), '1: A label has a name.'],
    ['buckets that do not ascend', buckets([2, 1], [1, 1]), '1: Buckets come by ascending bounds.'],
    ['buckets that do not add up', buckets([1, 2], [2, 1]), '1: Buckets add up'],
    ['more in a bucket than in all', buckets([1, 2], [2, 9]), '1: Buckets add up'],
    ['an unknown schema', native({ schema: 9 }), '1: There is no such schema.'],
    [
      'spans that are too long',
      native({ positiveSpan: [{ offset: 0, length: 4_000_000_000 }] }),
      '1: Spans have more buckets',
    ],
    ['spans that are too short', native({ positiveDelta: [1, 1] }), '1: Spans have fewer buckets'],
    [
      'spans that go back',
      native({
        positiveSpan: [
          { offset: 0, length: 1 },
          { offset: -1, length: 0 },
        ],
      }),
      '1: Spans of buckets ascend.',
    ],
    [
      'a bucket beyond all numbers',
      native({ positiveSpan: [{ offset: 2_000_000_000, length: 1 }] }),
      '1: A bucket is beyond',
    ],
    ['a negative count', native({ positiveDelta: [-1] }), '1: A count is never negative.'],
    ['more in sparse buckets than in all', native({ positiveDelta: [100] }), '1: The buckets have more observations'],
    ['a negative zero threshold', native({ zeroThreshold: -1 }), '1: A zero bucket has a finite width'],
  ] as const)('is refused with %s', async (_, families, problem) => {
    expect(await problemOf(encodeFamiliesOf(families as unknown as DecodedFamily[]))).toContain(problem);
  });

  it('is refused at the family that is damaged', async () => {
    const good = encodeFamiliesOf(gauge(label('x', '1')));
    expect(await problemOf(Buffer.concat([good, good, Buffer.from([3, 0x0a, 9, 9])]))).toBe(
      '3: A message ends in its middle.',
    );
    expect(await problemOf(Buffer.concat([good, Buffer.from([9])]))).toBe('2: The exposition ends within a message.');
    expect(await problemOf(Buffer.alloc(64, 0xff))).toBe('1: A message begins with its length.');
    expect(await problemOf(Buffer.from('# TYPE a gauge\na 1\n'))).toMatch(/^1: /);
  });

  it.each([
    ['maxBytes', 100, gauge(label('x', 'y'.repeat(100)))],
    [
      'maxSeries',
      10,
      [{ name: 'a', type: 'GAUGE', metric: Array.from({ length: 10 }, () => ({ gauge: { value: 1 } })) }],
    ],
    ['maxLabels', 2, gauge([...label('x', '1'), ...label('y', '2'), ...label('z', '3')])],
    [
      'maxVariants',
      2,
      [
        {
          name: 'a',
          type: 'GAUGE',
          metric: ['x', 'y', 'z'].map((name) => ({ label: label(name, '1'), gauge: { value: 1 } })),
        },
      ],
    ],
  ] as const)('is refused beyond %s', async (limit, allowed, families) => {
    const page = encodeFamiliesOf(families as unknown as DecodedFamily[]);
    expect(await problemOf(page)).toBe('ok');
    expect(await problemOf(page, { [limit]: allowed })).toBe(limit);
  });

  it('is read or refused whatever was done to its bytes', async () => {
    const page = await encoded(specimens.flatMap(({ families }) => families));
    const verdicts = new Set<string>();
    let seed = 1;
    const below = (limit: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return seed % limit;
    };
    for (let i = 0; i < 2000; i++) {
      const from = below(page.length);
      const mutant = Buffer.from(page.subarray(from < page.length / 2 ? 0 : from));
      for (let changes = below(4); changes >= 0; changes--) mutant[below(mutant.length)] = below(256);
      const result = await parseExposition(mutant, { format: 'protobuf' });
      verdicts.add(result.isOk() ? 'ok' : result.error.kind);
      if (result.isOk()) await encoded(result.value.families);
    }
    expect([...verdicts].sort()).toEqual(['malformed_exposition', 'ok']);
  });
});

function label(name: string, value: string): readonly { readonly name: string; readonly value: string }[] {
  return [{ name, value }];
}

function gauge(labels: NonNullable<Metric['label']>): DecodedFamily[] {
  return [{ name: 'a', type: 'GAUGE', metric: [{ label: labels, gauge: { value: 1 } }] }];
}

function buckets(bounds: readonly number[], counts: readonly number[]): DecodedFamily[] {
  const bucket = bounds.map((upperBound, i) => ({ upperBound, cumulativeCount: counts[i]! }));
  return [{ name: 'a', type: 'HISTOGRAM', metric: [{ histogram: { sampleCount: 5, sampleSum: 1, bucket } }] }];
}

function native(over: NonNullable<Metric['histogram']>): DecodedFamily[] {
  const positive = { positiveSpan: [{ offset: 0, length: 1 }], positiveDelta: [1] };
  return [
    {
      name: 'a',
      type: 'HISTOGRAM',
      metric: [{ histogram: { sampleCount: 5, sampleSum: 1, schema: 0, zeroThreshold: 0.1, ...positive, ...over } }],
    },
  ];
}
