// `quantile`: the one aggregation of numbers that has to keep every series of a group, and to look across them in the end.
import type { Evaluation } from '../evaluation/evaluation.js';
import type { Aggregation } from '../language/expression.js';
import { quantileWarning } from '../values/quantile.js';
import { type Emit, HISTOGRAM, NUMBER, SeriesBuilder, type StepSeries } from '../values/step-series.js';
import { AggregationNotes } from './aggregation-notes.js';
import { Groups } from './grouping.js';
import { greatest, least, parameterOf, parameterValues } from './parameters.js';
import { selectRank } from './select-rank.js';

/** Steps that are gathered at once: as many numbers as the machine fetches from a series' column together. */
const STEPS_AT_ONCE = 8;
/** Series between two pauses. */
const SERIES_AT_ONCE = 4096;

export async function quantiles(aggregation: Aggregation, evaluation: Evaluation, emit: Emit): Promise<void> {
  const parameters = await parameterValues(aggregation, evaluation);
  warnOf(parameters, aggregation, evaluation);
  const notes = new AggregationNotes(aggregation, evaluation.annotations);
  const groups = new Groups<StepSeries[]>(aggregation);
  await evaluation.vector(aggregation.expression, (series) => {
    const key = groups.keyOf(series.labels);
    const group = groups.find(key) ?? groups.add(key, series.labels, []);
    if (series.kinds.includes(HISTOGRAM)) notes.ignored();
    group.push(series);
  });
  for (const { labels, content: group } of groups.values()) {
    const builder = new SeriesBuilder(parameters.length);
    const block = new StepBlock(group, evaluation);
    for (let step = 0; step < parameters.length; step++) {
      if (step % STEPS_AT_ONCE === 0) await block.gather(step);
      block.setQuantile(builder, step, parameters[step] as number);
      const pause = evaluation.pause(group.length);
      if (pause !== undefined) await pause;
    }
    builder.emitTo(emit, labels);
  }
}

function warnOf(parameters: Float64Array, aggregation: Aggregation, { annotations }: Evaluation): void {
  const { position } = parameterOf(aggregation);
  const [high, low] = [greatest(parameters), least(parameters)];
  if (Number.isNaN(high)) annotations.warn(quantileWarning(high), position);
  if (high > 1) annotations.warn(quantileWarning(high), position);
  if (low < 0) annotations.warn(quantileWarning(low), position);
}

/** The numbers of all series of a group at some steps. */
class StepBlock {
  readonly #group: readonly StepSeries[];
  readonly #evaluation: Evaluation;
  readonly #numbers: Float64Array;
  /** By step of the block: how many numbers there are, and how many of the samples are NaN. */
  readonly #counts = new Int32Array(STEPS_AT_ONCE);
  readonly #nans = new Int32Array(STEPS_AT_ONCE);

  constructor(group: readonly StepSeries[], evaluation: Evaluation) {
    this.#group = group;
    this.#evaluation = evaluation;
    this.#numbers = new Float64Array(STEPS_AT_ONCE * group.length);
  }

  async gather(from: number): Promise<void> {
    this.#counts.fill(0);
    this.#nans.fill(0);
    for (let first = 0; first < this.#group.length; first += SERIES_AT_ONCE) {
      const end = Math.min(first + SERIES_AT_ONCE, this.#group.length);
      for (let i = first; i < end; i++) this.#gatherOf(this.#group[i] as StepSeries, from);
      const pause = this.#evaluation.pause((end - first) * STEPS_AT_ONCE);
      if (pause !== undefined) await pause;
    }
  }

  #gatherOf({ kinds, values }: StepSeries, from: number): void {
    const [counts, nans, size] = [this.#counts, this.#nans, this.#group.length];
    const steps = Math.min(STEPS_AT_ONCE, kinds.length - from);
    for (let i = 0; i < steps; i++) {
      if (kinds[from + i] !== NUMBER) continue;
      const value = values[from + i] as number;
      const count = counts[i] as number;
      if (Number.isNaN(value)) {
        nans[i] = (nans[i] as number) + 1;
      } else {
        this.#numbers[i * size + count] = value;
        counts[i] = count + 1;
      }
    }
  }

  setQuantile(builder: SeriesBuilder, step: number, quantile: number): void {
    const i = step % STEPS_AT_ONCE;
    const [count, nans, size] = [this.#counts[i] as number, this.#nans[i] as number, this.#group.length];
    if (count + nans === 0) return;
    const numbers = this.#numbers.subarray(i * size, i * size + count);
    builder.setNumber(step, quantileAmong(quantile, numbers, nans));
  }
}

/** NaN counts as less than all numbers. The numbers are moved. */
function quantileAmong(quantile: number, numbers: Float64Array, nans: number): number {
  if (Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const last = numbers.length + nans - 1;
  const rank = quantile * last;
  const lower = Math.floor(rank);
  const weight = rank - lower;
  if (lower < nans) return Number.NaN;
  const at = lower - nans;
  selectRank(numbers, numbers.length, at);
  const next = lower === last ? (numbers[at] as number) : leastFrom(numbers, at + 1);
  return (numbers[at] as number) * (1 - weight) + next * weight;
}

function leastFrom(numbers: Float64Array, from: number): number {
  let found = numbers[from] as number;
  for (let i = from + 1; i < numbers.length; i++) found = Math.min(found, numbers[i] as number);
  return found;
}
