// `sort` and `sort_desc`: the order of an instant query's answer, by value. The answer of a range query is in the order of
// its labels always, and only loses its histograms here.
import type { Evaluation } from '../evaluation/evaluation.js';
import { emitAll } from '../evaluation/without-names.js';
import type { Expression } from '../language/expression.js';
import type { StepSeries } from '../values/step-series.js';
import type { VectorFunction } from './function.js';
import { numbersOf } from './math-functions.js';

export const orderFunctions: Readonly<Record<string, VectorFunction>> = {
  sort: sorted((a, b) => a - b),
  sort_desc: sorted((a, b) => b - a),
};

function sorted(compare: (a: number, b: number) => number): VectorFunction {
  return async ({ args }, evaluation, emit) => {
    const source = args[0] as Expression;
    if (evaluation.steps.count > 1) {
      await evaluation.vector(source, (series) => {
        const numbers = numbersOf(series);
        if (numbers !== undefined) emit(numbers);
      });
      return;
    }
    const kept = await keptNumbers(source, evaluation);
    await emitAll(
      kept.sort((a, b) => compareValues(a, b, compare)),
      evaluation,
      emit,
    );
  };
}

async function keptNumbers(source: Expression, evaluation: Evaluation): Promise<StepSeries[]> {
  const kept: StepSeries[] = [];
  await evaluation.vector(source, (series) => {
    const numbers = numbersOf(series);
    if (numbers === undefined) return;
    kept.push(numbers);
  });
  return kept;
}

/** NaN comes last, whichever way the others are ordered. */
function compareValues(a: StepSeries, b: StepSeries, compare: (a: number, b: number) => number): number {
  const [x, y] = [a.values[0] as number, b.values[0] as number];
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
  return x === y ? 0 : compare(x, y);
}
