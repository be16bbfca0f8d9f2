// The functions of time: when samples were taken, and what the calendar says, in UTC, of numbers that are seconds since the
// epoch (without an argument: of the steps themselves).

import { newLabelSet } from '../../model/label-set.js';
import type { Expression } from '../language/expression.js';
import { withoutName } from '../values/label-sets.js';
import { ABSENT, NUMBER } from '../values/step-series.js';
import { type Steps, stepTimeMs } from '../values/steps.js';
import { withoutParentheses } from './arguments.js';
import { dayOfMonth, dayOfWeek, dayOfYear, daysInMonth, hour, minute, month, year } from './calendar.js';
import type { VectorFunction } from './function.js';
import { ofEachNumber } from './math-functions.js';

export const timeFunctions: Readonly<Record<string, VectorFunction>> = {
  timestamp: async ({ args }, evaluation, emit) => {
    const expression = withoutParentheses(args[0] as Expression);
    if (expression.kind === 'selector') {
      await evaluation.sampleTimes(expression, (series) => emit({ ...series, labels: withoutName(series.labels) }));
      return;
    }
    const seconds = secondsOf(evaluation.steps);
    await evaluation.vector(expression, ({ labels, kinds }) =>
      emit({
        labels: withoutName(labels),
        kinds: kinds.map((kind) => (kind === ABSENT ? ABSENT : NUMBER)),
        values: seconds,
      }),
    );
  },

  /** A series without labels. */
  vector: async ({ args }, evaluation, emit) => {
    const values = await evaluation.scalar(args[0] as Expression);
    emit({ labels: newLabelSet(), kinds: new Uint8Array(values.length).fill(NUMBER), values });
  },

  minute: ofEachTime(minute),
  hour: ofEachTime(hour),
  day_of_week: ofEachTime(dayOfWeek),
  day_of_month: ofEachTime(dayOfMonth),
  day_of_year: ofEachTime(dayOfYear),
  days_in_month: ofEachTime(daysInMonth),
  month: ofEachTime(month),
  year: ofEachTime(year),
};

function ofEachTime(compute: (seconds: number) => number): VectorFunction {
  const ofVector = ofEachNumber(compute);
  return async (call, evaluation, emit) => {
    if (call.args.length > 0) {
      await ofVector(call, evaluation, emit);
      return;
    }
    const values = secondsOf(evaluation.steps).map(compute);
    emit({ labels: newLabelSet(), kinds: new Uint8Array(values.length).fill(NUMBER), values });
  };
}

function secondsOf(steps: Steps): Float64Array {
  return new Float64Array(steps.count).map((_, step) => stepTimeMs(steps, step) / 1000);
}
