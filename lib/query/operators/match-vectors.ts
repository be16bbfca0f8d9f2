// An operator between two vectors whose series match one to one, or many to one. The series of the one side are kept by their
// signature; then those of the other side come one by one, and each is combined with what it finds.

import type { Evaluation } from '../evaluation/evaluation.js';
import { emitAll } from '../evaluation/without-names.js';
import type { BinaryExpression, VectorMatching } from '../language/expression.js';
import { hasOneName } from '../language/one-name.js';
import { keyOf } from '../values/label-sets.js';
import { firstSharedStep, mergedSeries } from '../values/series-merger.js';
import type { Emit, StepSeries } from '../values/step-series.js';
import { combined } from './combine.js';
import { EarliestFailure } from './earliest-failure.js';
import { type OneGroup, OneSide } from './one-side.js';
import { type Operation, operationOf } from './operation.js';
import { ResultLabels } from './result-labels.js';
import type { Signature } from './signature.js';

const NOT_EXPLICIT = 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)';
const NOT_UNIQUE = 'multiple matches for labels: grouping labels must ensure unique matches';
const SAME_LABELS = 'vector cannot contain metrics with the same labelset';

export interface Matched {
  readonly expression: BinaryExpression;
  readonly matching: VectorMatching;
  readonly signature: Signature;
}

export async function matchVectors(matched: Matched, evaluation: Evaluation, emit: Emit): Promise<void> {
  const { left, right } = matched.expression;
  const isOneLeft = matched.matching.cardinality === 'one-to-many';
  const match = new VectorMatch(matched, evaluation, emit);
  await evaluation.vector(isOneLeft ? left : right, (series) => match.addOne(series));
  await evaluation.vector(isOneLeft ? right : left, (series) => match.addMany(series));
  match.finish();
  await emitAll(match.kept(), evaluation, emit);
}

interface Result {
  readonly series: StepSeries;
  readonly group: OneGroup;
}

class VectorMatch {
  readonly #one: OneSide;
  readonly #operation: Operation;
  readonly #labels: ResultLabels;
  readonly #evaluation: Evaluation;
  readonly #emit: Emit;
  readonly #isOneLeft: boolean;
  readonly #isOneToOne: boolean;
  /** Every series of the many makes one series of results, and no two of them are alike: none has to be kept. */
  readonly #areDistinct: boolean;
  readonly #results = new Map<string, Result>();
  readonly #failure = new EarliestFailure();

  constructor({ expression, matching, signature }: Matched, evaluation: Evaluation, emit: Emit) {
    this.#one = new OneSide(signature, matching);
    this.#operation = operationOf(expression, evaluation.steps.count);
    this.#labels = new ResultLabels(expression, matching);
    this.#evaluation = evaluation;
    this.#emit = emit;
    this.#isOneLeft = matching.cardinality === 'one-to-many';
    this.#isOneToOne = matching.cardinality === 'one-to-one';
    const many = this.#isOneLeft ? expression.right : expression.left;
    const areNamesAlike = !this.#labels.areNameless || hasOneName(many);
    this.#areDistinct = !this.#isOneToOne && matching.include.length === 0 && areNamesAlike;
  }

  addOne(series: StepSeries): void {
    this.#one.add(series);
  }

  addMany(many: StepSeries): void {
    this.#one.checkDuplicates(many, this.#failure);
    const group = this.#one.groupOf(many);
    if (group === undefined) return;
    let whole: StepSeries | undefined;
    for (const one of group.series) {
      const result = this.#combine(many, one);
      if (result === undefined) continue;
      if (!this.#areDistinct) this.#keep(result, group, many);
      else whole = whole === undefined ? result : mergedSeries(whole, result);
    }
    if (whole !== undefined) this.#emit(whole);
  }

  /** Tells what was noted, and fails if anything went wrong. */
  finish(): void {
    this.#failure.throwIfAny();
    this.#operation.problems.report(this.#evaluation.annotations);
  }

  *kept(): Generator<StepSeries> {
    for (const { series } of this.#results.values()) yield series;
  }

  #combine(many: StepSeries, one: StepSeries): StepSeries | undefined {
    const result = this.#isOneLeft ? combined(this.#operation, one, many) : combined(this.#operation, many, one);
    return result === undefined ? undefined : { ...result, labels: this.#labels.of(many.labels, one.labels) };
  }

  #keep(series: StepSeries, group: OneGroup, many: StepSeries): void {
    if (this.#isOneToOne) this.#answer(series, group);
    const key = this.#labels.followSignature(many.labels) ? group.key : keyOf(series.labels);
    const known = this.#results.get(key);
    if (known === undefined) {
      this.#results.set(key, { series, group });
      return;
    }
    const shared = firstSharedStep(known.series.kinds, series.kinds);
    if (shared >= 0) this.#failure.note(shared, known.group === group ? NOT_UNIQUE : SAME_LABELS);
    this.#results.set(key, { series: mergedSeries(known.series, series), group: known.group });
  }

  #answer({ kinds }: StepSeries, group: OneGroup): void {
    if (group.answered === undefined) {
      group.answered = kinds;
      return;
    }
    const shared = firstSharedStep(group.answered, kinds);
    if (shared >= 0) this.#failure.note(shared, NOT_EXPLICIT);
    group.answered = group.answered.map((kind, step) => kind | (kinds[step] as number));
  }
}
