// One series of a vector over all steps of a query, in columns. It is what every part of the evaluation hands to the next:
// a range query is computed series by series and not step by step, so that a sample is a slot and never an object.
import type { Labels } from '../../model/label-set.js';
import type { FloatHistogram } from '../histograms/float-histogram.js';
import { newKinds, newValues } from './step-arrays.js';

/** What a series has at a step. */
export const ABSENT = 0;
export const NUMBER = 1;
export const HISTOGRAM = 2;

export interface StepSeries {
  readonly labels: Labels;
  /** `ABSENT`, `NUMBER` or `HISTOGRAM` by step. */
  readonly kinds: Uint8Array;
  /** By step; without meaning where `kinds` is not `NUMBER`. */
  readonly values: Float64Array;
  /** By step, where there are any. */
  readonly histograms?: readonly (FloatHistogram | undefined)[];
}

/** Takes the series of a vector one by one. What it is given is its own: nobody writes to it afterwards. */
export type Emit = (series: StepSeries) => void;

/** Fills a series. One builder makes one series. */
export class SeriesBuilder {
  readonly kinds: Uint8Array;
  readonly values: Float64Array;
  #histograms: (FloatHistogram | undefined)[] | undefined;
  #isEmpty = true;

  constructor(steps: number) {
    this.kinds = newKinds(steps);
    this.values = newValues(steps);
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  setNumber(step: number, value: number): void {
    this.kinds[step] = NUMBER;
    this.values[step] = value;
    this.#isEmpty = false;
  }

  setHistogram(step: number, histogram: FloatHistogram): void {
    this.#histograms ??= new Array<FloatHistogram | undefined>(this.kinds.length).fill(undefined);
    this.kinds[step] = HISTOGRAM;
    this.#histograms[step] = histogram;
    this.#isEmpty = false;
  }

  /** The series, with what was set so far. */
  withLabels(labels: Labels): StepSeries {
    const { kinds, values } = this;
    const histograms = this.#histograms;
    return histograms === undefined ? { labels, kinds, values } : { labels, kinds, values, histograms };
  }

  /** Hands it on, unless nothing was set: a series without a sample is no series. */
  emitTo(emit: Emit, labels: Labels): void {
    if (!this.#isEmpty) emit(this.withLabels(labels));
  }
}
