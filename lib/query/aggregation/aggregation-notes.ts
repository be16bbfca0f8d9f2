// What is said, in Prometheus' words, of samples that an aggregation cannot use.
import type { Annotations } from '../evaluation/annotations.js';
import type { HistogramMismatch } from '../histograms/float-histogram.js';
import { warnOfMismatch } from '../histograms/histogram-notes.js';
import type { Aggregation } from '../language/expression.js';
import type { StepSeries } from '../values/step-series.js';

export class AggregationNotes {
  readonly #aggregation: Aggregation;
  readonly #annotations: Annotations;

  constructor(aggregation: Aggregation, annotations: Annotations) {
    this.#aggregation = aggregation;
    this.#annotations = annotations;
  }

  /** A group had numbers and histograms at the same step, and has nothing there now. */
  mixed(): void {
    const { position } = this.#aggregation.expression;
    this.#annotations.warn('encountered a mix of histograms and floats for aggregation', position);
  }

  /** Of the series whose histogram did not go with those before, the metric is named. */
  mismatch({ labels }: StepSeries, mismatch: HistogramMismatch): void {
    const { position } = this.#aggregation.expression;
    warnOfMismatch({ annotations: this.#annotations, position, metricName: labels.__name__ ?? '' }, mismatch);
  }

  /** An aggregation of numbers met a histogram. */
  ignored(): void {
    const { operator, expression, position } = this.#aggregation;
    const isRanking = operator === 'topk' || operator === 'bottomk';
    this.#annotations.info(`ignored histogram in ${operator} aggregation`, isRanking ? position : expression.position);
  }
}
