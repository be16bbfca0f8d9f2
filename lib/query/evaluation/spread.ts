// Series of one step, spread over all: what was evaluated once because it is the same everywhere.
import { newKinds, newValues } from '../values/step-arrays.js';
import { type Emit, HISTOGRAM, type StepSeries } from '../values/step-series.js';

export function spread(count: number, emit: Emit): Emit {
  return (series) => emit(spreadSeries(series, count));
}

function spreadSeries({ labels, kinds, values, histograms }: StepSeries, count: number): StepSeries {
  const kind = kinds[0] as number;
  const numbers = {
    labels,
    kinds: newKinds(count).fill(kind),
    values: newValues(count).fill(values[0] as number),
  };
  return kind === HISTOGRAM ? { ...numbers, histograms: new Array(count).fill(histograms?.[0]) } : numbers;
}
