// `min` and `max`. NaN is neither, unless there is nothing else; histograms are neither.
import type { Labels } from '../../model/label-set.js';
import { ABSENT, HISTOGRAM, NUMBER, type StepSeries } from '../values/step-series.js';
import type { Accumulator } from './accumulator.js';
import type { AggregationNotes } from './aggregation-notes.js';

export class ExtremeAccumulator implements Accumulator {
  readonly #kinds: Uint8Array;
  readonly #values: Float64Array;
  readonly #isMax: boolean;
  readonly #notes: AggregationNotes;

  constructor(first: StepSeries, isMax: boolean, notes: AggregationNotes) {
    this.#kinds = new Uint8Array(first.kinds.length);
    this.#values = new Float64Array(first.values.length);
    this.#isMax = isMax;
    this.#notes = notes;
    this.add(first);
  }

  add({ kinds, values, histograms }: StepSeries): void {
    if (histograms !== undefined && kinds.includes(HISTOGRAM)) this.#notes.ignored();
    const [known, extremes, isMax] = [this.#kinds, this.#values, this.#isMax];
    for (let step = 0; step < kinds.length; step++) {
      if (kinds[step] !== NUMBER) continue;
      const value = values[step] as number;
      const extreme = extremes[step] as number;
      if (known[step] === ABSENT || (isMax ? extreme < value : extreme > value) || Number.isNaN(extreme)) {
        known[step] = NUMBER;
        extremes[step] = value;
      }
    }
  }

  result(labels: Labels): StepSeries {
    return { labels, kinds: this.#kinds, values: this.#values };
  }
}
