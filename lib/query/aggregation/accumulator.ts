// What an aggregation keeps of a group: one column or a few, whatever the number of series. Series are added one by one and
// need not be kept for it.
import type { Labels } from '../../model/label-set.js';
import type { StepSeries } from '../values/step-series.js';

export interface Accumulator {
  add(series: StepSeries): void;

  /** Called once, in the end. The result may have no sample. */
  result(labels: Labels): StepSeries;
}

/** Makes one of the first series of a group. */
export type NewAccumulator = (first: StepSeries) => Accumulator;
