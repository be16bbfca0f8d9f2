// What a function over a range sees: the samples of one series in the window of one step. There is one object per series,
// moved from step to step, because a range query looks through millions of windows.
import type { Labels } from '../../model/label-set.js';
import type { FloatHistogram } from '../histograms/float-histogram.js';

/** The samples of a series that the windows of all steps are cut from. Stale markers are not among them. */
export interface RangeSeries {
  readonly labels: Labels;
  readonly timestampsMs: Float64Array;
  /** Without meaning where there is a histogram. */
  readonly values: Float64Array;
  /** By sample; undefined where the sample is a number. Missing altogether where all are numbers. */
  readonly histograms?: readonly (FloatHistogram | undefined)[];
}

/** The windows of all steps: that of step i ends at `firstMs + i * strideMs`. */
export interface Windows {
  readonly firstMs: number;
  /** 0 where all windows are one. */
  readonly strideMs: number;
  readonly count: number;
  readonly rangeMs: number;
}

export class RangeWindow {
  readonly series: RangeSeries;
  /** The samples from `from` to before `to` are in the window; there is at least one, wherever a function is called. */
  from = 0;
  to = 0;
  /** The window is left-open: it holds what came after `startMs`, up to and with `endMs`. */
  startMs = 0;
  endMs = 0;
  step = 0;

  constructor(series: RangeSeries) {
    this.series = series;
  }
}
