// The functions that answer where there is nothing: one series, with the labels that what is absent would surely have had.

import { type Labels, newLabelSet } from '../../model/label-set.js';
import type { LabelMatcher } from '../../model/storage.js';
import type { Expression } from '../language/expression.js';
import { ABSENT, type Emit, SeriesBuilder } from '../values/step-series.js';
import { withoutParentheses } from './arguments.js';
import type { VectorFunction } from './function.js';

export const absentFunctions: Readonly<Record<string, VectorFunction>> = {
  absent: async ({ args }, evaluation, emit) => {
    const source = args[0] as Expression;
    const isThere = new Uint8Array(evaluation.steps.count);
    await evaluation.vector(source, ({ kinds }) => {
      for (let step = 0; step < kinds.length; step++) if (kinds[step] !== ABSENT) isThere[step] = 1;
    });
    emitAbsence(isThere, source, emit);
  },

  absent_over_time: async ({ args }, evaluation, emit) => {
    const source = args[0] as Expression;
    const isThere = new Uint8Array(evaluation.steps.count);
    await evaluation.range(source, {
      begin() {},
      visit(window) {
        isThere[window.step] = 1;
      },
      end() {},
    });
    emitAbsence(isThere, source, emit);
  },
};

function emitAbsence(isThere: Uint8Array, source: Expression, emit: Emit): void {
  const absence = new SeriesBuilder(isThere.length);
  for (let step = 0; step < isThere.length; step++) if (isThere[step] === 0) absence.setNumber(step, 1);
  absence.emitTo(emit, labelsOfAbsence(withoutParentheses(source)));
}

/** Labels of which the selector says one thing only, and that is their value. */
function labelsOfAbsence(source: Expression): Labels {
  const values = new Map<string, string>();
  const named = new Set<string>();
  for (const { name, operator, value } of matchersOf(source)) {
    if (operator === '=' && value !== '' && !named.has(name)) values.set(name, value);
    else values.delete(name);
    if (operator === '=') named.add(name);
  }
  const labels = newLabelSet();
  for (const [name, value] of values) if (name !== '__name__') labels[name] = value;
  return labels;
}

function matchersOf(source: Expression): readonly LabelMatcher[] {
  if (source.kind === 'selector') return source.matchers;
  return source.kind === 'range' ? source.selector.matchers : [];
}
