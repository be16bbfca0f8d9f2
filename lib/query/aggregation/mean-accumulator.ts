// `avg`: the sum by the count, as long as the sum is not too great for a number. From the step's value on that would make it
// infinite, the mean of those before is moved by every value instead.
import type { Labels } from '../../model/label-set.js';
import { nextMean } from '../histograms/histogram-arithmetic.js';
import { lostIn, totalOf } from '../values/kahan-sum.js';
import { ABSENT, HISTOGRAM, NUMBER, type StepSeries } from '../values/step-series.js';
import type { Accumulator } from './accumulator.js';
import type { AggregationNotes } from './aggregation-notes.js';
import { MixedState } from './mixed-state.js';

/** As long as there is one series. */
const NOTHING_LOST = new Float64Array(0);

export class MeanAccumulator implements Accumulator {
  readonly #state: MixedState;
  /** By step: the sum, or the mean where `moves` is set. The numbers of the first series themselves, as long as it is alone. */
  #sums: Float64Array;
  #lost = NOTHING_LOST;
  /** Of numbers and histograms alike; nothing as long as there is one series. */
  #counts = NOTHING_LOST;
  #moves: Uint8Array | undefined;

  constructor(first: StepSeries, notes: AggregationNotes) {
    this.#state = new MixedState(first, notes);
    this.#sums = first.values;
  }

  /** Cost: some 2 ns by step, where there are numbers only. */
  add(series: StepSeries): void {
    if (this.#lost === NOTHING_LOST) this.#begin();
    if (series.histograms !== undefined || this.#state.hasHistograms || this.#moves !== undefined) {
      this.#addMixed(series);
      return;
    }
    const { kinds, values } = series;
    const { kinds: state } = this.#state;
    const [sums, lost, counts] = [this.#sums, this.#lost, this.#counts];
    for (let step = 0; step < kinds.length; step++) {
      if (kinds[step] === ABSENT) continue;
      const value = values[step] as number;
      const sum = sums[step] as number;
      const next = sum + value;
      if (state[step] === ABSENT || next === Number.POSITIVE_INFINITY || next === Number.NEGATIVE_INFINITY) {
        this.#addNumber(step, value);
        continue;
      }
      counts[step] = (counts[step] as number) + 1;
      lost[step] = lostIn(sum, value, lost[step] as number);
      sums[step] = next;
    }
  }

  result(labels: Labels): StepSeries {
    const histograms = this.#state.finish();
    const { kinds } = this.#state;
    const values = this.#sums;
    for (let step = 0; step < this.#lost.length; step++) {
      const [sum, lost, count] = [values[step] as number, this.#lost[step] as number, this.#counts[step] as number];
      values[step] = this.#moves?.[step] === 1 ? totalOf(sum, lost) : sum / count + lost / count;
    }
    return histograms === undefined ? { labels, kinds, values } : { labels, kinds, values, histograms };
  }

  #begin(): void {
    const { kinds } = this.#state;
    this.#sums = this.#sums.slice();
    this.#lost = new Float64Array(kinds.length);
    this.#counts = new Float64Array(kinds.length);
    for (let step = 0; step < kinds.length; step++) this.#counts[step] = kinds[step] === ABSENT ? 0 : 1;
  }

  #addMixed(series: StepSeries): void {
    for (let step = 0; step < series.kinds.length; step++) {
      const kind = series.kinds[step];
      if (kind === ABSENT || this.#state.isBroken(step)) continue;
      if (kind === HISTOGRAM) this.#addHistogram(series, step);
      else this.#addNumber(step, series.values[step] as number);
    }
  }

  #addHistogram(series: StepSeries, step: number): void {
    const count = (this.#counts[step] as number) + 1;
    this.#counts[step] = count;
    this.#state.addHistogram(series, step, (mean, next) => nextMean(mean, next, count));
  }

  #addNumber(step: number, value: number): void {
    const { kinds } = this.#state;
    const count = (this.#counts[step] as number) + 1;
    this.#counts[step] = count;
    if (kinds[step] === NUMBER) this.#addToMean(step, value, count);
    else this.#sums[step] = value;
    kinds[step] = (kinds[step] as number) | NUMBER;
  }

  #addToMean(step: number, value: number, count: number): void {
    const sum = this.#sums[step] as number;
    const lost = this.#lost[step] as number;
    if (this.#moves?.[step] !== 1) {
      const next = sum + value;
      if (next !== Number.POSITIVE_INFINITY && next !== Number.NEGATIVE_INFINITY) {
        this.#lost[step] = lostIn(sum, value, lost);
        this.#sums[step] = next;
        return;
      }
      this.#moves ??= new Uint8Array(this.#sums.length);
      this.#moves[step] = 1;
      this.#move(step, { mean: sum / (count - 1), lost: lost / (count - 1), value, count });
    } else {
      this.#move(step, { mean: sum, lost, value, count });
    }
  }

  #move(step: number, { mean, lost, value, count }: Move): void {
    const share = (count - 1) / count;
    this.#lost[step] = lostIn(share * mean, value / count, share * lost);
    this.#sums[step] = share * mean + value / count;
  }
}

interface Move {
  readonly mean: number;
  readonly lost: number;
  readonly value: number;
  /** With the value. */
  readonly count: number;
}
