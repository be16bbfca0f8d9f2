// The values of a metric as an object by labels, which prom-client's metrics have as the field `hashMap`. No document of it
// speaks of that field, yet tests of its users look into it; here it is made anew whenever somebody looks.
import type { MetricFamily, SeriesBlock } from '../../model/family.js';
import { type OriginalOf, rowLabels } from './values.js';

/** What is known of one series: a value, or sum, count and how many observations each bucket has alone. */
export interface HashMapEntry {
  readonly labels: Readonly<Record<string, unknown>>;
  readonly value?: number;
  readonly sum?: number;
  readonly count?: number;
  readonly bucketValues?: Readonly<Record<string, number>>;
}

/** By labels as `name:value,` in the order of their names. */
export function hashMapOf(family: MetricFamily, originalOf: OriginalOf): Record<string, HashMapEntry> {
  const entries: [string, HashMapEntry][] = [];
  for (const block of family.blocks()) {
    for (let row = 0; row < block.size; row++) {
      if (block.live?.[row] === 0) continue;
      const labels = rowLabels(block, row, originalOf);
      entries.push([keyOf(labels), { labels, ...numbersOf(family, block, row) }]);
    }
  }
  return Object.fromEntries(entries);
}

function keyOf(labels: Readonly<Record<string, unknown>>): string {
  return Object.keys(labels)
    .sort()
    .map((name) => `${name}:${labels[name]},`)
    .join('');
}

function numbersOf(
  { descriptor }: MetricFamily,
  { width, values }: SeriesBlock,
  row: number,
): Omit<HashMapEntry, 'labels'> {
  const numbers = values.subarray(row * width, (row + 1) * width);
  switch (descriptor.type) {
    case 'histogram': {
      const bounds = descriptor.upperBounds;
      const buckets = numbers.subarray(0, bounds.length + 1);
      return {
        bucketValues: Object.fromEntries(bounds.map((bound, i) => [bound, buckets[i] as number])),
        sum: numbers[bounds.length + 1] as number,
        count: buckets.reduce((total, counted) => total + counted, 0),
      };
    }
    case 'summary': {
      const [sum, count] = numbers.subarray(descriptor.quantiles.length);
      return { sum: sum as number, count: count as number };
    }
    default:
      return { value: numbers[0] as number };
  }
}
