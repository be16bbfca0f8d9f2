// What an operator makes of two series, step by step: the columns of numbers at once, histograms one by one where there are any.
import { newKinds } from '../values/step-arrays.js';
import { ABSENT, type StepSeries } from '../values/step-series.js';
import { compared, computed, isComparison } from './arithmetic.js';
import { combinedHistograms } from './combine-histograms.js';
import type { Operation } from './operation.js';

/** The result has the labels of the left series; undefined where it has no sample. */
export function combined(operation: Operation, left: StepSeries, right: StepSeries): StepSeries | undefined {
  if (left.histograms !== undefined || right.histograms !== undefined) {
    return unlessEmpty(combinedHistograms(operation, left, right));
  }
  const { operator, returnsBool, keepsRight } = operation;
  const { labels } = left;
  if (!isComparison(operator)) {
    const values = computed(operator, left.values, right.values);
    return unlessEmpty({ labels, kinds: bothKinds(left.kinds, right.kinds), values });
  }
  const holds = compared(operator, left.values, right.values);
  const kinds = bothKinds(left.kinds, right.kinds);
  if (returnsBool) return unlessEmpty({ labels, kinds, values: new Float64Array(holds) });
  for (let step = 0; step < kinds.length; step++) kinds[step] = (kinds[step] as number) & (holds[step] as number);
  return unlessEmpty({ labels, kinds, values: keepsRight ? right.values : left.values });
}

/** `NUMBER` where both are: the bits of the kinds are their own, so that they can be masked. */
function bothKinds(left: Uint8Array, right: Uint8Array): Uint8Array {
  const kinds = newKinds(left.length);
  for (let step = 0; step < kinds.length; step++) kinds[step] = (left[step] as number) & (right[step] as number);
  return kinds;
}

function unlessEmpty(series: StepSeries): StepSeries | undefined {
  const { kinds } = series;
  for (let step = 0; step < kinds.length; step++) if (kinds[step] !== ABSENT) return series;
  return undefined;
}
