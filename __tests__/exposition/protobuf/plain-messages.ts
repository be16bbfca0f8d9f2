// A second way from families to messages, as plain as can be: objects put together series by series. It says what has to come
// out of the fast encoder once somebody else has decoded it.
import type { Exemplar as ModelExemplar } from '../../../lib/model/exemplar.js';
import type { FamilyDescriptor, MetricFamily, SeriesBlock } from '../../../lib/model/family.js';
import { type NativeBuckets, nativeHistogramAt } from '../../../lib/model/native-histogram.js';
import type { DecodedFamily, Exemplar, Histogram, Metric, Timestamp } from './client-model.js';

export function plainMessages(families: readonly MetricFamily[]): DecodedFamily[] {
  const all: DecodedFamily[] = [];
  for (const one of families.map(familyMessage).filter(({ metric }) => metric.length > 0)) {
    const last = all.at(-1);
    // Series of one name that differ in their bounds are one family.
    if (last?.name === one.name) all.splice(-1, 1, { ...last, metric: [...last.metric, ...one.metric] });
    else all.push(one);
  }
  return all;
}

const TYPES = {
  counter: 'COUNTER',
  gauge: 'GAUGE',
  info: 'GAUGE',
  stateset: 'GAUGE',
  unknown: 'UNTYPED',
  summary: 'SUMMARY',
  histogram: 'HISTOGRAM',
  gaugehistogram: 'GAUGE_HISTOGRAM',
} as const;

function familyMessage({ descriptor, blocks }: MetricFamily): DecodedFamily {
  const { name, description, unit, type } = descriptor;
  const metric = [...blocks()].flatMap((block) => {
    // The states of a block stand one behind the other, each with all of its series.
    const messages = descriptor.type === 'stateset' ? descriptor.states.length : 1;
    const rows = Array.from({ length: block.size }, (_, row) => row).filter((row) => block.live?.[row] !== 0);
    return Array.from({ length: messages }, (_, i) => rows.map((row) => metricOf(descriptor, block, row, i))).flat();
  });
  return {
    name,
    // Lone surrogates are what UTF-8 makes of them.
    ...(description !== '' && { help: Buffer.from(description).toString() }),
    type: TYPES[type],
    ...(unit !== '' && { unit }),
    metric,
  };
}

function metricOf(descriptor: FamilyDescriptor, block: SeriesBlock, row: number, column: number): Metric {
  const { dictionaries, labelIds, constantLabels, timestampsMs } = block;
  const own = dictionaries.map(({ name, values }, c) => {
    return { name, value: values[labelIds[row * dictionaries.length + c]!]! };
  });
  const label = [...own, ...constantLabels.map(([name, value]) => ({ name, value }))];
  if (descriptor.type === 'stateset') label.push({ name: descriptor.name, value: descriptor.states[column]! });
  const timestampMs = timestampsMs?.[row] ?? Number.NaN;
  return {
    ...(label.length > 0 && { label }),
    ...contentOf(descriptor, block, row, column),
    ...(!Number.isNaN(timestampMs) && { timestampMs }),
  };
}

function contentOf(descriptor: FamilyDescriptor, block: SeriesBlock, row: number, column: number): Metric {
  const numbers = [...block.values.subarray(row * block.width, (row + 1) * block.width)];
  const created = timestamp('createdTimestamp', block.createdMs[row]!);
  const exemplars = block.exemplars?.get(row) ?? [];
  switch (descriptor.type) {
    case 'counter': {
      const exemplar = exemplars.at(-1);
      return { counter: { value: numbers[0]!, ...(exemplar && { exemplar: exemplarOf(exemplar) }), ...created } };
    }
    case 'histogram':
      return { histogram: { ...histogramOf(descriptor, block, row), ...created } };
    case 'gaugehistogram':
      return { histogram: histogramOf(descriptor, block, row) };
    case 'summary': {
      const quantile = descriptor.quantiles.map((rank, i) => ({ quantile: rank, value: numbers[i]! }));
      const [sampleSum, sampleCount] = numbers.slice(-2) as [number, number];
      return {
        summary: {
          ...(!Number.isNaN(sampleCount) && { sampleCount }),
          ...(!Number.isNaN(sampleSum) && { sampleSum }),
          ...(quantile.length > 0 && { quantile }),
          ...created,
        },
      };
    }
    case 'unknown':
      return { untyped: { value: numbers[0]! } };
    default:
      return { gauge: { value: numbers[column]! } };
  }
}

function histogramOf(
  { upperBounds, type, ...rest }: Extract<FamilyDescriptor, { readonly upperBounds: readonly number[] }>,
  block: SeriesBlock,
  row: number,
): Histogram {
  const numbers = [...block.values.subarray(row * block.width, (row + 1) * block.width)];
  const counts = numbers.slice(0, -1);
  const native = nativeHistogramAt(block, row);
  const all = [...counts, ...(native ? [native.zeroCount, ...native.positive.counts, ...native.negative.counts] : [])];
  const whole = all.every((count) => Number.isInteger(count) && count >= 0);
  const count = (name: string, value: number) => ({ [whole ? name : `${name}Float`]: value });
  const exemplars = block.exemplars?.get(row) ?? [];
  const bounds = 'native' in rest && upperBounds.length === 0 ? [] : [...upperBounds, Number.POSITIVE_INFINITY];
  const bucket = bounds.flatMap((upperBound, column) => {
    const exemplar = exemplars.findLast((one) => one.column === column);
    if (upperBound === Number.POSITIVE_INFINITY && exemplar === undefined) return [];
    const total = sum(counts.slice(0, column + 1));
    return [{ ...count('cumulativeCount', total), upperBound, ...(exemplar && { exemplar: exemplarOf(exemplar) }) }];
  });
  return {
    ...count('sampleCount', sum(counts)),
    ...(!Number.isNaN(numbers.at(-1)) && { sampleSum: numbers.at(-1)! }),
    ...(bucket.length > 0 && { bucket }),
    ...(native && {
      schema: native.schema,
      zeroThreshold: native.zeroThreshold,
      ...count('zeroCount', native.zeroCount),
      ...side('negative', native.negative, whole),
      ...side('positive', native.positive, whole),
      ...(native.positive.indexes.length + native.negative.indexes.length === 0 && {
        positiveSpan: [{ offset: 0, length: 0 }],
      }),
      ...(exemplars.length > 0 && { exemplars: exemplars.map(exemplarOf) }),
    }),
  };
}

function side(name: 'positive' | 'negative', { indexes, counts }: NativeBuckets, whole: boolean): object {
  const spans: { offset: number; length: number }[] = [];
  let next = 0;
  for (const index of indexes) {
    const last = spans.at(-1);
    if (last !== undefined && index === next) last.length++;
    else spans.push({ offset: index - next, length: 1 });
    next = index + 1;
  }
  if (spans.length === 0) return {};
  const deltas = Array.from(counts, (count, i) => count - (i === 0 ? 0 : counts[i - 1]!));
  return { [`${name}Span`]: spans, ...(whole ? { [`${name}Delta`]: deltas } : { [`${name}Count`]: [...counts] }) };
}

function exemplarOf({ labels, value, timestampMs }: ModelExemplar): Exemplar {
  const label = Object.entries(labels).map(([name, text]) => ({ name, value: text }));
  return { ...(label.length > 0 && { label }), value, ...timestamp('timestamp', timestampMs) };
}

/** By `Date`, which knows what a time is. */
function timestamp<N extends string>(name: N, ms: number): { readonly [K in N]?: Timestamp } {
  const date = new Date(Math.floor(ms));
  if (Number.isNaN(date.getTime())) return {};
  const nanos = ((date.getTime() % 1000) + 1000) % 1000;
  const seconds = (date.getTime() - nanos) / 1000;
  return { [name]: { seconds, ...(nanos > 0 && { nanos: nanos * 1_000_000 }) } } as { readonly [K in N]?: Timestamp };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
