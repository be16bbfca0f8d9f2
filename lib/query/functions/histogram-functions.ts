// The functions that read something out of histograms: counts, sums, averages and spread of native ones, quantiles and
// fractions of native and classic ones. What they compute with stands in `histograms/`.

import type { Evaluation } from '../evaluation/evaluation.js';
import { vectorWithoutNames } from '../evaluation/without-names.js';
import type { FloatHistogram } from '../histograms/float-histogram.js';
import { tellOfForcedMonotonicity } from '../histograms/histogram-notes.js';
import { histogramFraction, histogramQuantile, histogramVariance } from '../histograms/histogram-statistics.js';
import { readHistograms } from '../histograms/histogram-vector.js';
import type { Call, Expression } from '../language/expression.js';
import { isQuantile, quantileWarning } from '../values/quantile.js';
import { HISTOGRAM, SeriesBuilder, type StepSeries } from '../values/step-series.js';
import type { VectorFunction } from './function.js';

export const histogramFunctions: Readonly<Record<string, VectorFunction>> = {
  histogram_count: ofEach(({ count }) => count),
  histogram_sum: ofEach(({ sum }) => sum),
  histogram_avg: ofEach(({ sum, count }) => sum / count),
  histogram_stddev: ofEach((histogram) => Math.sqrt(histogramVariance(histogram))),
  histogram_stdvar: ofEach(histogramVariance),

  async histogram_quantile(call, evaluation, emit) {
    const quantiles = await evaluation.scalar(argument(call, 0));
    warnOfQuantiles(quantiles, call, evaluation);
    await readHistograms(
      {
        expression: argument(call, 1),
        nativePosition: argument(call, 0).position,
        ofNative: (histogram, step, place) => histogramQuantile(quantiles[step] as number, histogram, place),
        ofClassic(buckets, step, place) {
          const q = quantiles[step] as number;
          if (isQuantile(q) && buckets.isComplete && buckets.makeMonotonic()) tellOfForcedMonotonicity(place);
          return buckets.quantile(q);
        },
      },
      evaluation,
      emit,
    );
  },

  async histogram_fraction(call, evaluation, emit) {
    const lower = await evaluation.scalar(argument(call, 0));
    const upper = await evaluation.scalar(argument(call, 1));
    const rangeAt = (step: number) => ({ lower: lower[step] as number, upper: upper[step] as number });
    await readHistograms(
      {
        expression: argument(call, 2),
        nativePosition: argument(call, 0).position,
        ofNative: (histogram, step, place) => histogramFraction(rangeAt(step), histogram, place),
        ofClassic: (buckets, step) => buckets.fraction(rangeAt(step)),
      },
      evaluation,
      emit,
    );
  },
};

/** A function that makes a number of each native histogram of a vector, and leaves out what is no histogram. */
function ofEach(read: (histogram: FloatHistogram) => number): VectorFunction {
  return (call, evaluation, emit) =>
    vectorWithoutNames({ expression: argument(call, 0), evaluation, emit }, (series) => numbersOf(series, read));
}

function numbersOf(
  { labels, kinds, histograms }: StepSeries,
  read: (histogram: FloatHistogram) => number,
): StepSeries | undefined {
  if (histograms === undefined) return undefined;
  const builder = new SeriesBuilder(kinds.length);
  for (let step = 0; step < kinds.length; step++) {
    if (kinds[step] === HISTOGRAM) builder.setNumber(step, read(histograms[step] as FloatHistogram));
  }
  return builder.isEmpty ? undefined : builder.withLabels(labels);
}

function warnOfQuantiles(quantiles: Float64Array, call: Call, { annotations }: Evaluation): void {
  let last: number | undefined;
  for (const q of quantiles) {
    if (isQuantile(q) || Object.is(q, last)) continue;
    last = q;
    annotations.warn(quantileWarning(q), argument(call, 0).position);
  }
}

/** The types have seen to it that it is there. */
function argument(call: Call, at: number): Expression {
  return call.args[at] as Expression;
}
