// What workers and the one who gathers them say to each other: plain objects of numbers, strings and typed arrays, so that
// structured cloning carries them between threads as they are, and one binary text between processes.
import type { Exemplar } from '../model/exemplar.js';
import type { FamilyDescriptor } from '../model/family.js';
import type { NativeColumns } from '../model/native-histogram.js';
import type { BucketLimits } from './native-totals.js';

/** Marks our messages where others send theirs as well. */
export const TAG = 'telltale.cluster';

/** On this channel workers and gatherers of one process find each other. */
export const CHANNEL = 'telltale.cluster';

/** Series per report at most, so that taking one up holds the gatherer's event loop for a millisecond or two. */
export const MOST_ROWS_PER_REPORT = 4096;

/** From this many on they are sent where a series is not a few numbers but a window or a histogram, which costs microseconds. */
export const ROWS_APART_PER_REPORT = 256;

/** A family that the gatherer has not heard of yet. Ids are the worker's own, counted from 0. */
export interface FamilyNews {
  readonly id: number;
  readonly descriptor: FamilyDescriptor;
  /** Undefined where series may carry any labels. */
  readonly labelNames: readonly string[] | undefined;
  /** Of native histograms: what their totals are held to as well. */
  readonly bucketLimits: BucketLimits | undefined;
}

/** Series of a family that share their label names. */
export interface GroupNews {
  readonly id: number;
  readonly family: number;
  readonly names: readonly string[];
  /** Labels that all of them carry besides. */
  readonly constants: readonly (readonly [name: string, value: string])[];
  /** Numbers per series that are kept in place; 0 where each series has a window or a native histogram instead. */
  readonly width: number;
  readonly capacity: number;
}

/** Series of one block that came or went. */
export interface BlockNews {
  readonly group: number;
  readonly block: number;
  /** Where the numbers are, in place: shared memory. Undefined where they are sent. */
  readonly values: Float64Array | undefined;
  /** What to add to these: what rows counted before they started anew. Sent numbers contain it. */
  readonly carried: Float64Array | undefined;
  /** When each was last recorded, in the worker's monotonic seconds; only where that decides between values. */
  readonly recordedAt: Float64Array | undefined;
  readonly removed: Int32Array;
  readonly placed: Int32Array;
  /** Of the placed rows, one after the other, in the order of the group's names. */
  readonly labels: readonly string[];
  /** Of the placed rows. */
  readonly createdMs: Float64Array;
}

/** Numbers of a block that changed; only where they are not read in place. */
export interface NumberNews {
  readonly group: number;
  readonly block: number;
  /** Which numbers of the block; undefined for all from the first one on. */
  readonly at: Int32Array | undefined;
  readonly values: Float64Array;
  readonly recordedAt: Float64Array | undefined;
}

/** What the windows of summaries hold that changed. */
export interface WindowNews {
  readonly group: number;
  /** Places in the group: so many times its blocks' capacity, and the row in the block. */
  readonly slots: Int32Array;
  /** Four numbers a row: the sum and count of all observations ever, the window's least and greatest. */
  readonly figures: Float64Array;
  /** Row r's buckets stand from `starts[r]` to before `starts[r + 1]`. */
  readonly starts: Int32Array;
  readonly keys: Int32Array;
  readonly counts: Float64Array;
}

/** What native histograms grew by since it was last told. */
export interface NativeNews {
  readonly group: number;
  /** As of windows. */
  readonly slots: Int32Array;
  /** Numbers per row, as of a classic histogram. */
  readonly width: number;
  readonly values: Float64Array;
  readonly native: NativeColumns;
}

/** Exemplars of one block that were taken since they were last told, each with its row. */
export interface ExemplarNews {
  readonly group: number;
  readonly block: number;
  readonly rows: Int32Array;
  readonly exemplars: readonly Exemplar[];
}

/** One step of a worker's story. Its parts are taken up in this order. */
export interface Report {
  readonly kind: 'report';
  /** Ascending; acknowledged, so that places of removed series are used again only when nobody reads them. */
  readonly sequence: number;
  /** Seconds to add to the worker's monotonic ones to make them those of the machine. */
  readonly clockOffset: number;
  /** Whether readings have to wait for the worker, because it has something to work out for them. */
  readonly isAsked: boolean;
  /** Of known series, and so taken up first: a series that goes is counted to its end. */
  readonly numbers: readonly NumberNews[];
  readonly families: readonly FamilyNews[];
  readonly groups: readonly GroupNews[];
  readonly blocks: readonly BlockNews[];
  /** Of series that are placed by this report. */
  readonly firstNumbers: readonly NumberNews[];
  readonly windows: readonly WindowNews[];
  readonly natives: readonly NativeNews[];
  readonly exemplars: readonly ExemplarNews[];
  /** Histograms that have seen a negative value. */
  readonly observedNegative: readonly number[];
  /** The question that this ends the answer to. */
  readonly answers: number | undefined;
  /** Families whose collect callback failed this time. */
  readonly leftOut: readonly number[];
}

/** What the gatherer says to a worker. */
export type Order =
  | { readonly kind: 'ask'; readonly question: number }
  | { readonly kind: 'acknowledge'; readonly sequence: number };
