// From families to single samples: which samples one series exposes in classic naming (`x_bucket`, `x_sum` …), and a
// walk that makes an object of each. Storages and `getAllMetrics` name samples through here, so that they agree.
import {
  type FamilyDescriptor,
  isNative,
  type MetricFamily,
  type MetricType,
  type SeriesBlock,
  type Snapshot,
} from './family.js';
import { type Labels, newLabelSet } from './label-set.js';

/** One exposed value, as `getAllMetrics` answers it. */
export interface MetricSample {
  /** Of the sample, not of the family: `request_seconds_bucket`. */
  readonly name: string;
  /** Of the family. */
  readonly type: MetricType;
  readonly value: number;
  /** With `le`, `quantile` or the state where the sample has one. An object without inherited members. */
  readonly labels: Labels;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly description: string;
}

/** One of the samples that every series of a family exposes, and where in the series' row its value is. */
export interface SampleKind {
  readonly name: string;
  /** The label that tells it from the other samples of its name: `le`, `quantile`, or the family's name for a state. */
  readonly label: readonly [name: string, value: string] | undefined;
  readonly column: number;
  /** Whether the value is the sum of the row up to `column`, as in cumulative buckets, instead of that number alone. */
  readonly cumulative: boolean;
  /** The sample is the row's native histogram, which is in no column. */
  readonly isHistogram?: true;
}

const kindsOf = new WeakMap<FamilyDescriptor, readonly SampleKind[]>();
const storedKindsOf = new WeakMap<FamilyDescriptor, readonly SampleKind[]>();

/** The samples of one series, in the order in which they are exposed. Kept per descriptor. */
export function sampleKinds(descriptor: FamilyDescriptor): readonly SampleKind[] {
  let kinds = kindsOf.get(descriptor);
  if (kinds === undefined) {
    kinds = newSampleKinds(descriptor);
    kindsOf.set(descriptor, kinds);
  }
  return kinds;
}

/**
 * The samples of one series for storages that can hold histograms: a native one is a sample besides those in classic naming,
 * under the family's own name. Kept per descriptor.
 */
export function storedKinds(descriptor: FamilyDescriptor): readonly SampleKind[] {
  let kinds = storedKindsOf.get(descriptor);
  if (kinds === undefined) {
    kinds = isNative(descriptor) ? [...sampleKinds(descriptor), histogramKind(descriptor)] : sampleKinds(descriptor);
    storedKindsOf.set(descriptor, kinds);
  }
  return kinds;
}

function histogramKind({ name }: FamilyDescriptor): SampleKind {
  return { name, label: undefined, column: -1, cumulative: false, isHistogram: true };
}

function newSampleKinds(descriptor: FamilyDescriptor): SampleKind[] {
  const { name } = descriptor;
  const plain = (sample: string, column: number): SampleKind => ({
    name: sample,
    label: undefined,
    column,
    cumulative: false,
  });
  switch (descriptor.type) {
    case 'histogram':
    case 'gaugehistogram': {
      const bounds = [...descriptor.upperBounds, Number.POSITIVE_INFINITY].map(boundText);
      const last = bounds.length - 1;
      return [
        ...bounds.map((le, column): SampleKind => {
          return { name: `${name}_bucket`, label: ['le', le], column, cumulative: true };
        }),
        plain(`${name}_sum`, last + 1),
        { name: `${name}_count`, label: undefined, column: last, cumulative: true },
      ];
    }
    case 'summary': {
      const { quantiles } = descriptor;
      return [
        ...quantiles.map((quantile, column): SampleKind => {
          return { name, label: ['quantile', boundText(quantile)], column, cumulative: false };
        }),
        plain(`${name}_sum`, quantiles.length),
        plain(`${name}_count`, quantiles.length + 1),
      ];
    }
    case 'stateset':
      return descriptor.states.map((state, column) => ({ name, label: [name, state], column, cumulative: false }));
    default:
      return [plain(name, 0)];
  }
}

/** A bound or a quantile as classic text shows it; `String` would lose the sign of -0. */
export function boundText(bound: number): string {
  if (bound === Number.POSITIVE_INFINITY) return '+Inf';
  return Object.is(bound, -0) ? '-0' : String(bound);
}

/**
 * Walks every sample of a snapshot, in the order in which text shows them.
 *
 * Cost: one object and one label set per sample. Where that matters, walk the blocks of the families instead.
 *
 * @example
 * for (const { name, labels, value } of samplesOf(await metrics.snapshot())) console.log(name, labels, value);
 * // request_seconds_bucket { route: '/', le: '0.5' } 1
 */
export function* samplesOf(snapshot: Snapshot): Generator<MetricSample> {
  for (const family of snapshot.families) {
    const { descriptor } = family;
    const kinds = sampleKinds(descriptor);
    for (const block of family.blocks()) {
      for (let row = 0; row < block.size; row++) {
        if (block.live !== undefined && block.live[row] === 0) continue;
        for (const kind of kinds) {
          yield {
            name: kind.name,
            type: descriptor.type,
            value: sampleValue(block, row, kind),
            labels: labelsOf(block, row, kind),
            timestamp: snapshot.timestampMs,
            description: descriptor.description,
          };
        }
      }
    }
  }
}

/** How many samples a snapshot or a family exposes. Counts rows; makes no objects. */
export function countSamples(source: Snapshot | MetricFamily): number {
  if ('descriptor' in source) {
    let series = 0;
    for (const block of source.blocks()) series += liveRows(block);
    return series * sampleKinds(source.descriptor).length;
  }
  return source.families.reduce((total, family) => total + countSamples(family), 0);
}

/** How many samples a storage that can hold histograms makes of a snapshot: a native one is one more. */
export function countStoredSamples({ families }: Snapshot): number {
  let samples = 0;
  for (const { descriptor, blocks } of families) {
    const classic = sampleKinds(descriptor).length;
    for (const block of blocks()) {
      samples += liveRows(block) * (isNative(descriptor) && block.native !== undefined ? classic + 1 : classic);
    }
  }
  return samples;
}

function liveRows({ size, live }: SeriesBlock): number {
  if (live === undefined) return size;
  let rows = 0;
  for (let row = 0; row < size; row++) rows += live[row] as number;
  return rows;
}

/** The value of one sample of a row. */
export function sampleValue({ values, width }: SeriesBlock, row: number, { column, cumulative }: SampleKind): number {
  const start = row * width;
  if (!cumulative) return values[start + column] as number;
  let sum = 0;
  for (let at = start; at <= start + column; at++) sum += values[at] as number;
  return sum;
}

/** The labels of one sample of a row, without its name. */
export function labelsOf(
  { dictionaries, labelIds, constantLabels }: SeriesBlock,
  row: number,
  { label }: SampleKind,
): Labels {
  const labels = newLabelSet();
  for (let c = 0; c < dictionaries.length; c++) {
    const { name, values } = dictionaries[c] as SeriesBlock['dictionaries'][number];
    labels[name] = values[labelIds[row * dictionaries.length + c] as number] as string;
  }
  for (const [name, value] of constantLabels) labels[name] ??= value;
  if (label !== undefined) labels[label[0]] = label[1];
  return labels;
}
