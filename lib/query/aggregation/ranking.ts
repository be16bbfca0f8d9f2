// `topk` and `bottomk`: the series with the greatest or the least values, at every step anew, with all their labels. What is
// not among them is let go at once.
import type { Labels } from '../../model/label-set.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { QueryFailure } from '../evaluation/query-failure.js';
import type { Aggregation } from '../language/expression.js';
import { shortNumber } from '../values/short-number.js';
import { ABSENT, type Emit, HISTOGRAM, SeriesBuilder, type StepSeries } from '../values/step-series.js';
import { AggregationNotes } from './aggregation-notes.js';
import { Groups } from './grouping.js';
import { greatest, parameterValues } from './parameters.js';
import { StepHeaps } from './step-heaps.js';

const MOST_INTEGER = 2 ** 63;

export async function ranking(aggregation: Aggregation, evaluation: Evaluation, emit: Emit): Promise<void> {
  const parameters = await parameterValues(aggregation, evaluation);
  const ranks = new Ranks(aggregation, evaluation, parameters);
  // Without any rank to fill, Prometheus looks at no parameter and no sample.
  const isEmpty = greatest(parameters) < 1;
  await evaluation.vector(aggregation.expression, (series) => {
    if (!isEmpty) ranks.add(series);
  });
  ranks.check();
  await ranks.emitTo(emit);
}

class Ranks {
  readonly #groups: Groups<StepHeaps>;
  readonly #notes: AggregationNotes;
  readonly #evaluation: Evaluation;
  readonly #parameters: Float64Array;
  readonly #limits: Float64Array;
  /** Heaps have the greatest: for the least, all values are turned. */
  readonly #sign: 1 | -1;
  readonly #labels: Labels[] = [];
  /** The first step that has samples and a parameter that is no number of ranks. */
  #failedStep = Number.POSITIVE_INFINITY;

  constructor(aggregation: Aggregation, evaluation: Evaluation, parameters: Float64Array) {
    this.#groups = new Groups(aggregation);
    this.#notes = new AggregationNotes(aggregation, evaluation.annotations);
    this.#evaluation = evaluation;
    this.#parameters = parameters;
    this.#limits = parameters.map(Math.trunc);
    this.#sign = aggregation.operator === 'topk' ? 1 : -1;
  }

  add(series: StepSeries): void {
    const { labels, kinds, values } = series;
    const key = this.#groups.keyOf(labels);
    const heaps = this.#groups.find(key) ?? this.#groups.add(key, labels, new StepHeaps(this.#limits));
    const number = this.#labels.push(labels) - 1;
    const [limits, sign] = [this.#limits, this.#sign];
    for (let step = 0; step < kinds.length; step++) {
      const kind = kinds[step];
      if (kind === ABSENT) continue;
      const limit = limits[step] as number;
      if (!(limit < MOST_INTEGER && limit >= -MOST_INTEGER)) this.#failedStep = Math.min(this.#failedStep, step);
      else if (limit < 1) continue;
      else if (kind === HISTOGRAM) this.#notes.ignored();
      else heaps.add(step, number, sign * (values[step] as number));
    }
  }

  check(): void {
    const parameter = this.#parameters[this.#failedStep];
    if (parameter === undefined) return;
    throw new QueryFailure({
      kind: 'evaluation_failed',
      problem: `Scalar value ${shortNumber(parameter)} overflows int64`,
    });
  }

  /** At a single step the series of a group come in the order of their ranks. */
  async emitTo(emit: Emit): Promise<void> {
    for (const { content: heaps } of this.#groups.values()) {
      const builders = await this.#buildersOf(heaps);
      for (const [series, builder] of builders) {
        builder.emitTo(emit, this.#labels[series] as Labels);
        const pause = this.#evaluation.pause(this.#limits.length);
        if (pause !== undefined) await pause;
      }
    }
  }

  /** By the number of the series. */
  async #buildersOf(heaps: StepHeaps): Promise<Map<number, SeriesBuilder>> {
    const steps = this.#limits.length;
    const builders = new Map<number, SeriesBuilder>();
    for (let step = 0; step < steps; step++) {
      heaps.visit(step, (series, value) => {
        const builder = builders.get(series) ?? new SeriesBuilder(steps);
        builders.set(series, builder);
        builder.setNumber(step, this.#sign * value);
      });
      const pause = this.#evaluation.pause(heaps.sizeAt(step));
      if (pause !== undefined) await pause;
    }
    return builders;
  }
}
