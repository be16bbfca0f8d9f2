// Functions of each number of a vector and of scalars, which may be others at every step: clamping and rounding.
import type { Evaluation } from '../evaluation/evaluation.js';
import type { Expression } from '../language/expression.js';
import { withoutName } from '../values/label-sets.js';
import { NUMBER, SeriesBuilder, type StepSeries } from '../values/step-series.js';
import type { VectorFunction } from './function.js';
import { numbersOf } from './math-functions.js';

/** Makes a series of numbers of another, with the values of up to two scalars by step. */
type Bounding = (numbers: StepSeries, a: Float64Array, b: Float64Array) => SeriesBuilder;

export const boundingFunctions: Readonly<Record<string, VectorFunction>> = {
  clamp: bounding(clamp, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]),
  clamp_min: bounding(clamp, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]),
  clamp_max: bounding(
    (numbers, most, least) => clamp(numbers, least, most),
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ),
  round: bounding(round, [1, 0]),
};

/** @param defaults - Of the scalars that the call leaves out. */
function bounding(compute: Bounding, defaults: readonly [number, number]): VectorFunction {
  return async ({ args }, evaluation, emit) => {
    const a = await scalarOr(defaults[0], args[1], evaluation);
    const b = await scalarOr(defaults[1], args[2], evaluation);
    await evaluation.vector(args[0] as Expression, (series) => {
      const numbers = numbersOf(series);
      if (numbers !== undefined) compute(numbers, a, b).emitTo(emit, withoutName(series.labels));
    });
  };
}

async function scalarOr(
  otherwise: number,
  argument: Expression | undefined,
  evaluation: Evaluation,
): Promise<Float64Array> {
  if (argument !== undefined) return evaluation.scalar(argument);
  return new Float64Array(evaluation.steps.count).fill(otherwise);
}

/** Nothing at the steps where the bounds contradict each other. */
function clamp({ kinds, values }: StepSeries, least: Float64Array, most: Float64Array): SeriesBuilder {
  const clamped = new SeriesBuilder(kinds.length);
  for (let step = 0; step < kinds.length; step++) {
    const [from, to] = [least[step] as number, most[step] as number];
    if (kinds[step] === NUMBER && !(to < from)) clamped.setNumber(step, within(values[step] as number, from, to));
  }
  return clamped;
}

function within(value: number, least: number, most: number): number {
  return greater(least, lesser(most, value));
}

/** As Go has it, where nothing is less than -Infinity, not even NaN. */
function lesser(a: number, b: number): number {
  const { NEGATIVE_INFINITY } = Number;
  return a === NEGATIVE_INFINITY || b === NEGATIVE_INFINITY ? NEGATIVE_INFINITY : Math.min(a, b);
}

function greater(a: number, b: number): number {
  const { POSITIVE_INFINITY } = Number;
  return a === POSITIVE_INFINITY || b === POSITIVE_INFINITY ? POSITIVE_INFINITY : Math.max(a, b);
}

/** To multiples of a number, halves upwards. By its inverse, because 1 / 0.1 is exact where 0.1 is not. */
function round({ kinds, values }: StepSeries, nearest: Float64Array): SeriesBuilder {
  const rounded = new SeriesBuilder(kinds.length);
  for (let step = 0; step < kinds.length; step++) {
    const inverse = 1 / (nearest[step] as number);
    if (kinds[step] === NUMBER) rounded.setNumber(step, Math.floor((values[step] as number) * inverse + 0.5) / inverse);
  }
  return rounded;
}
