// A minus in front of a vector.
import type { Evaluation } from '../evaluation/evaluation.js';
import { vectorWithoutNames } from '../evaluation/without-names.js';
import type { FloatHistogram } from '../histograms/float-histogram.js';
import { scaleHistogram } from '../histograms/histogram-arithmetic.js';
import type { UnaryExpression } from '../language/expression.js';
import type { Emit, StepSeries } from '../values/step-series.js';
import { negatedScalar } from './arithmetic.js';

export function negatedVector({ expression }: UnaryExpression, evaluation: Evaluation, emit: Emit): Promise<void> {
  return vectorWithoutNames({ expression, evaluation, emit, isStrict: true }, negatedSeries);
}

function negatedSeries({ labels, kinds, values, histograms }: StepSeries): StepSeries {
  const negated = negatedScalar(values);
  if (histograms === undefined) return { labels, kinds, values: negated };
  return { labels, kinds, values: negated, histograms: histograms.map(negatedHistogram) };
}

function negatedHistogram(histogram: FloatHistogram | undefined): FloatHistogram | undefined {
  return histogram === undefined ? undefined : scaleHistogram(histogram, -1);
}
