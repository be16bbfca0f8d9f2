// Which samples of a window a function sees. Some functions look at the numbers and leave histograms out; others go with
// either, but not with both in one window. The functions themselves then see windows of one kind only.
import type { FloatHistogram } from '../histograms/float-histogram.js';
import type { NotePlace } from '../histograms/histogram-notes.js';
import { RangeWindow } from '../values/range-window.js';
import type { SeriesBuilder } from '../values/step-series.js';
import type { VectorFunction } from './function.js';
import { type RangeComputation, type RangeContext, rangeFunction } from './range-function.js';

/** Makes a number of a window that has numbers only, and at least as many as the function needs. */
export type OfNumbers = (window: RangeWindow) => number;

/** A function that looks at the numbers of a window, at least `least` of them, and says so where it left histograms out. */
export function overNumbers(least: number, prepare: (context: RangeContext) => OfNumbers): VectorFunction {
  return rangeFunction((context): RangeComputation => {
    const compute = prepare(context);
    return {
      visit(window, result) {
        const numbers = window.series.histograms === undefined ? window : numbersOf(window);
        const count = numbers.to - numbers.from;
        if (count > 0 && count < window.to - window.from) context.notes.histogramsIgnored(window.series);
        if (count >= least) result.setNumber(window.step, compute(numbers));
      },
    };
  });
}

/** What a function makes of a window that has samples of one kind only. */
export interface OfOneKind {
  readonly numbers: OfNumbers;
  /** Undefined where the histograms do not go together, of which it warns. */
  histograms(window: RangeWindow, place: NotePlace): FloatHistogram | undefined;
}

/** A function that goes with windows of numbers and with windows of histograms, and warns of those that have both. */
export function ofOneKind({ numbers, histograms }: OfOneKind): VectorFunction {
  return rangeFunction(({ notes }) => ({
    visit(window, result) {
      const kind = kindOf(window);
      if (kind === 'numbers') result.setNumber(window.step, numbers(window));
      else if (kind === 'mixed') notes.mixed(window.series);
      else setIfAny(result, window.step, histograms(window, notes.placeOf(window.series)));
    },
  }));
}

export function setIfAny(result: SeriesBuilder, step: number, histogram: FloatHistogram | undefined): void {
  if (histogram !== undefined) result.setHistogram(step, histogram);
}

/** What the samples of a window are. */
export function kindOf(window: RangeWindow): 'numbers' | 'histograms' | 'mixed' {
  if (window.series.histograms === undefined) return 'numbers';
  const histograms = countHistograms(window);
  if (histograms === 0) return 'numbers';
  return histograms === window.to - window.from ? 'histograms' : 'mixed';
}

/** How many samples of the window are histograms. */
function countHistograms({ series: { histograms = [] }, from, to }: RangeWindow): number {
  let count = 0;
  for (let i = from; i < to; i++) if (histograms[i] !== undefined) count++;
  return count;
}

/** A window of the numbers alone. Copies, but only windows that mix need it. */
function numbersOf(window: RangeWindow): RangeWindow {
  const { series, from, to } = window;
  const histograms = countHistograms(window);
  if (histograms === 0) return window;
  const count = to - from - histograms;
  const timestampsMs = new Float64Array(count);
  const values = new Float64Array(count);
  let n = 0;
  for (let i = from; i < to; i++) {
    if (series.histograms?.[i] !== undefined) continue;
    timestampsMs[n] = series.timestampsMs[i] as number;
    values[n++] = series.values[i] as number;
  }
  const numbers = new RangeWindow({ labels: series.labels, timestampsMs, values });
  return Object.assign(numbers, { to: count, startMs: window.startMs, endMs: window.endMs, step: window.step });
}
