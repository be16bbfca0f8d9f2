// A minus in front of a vector or a scalar.
import type { Evaluation } from '../evaluation/evaluation.js';
import { vectorWithoutNames } from '../evaluation/without-names.js';
import type { FloatHistogram } from '../histograms/float-histogram.js';
import { scaleHistogram } from '../histograms/histogram-arithmetic.js';
import type { Expression } from '../language/expression.js';
import type { Emit, StepSeries } from '../values/step-series.js';

/** @param expression - What stands behind the minus. */
export function negatedVector(expression: Expression, evaluation: Evaluation, emit: Emit): Promise<void> {
  return vectorWithoutNames({ expression, evaluation, emit, isStrict: true }, negatedSeries);
}

export function negatedScalar(values: Float64Array): Float64Array {
  return values.map((value) => -value);
}

function negatedSeries({ labels, kinds, values, histograms }: StepSeries): StepSeries {
  const negated = negatedScalar(values);
  if (histograms === undefined) return { labels, kinds, values: negated };
  return { labels, kinds, values: negated, histograms: histograms.map(negatedHistogram) };
}

function negatedHistogram(histogram: FloatHistogram | undefined): FloatHistogram | undefined {
  return histogram === undefined ? undefined : scaleHistogram(histogram, -1);
}
