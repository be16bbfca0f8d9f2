// Histograms made by hand, with their buckets written as what they hold by index.
import { CUSTOM_BOUNDS_SCHEMA } from '../../../lib/model/native-histogram.js';
import type { FloatHistogram } from '../../../lib/query/histograms/float-histogram.js';

export type Side = Readonly<Record<number, number>>;

/** Count is that of the buckets and sum is 0, unless given. */
export function histogram(
  positive: Side,
  { negative = {}, ...given }: Partial<Omit<FloatHistogram, 'positive' | 'negative'>> & { negative?: Side } = {},
): FloatHistogram {
  const counts = [...Object.values(positive), ...Object.values(negative), given.zeroCount ?? 0];
  return {
    schema: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    count: counts.reduce((sum, count) => sum + count, 0),
    sum: 0,
    positive: side(positive),
    negative: side(negative),
    ...given,
  };
}

/** With bounds of the user's own. */
export function customHistogram(
  bounds: readonly number[],
  positive: Side,
  given: Partial<Omit<FloatHistogram, 'positive' | 'negative'>> = {},
): FloatHistogram {
  return histogram(positive, { schema: CUSTOM_BOUNDS_SCHEMA, customBounds: Float64Array.from(bounds), ...given });
}

/** What is in the buckets of a side, by index. */
export function bucketsIn({ indexes, counts }: FloatHistogram['positive']): Side {
  return Object.fromEntries(Array.from(indexes, (index, i) => [index, counts[i] as number]));
}

function side(buckets: Side): FloatHistogram['positive'] {
  const indexes = Int32Array.from(Object.keys(buckets).map(Number)).sort();
  return { indexes, counts: Float64Array.from(indexes, (index) => buckets[index] as number) };
}
