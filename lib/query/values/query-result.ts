// What a query answers: values by type, as Prometheus' API has them, in columns, with what the engine has to say about them.
import type { Labels } from '../../model/label-set.js';
import type { FloatHistogram } from '../histograms/float-histogram.js';

/** A series of a result with all its samples, by ascending time. */
export interface ResultSeries {
  readonly labels: Labels;
  /** Milliseconds since the epoch. */
  readonly timestampsMs: Float64Array;
  /** NaN where the sample is a histogram. */
  readonly values: Float64Array;
  /** By sample; undefined where it is a number. Missing altogether where all are numbers. */
  readonly histograms?: readonly (FloatHistogram | undefined)[];
}

/** One sample of a vector: a number, or a histogram. */
export interface VectorSample {
  readonly labels: Labels;
  readonly value: number;
  readonly histogram?: FloatHistogram;
}

export type QueryValue =
  | { readonly type: 'vector'; readonly timestampMs: number; readonly samples: readonly VectorSample[] }
  | { readonly type: 'matrix'; readonly series: readonly ResultSeries[] }
  | { readonly type: 'scalar'; readonly timestampMs: number; readonly value: number }
  | { readonly type: 'string'; readonly timestampMs: number; readonly value: string };

/** Sentences that start with "PromQL warning: " or "PromQL info: " and end with the position, as Prometheus writes them. */
export interface QueryNotes {
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

export type QueryResult = QueryValue & QueryNotes;
