// What functions over a range make of a window of histograms: how much was counted in it, the sum, the mean. Each takes the
// window where it stands, with histograms only in it, and answers undefined, with a warning, where they do not fit together.
import { withSchema } from '../../model/native-histogram.js';
import type { RangeSeries, RangeWindow } from '../values/range-window.js';
import {
  type FloatHistogram,
  type HistogramMismatch,
  isGaugeHistogram,
  mismatchOf,
  usesCustomBounds,
} from './float-histogram.js';
import {
  addHistograms,
  compactHistogram,
  nextMean,
  subtractHistograms,
  withResetHint,
} from './histogram-arithmetic.js';
import { detectReset } from './histogram-comparison.js';
import { type NotePlace, warnOfMismatch, warnOfNoCounter, warnOfNoGauge } from './histogram-notes.js';

/**
 * By how much a counter went up from the first to the last histogram of a window of two or more, with what it had counted
 * before each reset: a gauge, and not extrapolated, which is for the caller (`scaleHistogram`).
 *
 * Cost: a subtraction, and an addition by reset. Resets are looked for once in a series and not once in each window.
 */
export function histogramIncrease(window: RangeWindow, place: NotePlace): FloatHistogram | undefined {
  const increase = counterIncrease(window);
  if (typeof increase === 'string') return refused(place, increase);
  for (let at = window.from; at < window.to; at++) {
    if (!isGaugeHistogram(histogramAt(window, at))) continue;
    warnOfNoCounter(place);
    break;
  }
  return withResetHint(compactHistogram(increase), 'gauge');
}

/** By how much a gauge changed from the first to the last histogram of a window of two or more; not extrapolated. */
export function histogramDelta(window: RangeWindow, place: NotePlace): FloatHistogram | undefined {
  const [first, last] = [histogramAt(window, window.from), histogramAt(window, window.to - 1)];
  // The lower resolution comes first: a zero bucket that ends at a bound of the higher one may cut a bucket of the lower.
  const schema = Math.min(last.schema, first.schema);
  const delta = mismatchOf(last, first) ?? subtractHistograms(withSchema(last, schema), first);
  if (typeof delta === 'string') return refused(place, delta);
  if (!isGaugeHistogram(first) || !isGaugeHistogram(last)) warnOfNoGauge(place);
  return withResetHint(delta, 'gauge');
}

/** What `irate` divides by the seconds between two histograms: their difference, or after a reset the last one as it is. */
export function lastIncrease(
  [previous, last]: readonly [FloatHistogram, FloatHistogram],
  place: NotePlace,
): FloatHistogram | undefined {
  if (isGaugeHistogram(previous) || isGaugeHistogram(last)) warnOfNoCounter(place);
  if (detectReset(last, previous)) return withResetHint(compactHistogram(last), 'gauge');
  const increase = subtractHistograms(last, previous);
  return typeof increase === 'string' ? refused(place, increase) : withResetHint(increase, 'gauge');
}

/** The difference of two histograms, for `idelta`. */
export function lastDelta(
  [previous, last]: readonly [FloatHistogram, FloatHistogram],
  place: NotePlace,
): FloatHistogram | undefined {
  if (!isGaugeHistogram(previous) || !isGaugeHistogram(last)) warnOfNoGauge(place);
  const delta = subtractHistograms(last, previous);
  return typeof delta === 'string' ? refused(place, delta) : withResetHint(delta, 'gauge');
}

export function histogramSum(window: RangeWindow, place: NotePlace): FloatHistogram | undefined {
  let sum = histogramAt(window, window.from);
  for (let at = window.from + 1; at < window.to; at++) {
    const next = addHistograms(sum, histogramAt(window, at));
    if (typeof next === 'string') return refused(place, next);
    sum = next;
  }
  return compactHistogram(sum);
}

export function histogramMean(window: RangeWindow, place: NotePlace): FloatHistogram | undefined {
  let mean = histogramAt(window, window.from);
  for (let at = window.from + 1; at < window.to; at++) {
    const next = nextMean(mean, histogramAt(window, at), at - window.from + 1);
    if (typeof next === 'string') return refused(place, next);
    mean = next;
  }
  return compactHistogram(mean);
}

/** Whether the histogram at `at` in a series started anew after the one before it. Looked for once and then known. */
export function isResetAt(series: RangeSeries, at: number): boolean {
  const { histograms = [] } = series;
  let found = knownResets.get(series);
  if (found === undefined) {
    found = new Uint8Array(histograms.length);
    knownResets.set(series, found);
  }
  if (found[at] === UNKNOWN) {
    const isReset = detectReset(histograms[at] as FloatHistogram, histograms[at - 1] as FloatHistogram);
    found[at] = isReset ? RESET : NO_RESET;
  }
  return found[at] === RESET;
}

const [UNKNOWN, NO_RESET, RESET] = [0, 1, 2] as const;
const knownResets = new WeakMap<RangeSeries, Uint8Array>();

function counterIncrease(window: RangeWindow): FloatHistogram | HistogramMismatch {
  const { from, to, series } = window;
  // What was there before a reset right after the first one is in no way part of the window, whatever its buckets were.
  const startsAnew = isResetAt(series, from + 1);
  let schema = histogramAt(window, to - 1).schema;
  const isCustom = usesCustomBounds(histogramAt(window, startsAnew ? from + 1 : from));
  for (let at = startsAnew ? from + 1 : from; at < to; at++) {
    const histogram = histogramAt(window, at);
    if (usesCustomBounds(histogram) !== isCustom) return 'exponential_and_custom';
    schema = Math.min(schema, histogram.schema);
  }
  let increase: FloatHistogram | HistogramMismatch = withSchema(histogramAt(window, to - 1), schema);
  if (!startsAnew) increase = subtractHistograms(increase, histogramAt(window, from));
  for (let at = startsAnew ? from + 2 : from + 1; at < to && typeof increase !== 'string'; at++) {
    if (isResetAt(series, at)) increase = addHistograms(increase, histogramAt(window, at - 1));
  }
  return increase;
}

function refused(place: NotePlace, mismatch: HistogramMismatch): undefined {
  warnOfMismatch(place, mismatch);
}

function histogramAt({ series }: RangeWindow, at: number): FloatHistogram {
  return series.histograms?.[at] as FloatHistogram;
}
