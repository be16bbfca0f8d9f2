// How many samples a series stands for where samples are limited: a histogram counts for as many as fit into its memory.
import type { FloatHistogram } from '../histograms/float-histogram.js';
import { ABSENT, HISTOGRAM, type StepSeries } from '../values/step-series.js';

/** What a step takes, with or without a sample, in samples of 16 bytes: a number and its kind. */
export const SAMPLES_PER_STEP = 9 / 16;
/** What a histogram takes besides its buckets, in samples of 16 bytes. */
const EMPTY_HISTOGRAM = 11;

/** As many samples as Prometheus counts; more for a series with many gaps, which take memory here and none there. */
export function sampleCount({ kinds, histograms }: StepSeries): number {
  let count = 0;
  for (let step = 0; step < kinds.length; step++) {
    const kind = kinds[step];
    if (kind === ABSENT) continue;
    count += kind === HISTOGRAM ? histogramWeight(histograms?.[step]) : 1;
  }
  return Math.max(count, kinds.length * SAMPLES_PER_STEP);
}

function histogramWeight(histogram: FloatHistogram | undefined): number {
  if (histogram === undefined) return 0;
  const { positive, negative, customBounds } = histogram;
  return EMPTY_HISTOGRAM + (positive.counts.length + negative.counts.length + (customBounds?.length ?? 0)) / 2;
}
