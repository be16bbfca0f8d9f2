// The functions that answer scalars, by name: what the evaluator looks them up in.
import type { Expression } from '../language/expression.js';
import { NUMBER } from '../values/step-series.js';
import { stepTimeMs } from '../values/steps.js';
import type { ScalarFunction } from './function.js';

export const scalarFunctions: Readonly<Record<string, ScalarFunction>> = {
  pi: async (_call, { steps }) => new Float64Array(steps.count).fill(Math.PI),

  time: async (_call, { steps }) => {
    const seconds = new Float64Array(steps.count);
    for (let step = 0; step < steps.count; step++) seconds[step] = stepTimeMs(steps, step) / 1000;
    return seconds;
  },

  /** The number of the one series that has one at the step, or NaN. */
  scalar: async ({ args }, evaluation) => {
    const { count } = evaluation.steps;
    const found = new Uint8Array(count);
    const only = new Float64Array(count).fill(Number.NaN);
    await evaluation.vector(args[0] as Expression, ({ kinds, values }) => {
      for (let step = 0; step < count; step++) {
        if (kinds[step] !== NUMBER) continue;
        only[step] = found[step] === 0 ? (values[step] as number) : Number.NaN;
        found[step] = 1;
      }
    });
    return only;
  },
};
