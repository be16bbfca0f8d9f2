// What is said, in Prometheus' words, of histograms that cannot be computed with as the query wants it.
import type { Annotations } from '../evaluation/annotations.js';
import type { Position } from '../language/expression.js';
import type { HistogramMismatch } from './float-histogram.js';

/** What a note is about. One serves all steps of a series. */
export interface NotePlace {
  readonly annotations: Annotations;
  /** Of the argument that the histograms come from. */
  readonly position: Position;
  /** '' where the series has none. */
  readonly metricName: string;
}

export function warnOfMismatch(place: NotePlace, mismatch: HistogramMismatch): void {
  const text =
    mismatch === 'different_bounds'
      ? 'vector contains histograms with incompatible custom buckets'
      : 'vector contains a mix of histograms with exponential and custom buckets schemas';
  warn(place, `${text} for metric name`);
}

export function warnOfMixedSamples(place: NotePlace): void {
  warn(place, 'encountered a mix of histograms and floats for metric name');
}

export function warnOfNoCounter(place: NotePlace): void {
  warn(place, 'this native histogram metric is not a counter:');
}

export function warnOfNoGauge(place: NotePlace): void {
  warn(place, 'this native histogram metric is not a gauge:');
}

export function warnOfMixedHistograms(place: NotePlace): void {
  warn(place, 'vector contains a mix of classic and native histograms for metric name');
}

export function warnOfBucketLabel({ annotations, position, metricName }: NotePlace, le: string): void {
  const text = `bucket label "le" is missing or has a malformed value of ${quoted(le)} for metric name`;
  annotations.warn(`${text} ${quoted(metricName)}`, position);
}

export function tellOfForcedMonotonicity(place: NotePlace): void {
  const source = 'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile';
  tell(place, `input to histogram_quantile needed to be fixed for monotonicity (see ${source}) for metric name`);
}

/** @param isSkewed - Whether there is a quantile at all, which then is too high. */
export function tellOfNaNsInQuantile(place: NotePlace, isSkewed: boolean): void {
  const result = isSkewed ? 'result is skewed higher' : 'result is NaN';
  tell(place, `input to histogram_quantile has NaN observations, ${result} for metric name`);
}

export function tellOfNaNsInFraction(place: NotePlace): void {
  const text = 'input to histogram_fraction has NaN observations, which are excluded from all fractions';
  tell(place, `${text} for metric name`);
}

function warn({ annotations, position, metricName }: NotePlace, text: string): void {
  annotations.warn(`${text} ${quoted(metricName)}`, position);
}

function tell({ annotations, position, metricName }: NotePlace, text: string): void {
  annotations.info(`${text} ${quoted(metricName)}`, position);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
