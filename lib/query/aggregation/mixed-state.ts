// What a sum or a mean has at each step while series are added: numbers, histograms, or both, which comes to nothing. The kinds
// of samples are bits of their own, so that they add up.
import type { FloatHistogram, HistogramMismatch } from '../histograms/float-histogram.js';
import { compactHistogram } from '../histograms/histogram-arithmetic.js';
import { ABSENT, HISTOGRAM, NUMBER, type StepSeries } from '../values/step-series.js';
import type { AggregationNotes } from './aggregation-notes.js';

/** Numbers and histograms at one step. */
const MIXED = NUMBER | HISTOGRAM;
/** Histograms that do not go together: nothing more is added at the step. */
const BROKEN = 4;

/** What becomes of a histogram when the next one comes. */
export type AddHistogram = (
  sum: FloatHistogram,
  next: FloatHistogram,
  step: number,
) => FloatHistogram | HistogramMismatch;

export class MixedState {
  /** By step: the kinds of all samples so far. */
  readonly kinds: Uint8Array;
  #histograms: (FloatHistogram | undefined)[] | undefined;
  readonly #notes: AggregationNotes;

  constructor(first: StepSeries, notes: AggregationNotes) {
    this.kinds = first.kinds.slice();
    this.#histograms = first.histograms?.slice();
    this.#notes = notes;
  }

  /** Without any, only the numbers have to be looked at. */
  get hasHistograms(): boolean {
    return this.#histograms !== undefined;
  }

  /** Whether there is nothing more to add at the step. */
  isBroken(step: number): boolean {
    return ((this.kinds[step] as number) & BROKEN) !== 0;
  }

  /** Adds the histogram that the series has at the step. */
  addHistogram(series: StepSeries, step: number, add: AddHistogram): void {
    this.#histograms ??= new Array<FloatHistogram | undefined>(this.kinds.length).fill(undefined);
    const kind = this.kinds[step] as number;
    const [sum, next] = [this.#histograms[step], series.histograms?.[step] as FloatHistogram];
    this.kinds[step] = kind | HISTOGRAM;
    if (kind === ABSENT) {
      this.#histograms[step] = next;
    } else if (sum !== undefined) {
      const added = add(sum, next, step);
      if (typeof added === 'string') this.#break(series, step, added);
      else this.#histograms[step] = added;
    }
  }

  /** Says what was mixed, and leaves of the kinds those that results have. */
  finish(): (FloatHistogram | undefined)[] | undefined {
    const histograms = this.#histograms;
    if (histograms === undefined) return undefined;
    for (let step = 0; step < this.kinds.length; step++) {
      const kind = this.kinds[step] as number;
      const isMixed = (kind & MIXED) === MIXED;
      if (isMixed) this.#notes.mixed();
      if (isMixed || (kind & BROKEN) !== 0) this.kinds[step] = ABSENT;
      const histogram = histograms[step];
      if (histogram !== undefined) histograms[step] = compactHistogram(histogram);
    }
    return histograms;
  }

  #break(series: StepSeries, step: number, mismatch: HistogramMismatch): void {
    this.#notes.mismatch(series, mismatch);
    this.kinds[step] = (this.kinds[step] as number) | BROKEN;
  }
}
