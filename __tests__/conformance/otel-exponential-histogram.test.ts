// Native histograms beside OpenTelemetry's exponential ones, by the cases of its SDK: the same value is in the same bucket, at any
// resolution, and two histograms added up are the histogram of all values.
//
// What differs by design: OpenTelemetry numbers a bucket one lower; it puts what is below the smallest normal double into the
// bucket of that, where Prometheus goes on; it halves the resolution by as much as a range of `maxSize` buckets asks for, where
// Prometheus limits the number of buckets that are in use. Which scale comes out is therefore taken from the cases.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MetricsCollector } from 'telltale';
import { nativeIndex } from '../../lib/instruments/native/native-index.js';
import {
  addNativeHistograms,
  coarserIndex,
  LEAST_SCHEMA,
  MOST_SCHEMA,
  type NativeBuckets,
  type NativeHistogram,
  nativeHistogramAt,
  withSchema,
} from '../../lib/model/native-histogram.js';

interface Buckets {
  readonly offset?: number;
  readonly counts: readonly number[];
}

interface Accumulated extends Buckets {
  readonly record: readonly (number | string)[];
  readonly scale?: number;
  readonly negative?: Buckets;
  readonly sum?: number;
  readonly count?: number;
}

interface CaseFile {
  readonly mapToIndex: readonly {
    readonly scale: number;
    readonly values: readonly { readonly bits: string; readonly index: number }[];
  }[];
  readonly accumulate: readonly Accumulated[];
  readonly merge: readonly {
    readonly a: readonly number[];
    readonly b: readonly number[];
    readonly like: readonly number[];
    readonly scale?: number;
  }[];
}

const file = join(__dirname, '../../../shared/cases/otel_exponential_histogram.json');
const cases = JSON.parse(readFileSync(file, 'utf8')) as CaseFile;

const SMALLEST_NORMAL = 2 ** -1022;

/** OpenTelemetry's index of a value, at scales as low as -10: by the index of schema 0 and the arithmetic of coarser ones. */
function indexAt(scale: number, value: number): number {
  const fine = nativeIndex(Math.max(0, scale)).find(Math.max(value, SMALLEST_NORMAL));
  return coarserIndex(fine, Math.max(0, -scale)) - 1;
}

async function recorded(values: readonly number[], growthFactor = 1.001): Promise<NativeHistogram> {
  const metrics = new MetricsCollector();
  const histogram = metrics.histogram('h', { native: { growthFactor, zeroThreshold: 0, maxBuckets: 1000 } });
  for (const value of values) histogram.observe(value);
  const { families } = await metrics.snapshot();
  const family = families.find(({ descriptor }) => descriptor.name === 'h');
  const [block] = [...(family?.blocks() ?? [])];
  return nativeHistogramAt(block as never, 0) as NativeHistogram;
}

/** As OpenTelemetry shows buckets: dense from the first one on. */
function dense({ indexes, counts }: NativeBuckets): Buckets {
  if (indexes.length === 0) return { counts: [] };
  const first = indexes[0] as number;
  const all = new Array<number>((indexes.at(-1) as number) - first + 1).fill(0);
  indexes.forEach((index, i) => {
    all[index - first] = counts[i] as number;
  });
  return { offset: first - 1, counts: all };
}

function plain(histogram: NativeHistogram) {
  const { positive, negative, ...rest } = histogram;
  return { ...rest, positive: dense(positive), negative: dense(negative) };
}

describe('otel_exponential_histogram.json', () => {
  const values = cases.mapToIndex.flatMap(({ scale, values }) => values.map((value) => ({ scale, ...value })));

  it.each(values)('scale $scale: $bits is in bucket $index', ({ scale, bits, index }) => {
    expect(indexAt(scale, Buffer.from(bits, 'hex').readDoubleBE(0))).toBe(index);
  });

  it('has the largest and the smallest normal double where the properties say', () => {
    for (let scale = -10; scale <= MOST_SCHEMA; scale++) {
      const of = (index: number) => (scale > 0 ? index << scale : index >> -scale);
      expect(indexAt(scale, Number.MAX_VALUE)).toBe(of(1024) - 1);
      const isMultiple = scale > 0 || -1022 % 2 ** -scale === 0;
      expect(indexAt(scale, SMALLEST_NORMAL)).toBe(of(-1022) - (isMultiple ? 1 : 0));
      expect(indexAt(scale, 5e-324)).toBe(indexAt(scale, SMALLEST_NORMAL));
    }
  });

  it.each(cases.accumulate)('$record', async ({ record, scale, offset, counts, negative, sum, count }) => {
    const numbers = record.filter((value): value is number => typeof value === 'number');
    const finest = await recorded(record.map((value) => Number(String(value).replace('Inf', 'Infinity'))));
    if (sum !== undefined) expect(finest.sum).toBe(sum);
    expect(finest.count).toBe(count ?? numbers.length);
    const shown = plain(withSchema(finest, scale ?? MOST_SCHEMA));
    expect(shown.positive).toEqual(offset === undefined ? { counts } : { offset, counts });
    expect(shown.negative).toEqual(negative ?? { counts: [] });
    if (scale === undefined) return;
    // Recorded at that resolution from the start, it is the same.
    expect(plain(await recorded(numbers, 2 ** (2 ** -scale)))).toEqual(shown);
  });

  it.each(cases.merge)('$a and $b are $like', async ({ a, b, like, scale = 0 }) => {
    const whole = await recorded(like);
    const merged = addNativeHistograms(await recorded(a), await recorded(b));
    expect(plain(merged)).toEqual(plain(whole));
    const coarse = addNativeHistograms(await recorded(a), withSchema(await recorded(b), scale));
    expect(plain(coarse)).toEqual(plain(withSchema(whole, scale)));
  });

  it('joins buckets down to the lowest resolution as if it had been recorded there', async () => {
    const values = [-3, -1, 0.3, 1, 1.5, 2, 3, 65, 257];
    const finest = await recorded(values);
    for (let schema = MOST_SCHEMA; schema >= LEAST_SCHEMA; schema--) {
      expect(plain(withSchema(finest, schema))).toEqual(plain(await recorded(values, 2 ** (2 ** -schema))));
    }
  });
});
