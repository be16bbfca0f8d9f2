// The functions that make a number of each number of a vector: one combinator, and a table of plain mathematics. Histograms
// are left out of their results, and the metric's name is dropped, for the result measures something else.
import type { Expression } from '../language/expression.js';
import { withoutName } from '../values/label-sets.js';
import { NUMBER, SeriesBuilder, type StepSeries } from '../values/step-series.js';
import type { VectorFunction } from './function.js';

/** A number of each number of the first argument. The call costs a few nanoseconds a slot, whatever is computed. */
export function ofEachNumber(compute: (value: number) => number): VectorFunction {
  return ({ args }, evaluation, emit) =>
    evaluation.vector(args[0] as Expression, (series) => {
      const numbers = numbersOf(series);
      if (numbers === undefined) return;
      const { kinds, values } = numbers;
      const results = new Float64Array(values.length);
      for (let step = 0; step < values.length; step++) {
        if (kinds[step] === NUMBER) results[step] = compute(values[step] as number);
      }
      emit({ labels: withoutName(series.labels), kinds, values: results });
    });
}

/** The series without its histograms; undefined where it has nothing else. */
export function numbersOf(series: StepSeries): StepSeries | undefined {
  if (series.histograms === undefined) return series;
  const numbers = new SeriesBuilder(series.kinds.length);
  for (let step = 0; step < series.kinds.length; step++) {
    if (series.kinds[step] === NUMBER) numbers.setNumber(step, series.values[step] as number);
  }
  return numbers.isEmpty ? undefined : numbers.withLabels(series.labels);
}

export const mathFunctions: Readonly<Record<string, VectorFunction>> = {
  abs: ofEachNumber(Math.abs),
  ceil: ofEachNumber(Math.ceil),
  floor: ofEachNumber(Math.floor),
  exp: ofEachNumber(Math.exp),
  sqrt: ofEachNumber(Math.sqrt),
  ln: ofEachNumber(Math.log),
  log2: ofEachNumber(Math.log2),
  log10: ofEachNumber(Math.log10),
  sin: ofEachNumber(Math.sin),
  cos: ofEachNumber(Math.cos),
  tan: ofEachNumber(Math.tan),
  asin: ofEachNumber(Math.asin),
  acos: ofEachNumber(Math.acos),
  atan: ofEachNumber(Math.atan),
  sinh: ofEachNumber(Math.sinh),
  cosh: ofEachNumber(Math.cosh),
  tanh: ofEachNumber(Math.tanh),
  asinh: ofEachNumber(Math.asinh),
  acosh: ofEachNumber(Math.acosh),
  atanh: ofEachNumber(Math.atanh),
  rad: ofEachNumber((degrees) => (degrees * Math.PI) / 180),
  deg: ofEachNumber((radians) => (radians * 180) / Math.PI),
  sgn: ofEachNumber(Math.sign),
};
