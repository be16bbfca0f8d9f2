// `stdvar` and `stddev` of the whole population, by Welford's method, which needs the numbers once.
// https://en.wikipedia.org/wiki/Algorithms_for_calculating_variance#Welford's_online_algorithm
import type { Labels } from '../../model/label-set.js';
import { HISTOGRAM, NUMBER, type StepSeries } from '../values/step-series.js';
import type { Accumulator } from './accumulator.js';
import type { AggregationNotes } from './aggregation-notes.js';

export class VarianceAccumulator implements Accumulator {
  readonly #counts: Float64Array;
  readonly #means: Float64Array;
  /** Sums of the squared distances from the mean. */
  readonly #squares: Float64Array;
  readonly #isDeviation: boolean;
  readonly #notes: AggregationNotes;

  constructor(first: StepSeries, isDeviation: boolean, notes: AggregationNotes) {
    const steps = first.kinds.length;
    this.#counts = new Float64Array(steps);
    this.#means = new Float64Array(steps);
    this.#squares = new Float64Array(steps);
    this.#isDeviation = isDeviation;
    this.#notes = notes;
    this.add(first);
  }

  add({ kinds, values, histograms }: StepSeries): void {
    if (histograms !== undefined && kinds.includes(HISTOGRAM)) this.#notes.ignored();
    const [counts, means, squares] = [this.#counts, this.#means, this.#squares];
    for (let step = 0; step < kinds.length; step++) {
      if (kinds[step] !== NUMBER) continue;
      const value = values[step] as number;
      const count = (counts[step] as number) + 1;
      const mean = means[step] as number;
      const distance = value - mean;
      const moved = mean + distance / count;
      counts[step] = count;
      means[step] = moved;
      squares[step] = (squares[step] as number) + distance * (value - moved);
    }
  }

  result(labels: Labels): StepSeries {
    const kinds = new Uint8Array(this.#counts.length);
    const values = this.#squares;
    for (let step = 0; step < kinds.length; step++) {
      const count = this.#counts[step] as number;
      if (count === 0) continue;
      const variance = (values[step] as number) / count;
      kinds[step] = NUMBER;
      values[step] = this.#isDeviation ? Math.sqrt(variance) : variance;
    }
    return { labels, kinds, values };
  }
}
