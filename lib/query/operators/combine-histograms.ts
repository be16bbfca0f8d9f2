// Two series of which one has histograms: they are combined sample by sample. Few operators mean something for histograms, and
// what has no meaning is left out of the result and told.
import type { FloatHistogram, HistogramMismatch } from '../histograms/float-histogram.js';
import {
  addHistograms,
  divideHistogram,
  scaleHistogram,
  subtractHistograms,
} from '../histograms/histogram-arithmetic.js';
import { equalHistograms } from '../histograms/histogram-comparison.js';
import { ABSENT, HISTOGRAM, NUMBER, SeriesBuilder, type StepSeries } from '../values/step-series.js';
import { compared, computed, isComparison } from './arithmetic.js';
import type { Operation } from './operation.js';

/** A histogram, or whether a comparison holds. Undefined: the operator means nothing between the two. */
type Outcome = FloatHistogram | HistogramMismatch | boolean | undefined;

/** May have no sample. */
export function combinedHistograms(operation: Operation, left: StepSeries, right: StepSeries): StepSeries {
  const builder = new SeriesBuilder(left.kinds.length);
  const numbers = numbersOf(operation, left, right);
  for (let step = 0; step < left.kinds.length; step++) {
    const [leftKind, rightKind] = [left.kinds[step], right.kinds[step]];
    if (leftKind === ABSENT || rightKind === ABSENT) continue;
    if (leftKind === HISTOGRAM || rightKind === HISTOGRAM) {
      setOutcome(builder, operation, { step, left, right });
    } else if (numbers.kinds[step] === NUMBER) {
      builder.setNumber(step, numbers.values[step] as number);
    }
  }
  return builder.withLabels(left.labels);
}

interface Place {
  readonly step: number;
  readonly left: StepSeries;
  readonly right: StepSeries;
}

/** What would come of the columns if there were numbers only. */
function numbersOf(operation: Operation, left: StepSeries, right: StepSeries) {
  const { operator, returnsBool, keepsRight } = operation;
  if (!isComparison(operator)) {
    const values = computed(operator, left.values, right.values);
    return { kinds: new Uint8Array(values.length).fill(NUMBER), values };
  }
  const holds = compared(operator, left.values, right.values);
  if (returnsBool) return { kinds: new Uint8Array(holds.length).fill(NUMBER), values: new Float64Array(holds) };
  return { kinds: holds, values: keepsRight ? right.values : left.values };
}

function setOutcome(builder: SeriesBuilder, operation: Operation, { step, left, right }: Place): void {
  const [a, b] = [sampleOf(left, step), sampleOf(right, step)];
  const outcome = outcomeOf(operation, a, b);
  if (outcome === undefined) {
    operation.problems.addTypes(step, typeof a !== 'number', typeof b !== 'number');
  } else if (typeof outcome === 'string') {
    operation.problems.addBuckets(step);
  } else if (typeof outcome === 'object') {
    builder.setHistogram(step, outcome);
  } else if (operation.returnsBool) {
    builder.setNumber(step, outcome ? 1 : 0);
  } else if (outcome) {
    builder.setHistogram(step, a as FloatHistogram);
  }
}

function sampleOf({ kinds, values, histograms }: StepSeries, step: number): number | FloatHistogram {
  return kinds[step] === HISTOGRAM ? (histograms?.[step] as FloatHistogram) : (values[step] as number);
}

function outcomeOf({ operator }: Operation, a: number | FloatHistogram, b: number | FloatHistogram): Outcome {
  if (typeof a === 'number') {
    return operator === '*' && typeof b !== 'number' ? scaleHistogram(b, a) : undefined;
  }
  if (typeof b === 'number') {
    if (operator === '*') return scaleHistogram(a, b);
    return operator === '/' ? divideHistogram(a, b) : undefined;
  }
  switch (operator) {
    case '+':
      return addHistograms(a, b);
    case '-':
      return subtractHistograms(a, b);
    case '==':
      return equalHistograms(a, b);
    case '!=':
      return !equalHistograms(a, b);
    default:
      return undefined;
  }
}
