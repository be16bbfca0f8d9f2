// The one narrow interface through which readers see metrics, live or stored: families, walked block by block, each
// block a run of whole series in columns. Encoders and storages know this file and never the instruments behind it.

import type { Exemplar } from './exemplar.js';
import type { NativeColumns } from './native-histogram.js';

/**
 * What several processes make of one gauge together. Of the plain ones, processes that are gone count on with their last
 * values; the live ones are about those that are there.
 *
 * `mostRecent` is the value that was set last, and `all` shows every process's own under the label `worker`.
 */
export type GaugeAggregation = (typeof GAUGE_AGGREGATIONS)[number];

export const GAUGE_AGGREGATIONS = [
  'sum',
  'min',
  'max',
  'mean',
  'mostRecent',
  'all',
  'liveSum',
  'liveMin',
  'liveMax',
  'liveMean',
  'liveMostRecent',
  'liveAll',
] as const;

export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'gaugehistogram'
  | 'summary'
  | 'info'
  | 'stateset'
  | 'unknown';

interface DescriptorBase {
  /** As exposed in classic text, prefix included. */
  readonly name: string;
  /** Empty when there is none. */
  readonly description: string;
  /** A base unit that is the name's suffix; empty when there is none. */
  readonly unit: string;
}

/**
 * What a family is. It also fixes the values of one series, called its row:
 *
 * | type | row |
 * |---|---|
 * | counter, gauge, unknown, info | the value (info: 1) |
 * | histogram | observations per bucket, not cumulative, the last one above all bounds; then the sum |
 * | gaugehistogram | the same, of what is there now instead of what was observed so far: any of it may fall |
 * | summary | one value per quantile (NaN when the window is empty); then the sum; then the count |
 * | stateset | 0 or 1 per state |
 *
 * A native histogram has a histogram's row, often without bounds, and its sparse buckets in `SeriesBlock.native` besides:
 * whoever knows nothing of those still reads its count and its sum.
 */
export type FamilyDescriptor =
  | (DescriptorBase & { readonly type: 'counter' | 'unknown' | 'info' })
  | (DescriptorBase & { readonly type: 'gauge'; readonly aggregation?: GaugeAggregation })
  // Bounds are finite and ascending, without +Inf; quantiles are in 0..1, ascending.
  | (DescriptorBase & {
      readonly type: 'histogram';
      readonly upperBounds: readonly number[];
      /** Whether its series are native histograms, with or without bounds beside. */
      readonly native?: true;
    })
  | (DescriptorBase & { readonly type: 'gaugehistogram'; readonly upperBounds: readonly number[] })
  | (DescriptorBase & { readonly type: 'summary'; readonly quantiles: readonly number[] })
  | (DescriptorBase & { readonly type: 'stateset'; readonly states: readonly string[] });

/** Whether values have to be told apart by when they were set. */
export function isMostRecent(descriptor: FamilyDescriptor): boolean {
  return descriptor.type === 'gauge' && /mostRecent/i.test(descriptor.aggregation ?? '');
}

/** Whether the series of a family are native histograms. */
export function isNative(descriptor: FamilyDescriptor): boolean {
  return descriptor.type === 'histogram' && descriptor.native === true;
}

/** How many numbers one series of this family has. */
export function rowWidth(descriptor: FamilyDescriptor): number {
  switch (descriptor.type) {
    case 'histogram':
    case 'gaugehistogram':
      return descriptor.upperBounds.length + 2;
    case 'summary':
      return descriptor.quantiles.length + 2;
    case 'stateset':
      return descriptor.states.length;
    default:
      return 1;
  }
}

/** Two families of one name are the same to a storage as long as this is the same: then they have the same samples. */
export function shapeKey(descriptor: FamilyDescriptor): string {
  const { name, type } = descriptor;
  switch (descriptor.type) {
    case 'histogram':
      return JSON.stringify([name, descriptor.native ? 'native' : type, ...descriptor.upperBounds]);
    case 'gaugehistogram':
      return JSON.stringify([name, type, ...descriptor.upperBounds]);
    case 'summary':
      return JSON.stringify([name, type, ...descriptor.quantiles]);
    case 'stateset':
      return JSON.stringify([name, type, ...descriptor.states]);
    default:
      return JSON.stringify([name]);
  }
}

/**
 * The values that one label has taken, each under a small id (its index). Values are only ever added, so ids that a
 * snapshot holds keep their meaning; readers may cache what they derive from a value under (this object, id).
 */
export interface LabelDictionary {
  readonly name: string;
  /** Well-formed strings, without length limit, possibly empty. */
  readonly values: readonly string[];
  /** What those who record call the label, where they have a vocabulary of their own. */
  readonly key?: string | undefined;
  /** Then also the values that they gave as numbers or booleans, by id. */
  given?(): ReadonlyMap<number, number | boolean>;
}

/**
 * A run of whole series that share their label names. `row` runs from 0 to `size - 1`; row r's label c has the value
 * `dictionaries[c].values[labelIds[r * dictionaries.length + c]]`, and its numbers are `values[r * width … + width - 1]`.
 *
 * Of a live family, a block is valid until the walk moves on or the reader gives up the thread; what a snapshot hands
 * out stays as it is for good.
 */
export interface SeriesBlock {
  readonly size: number;
  /** 1 for a row that holds a series, 0 for a gap left by a removed one; undefined when there are no gaps. */
  readonly live: Uint8Array | undefined;
  /** One per label name, in the order in which they are shown. */
  readonly dictionaries: readonly LabelDictionary[];
  /** Shared between snapshots: the same array always means the same label sets, for the rows it had when first seen. */
  readonly labelIds: Int32Array;
  /** Labels that all series of the block carry besides (the collector's default labels). */
  readonly constantLabels: readonly (readonly [name: string, value: string])[];
  readonly width: number;
  readonly values: Float64Array;
  /**
   * Milliseconds since the epoch at which each series started; NaN where a text that was read does not tell. Shared between
   * snapshots as the label ids are: the same array always means the same times.
   */
  readonly createdMs: Float64Array;
  /** Where the family is native. Made for each walk, as the exemplars are, so that a snapshot may keep them. */
  readonly native?: NativeColumns;
  /** Of a live histogram that keeps them: the least and the greatest observation of each row, infinite where there is none. */
  readonly extremes?: Float64Array;
  /** The exemplars of rows that have some, by ascending column and time. */
  readonly exemplars?: ReadonlyMap<number, readonly Exemplar[]>;
  /**
   * Milliseconds since the epoch, where whoever exposed the series gave a time (NaN: it gave none). Samples of such a row are of
   * that time instead of the snapshot's; one that was there in the snapshot before is the same sample, and the series does not
   * end when it is missing.
   */
  readonly timestampsMs?: Float64Array;
}

/** Whether two blocks have the very same columns of labels. */
export function sameShape(a: readonly LabelDictionary[], b: readonly LabelDictionary[]): boolean {
  return a === b || (a.length === b.length && a.every((dictionary, column) => dictionary === b[column]));
}

/** Whether the labels that all series of a block carry are equal to those of another one. */
export function sameLabels(a: SeriesBlock['constantLabels'], b: SeriesBlock['constantLabels']): boolean {
  return a === b || (a.length === b.length && a.every(([name, value], i) => name === b[i]?.[0] && value === b[i]?.[1]));
}

/** A metric family as readers see it. */
export interface MetricFamily {
  readonly descriptor: FamilyDescriptor;
  /** Whether a histogram has seen a negative value, so that its sum may fall and OpenMetrics shows none. */
  readonly observedNegative: boolean;
  /**
   * Walks the series once, none twice, also when series come and go between two blocks. Leave the loop early or run it
   * to its end: an iterator that is merely dropped keeps the places of removed series from being used again.
   */
  blocks(): Iterable<SeriesBlock>;
}

/** All families at one moment. Immutable, and shares no mutable state with the live ones. */
export interface Snapshot {
  readonly timestampMs: number;
  readonly families: readonly MetricFamily[];
}
