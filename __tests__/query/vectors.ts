// An evaluation over vectors that a test writes down, for the parts of the engine that combine vectors: a selector finds the
// series that are given, at one step after the other, without storage, time or look-back.
import { aggregate } from '../../lib/query/aggregation/aggregate.js';
import { Annotations } from '../../lib/query/evaluation/annotations.js';
import type { Evaluation } from '../../lib/query/evaluation/evaluation.js';
import { QueryFailure } from '../../lib/query/evaluation/query-failure.js';
import type { FloatHistogram } from '../../lib/query/histograms/float-histogram.js';
import type { Expression, VectorSelector } from '../../lib/query/language/expression.js';
import { parseExpression } from '../../lib/query/language/parse-expression.js';
import { binaryScalars } from '../../lib/query/operators/arithmetic.js';
import { binaryVectors } from '../../lib/query/operators/binary-vectors.js';
import { negatedVector } from '../../lib/query/operators/negation.js';
import { formatLabels } from '../../lib/query/values/label-sets.js';
import type { QueryNotes } from '../../lib/query/values/query-result.js';
import { ABSENT, type Emit, HISTOGRAM, SeriesBuilder, type StepSeries } from '../../lib/query/values/step-series.js';

/** A sample by step; undefined where there is none. */
export type Samples = readonly (number | FloatHistogram | undefined)[];
/** `up{job="shop"}` and its samples. All series have the same number of steps. */
export type Written = Readonly<Record<string, Samples>>;

export interface Answered extends QueryNotes {
  /** In the order in which they came; labels as PromQL writes them. */
  readonly series: readonly (readonly [string, Samples])[];
  /** The message, where the query failed. */
  readonly failure?: string;
}

/** `time()` is the number of the step, from 0; there are no other functions. */
export async function answer(query: string, written: Written): Promise<Answered> {
  const expression = parseExpression(query)._unsafeUnwrap();
  const evaluation = new WrittenEvaluation(query, written);
  const series: (readonly [string, Samples])[] = [];
  try {
    await evaluation.vector(expression, (found) => series.push([formatLabels(found.labels), samplesOf(found)]));
  } catch (thrown) {
    if (!(thrown instanceof QueryFailure) || thrown.error.kind !== 'evaluation_failed') throw thrown;
    return { series: [], failure: thrown.error.problem, ...evaluation.annotations.notes() };
  }
  return { series, ...evaluation.annotations.notes() };
}

/** What the series are, for answers of which the notes do not matter. */
export async function seriesOf(query: string, written: Written): Promise<Readonly<Record<string, Samples>>> {
  const { series, failure } = await answer(query, written);
  if (failure !== undefined) throw new Error(failure);
  const byLabels = Object.fromEntries(series);
  if (Object.keys(byLabels).length < series.length) throw new Error('series with the same labels');
  return byLabels;
}

class WrittenEvaluation implements Evaluation {
  readonly annotations: Annotations;
  readonly steps: Evaluation['steps'];
  readonly #series: readonly StepSeries[];

  constructor(query: string, written: Written) {
    this.annotations = new Annotations(query);
    this.#series = Object.entries(written).map(([labels, samples]) => stepSeries(labels, samples));
    this.steps = { startMs: 0, stepMs: 1000, count: this.#series[0]?.kinds.length ?? 1 };
  }

  async vector(expression: Expression, emit: Emit): Promise<void> {
    switch (expression.kind) {
      case 'selector':
        return this.#series.filter((series) => isSelected(series, expression)).forEach(emit);
      case 'parentheses':
        return this.vector(expression.expression, emit);
      case 'unary':
        return negatedVector(expression, this, emit);
      case 'binary':
        return binaryVectors(expression, this, emit);
      case 'aggregation':
        return aggregate(expression, this, emit);
      default:
        throw new Error(`no ${expression.kind} here`);
    }
  }

  async scalar(expression: Expression): Promise<Float64Array> {
    if (expression.kind === 'parentheses') return this.scalar(expression.expression);
    if (expression.kind === 'number') return new Float64Array(this.steps.count).fill(expression.value);
    if (expression.kind === 'unary') return (await this.scalar(expression.expression)).map((value) => -value);
    if (expression.kind === 'binary') {
      const [left, right] = [await this.scalar(expression.left), await this.scalar(expression.right)];
      return binaryScalars(expression.operator, left, right);
    }
    return Float64Array.from({ length: this.steps.count }, (_, step) => step);
  }

  async sampleTimes(): Promise<void> {}

  async range(): Promise<void> {}

  countSamples(): void {}

  pause(): undefined {
    return undefined;
  }
}

function isSelected({ labels }: StepSeries, { matchers }: VectorSelector): boolean {
  return matchers.every(({ name, operator, value }) =>
    operator === '=' ? (labels[name] ?? '') === value : new RegExp(`^(?:${value})$`).test(labels[name] ?? ''),
  );
}

function stepSeries(text: string, samples: Samples): StepSeries {
  const [, name = '', rest = ''] = /^([^{]*)(?:\{(.*)\})?$/.exec(text) ?? [];
  const pairs = [...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value]);
  const labels = Object.fromEntries(name === '' ? pairs : [['__name__', name], ...pairs]);
  const builder = new SeriesBuilder(samples.length);
  for (const [step, sample] of samples.entries()) {
    if (typeof sample === 'number') builder.setNumber(step, sample);
    else if (sample !== undefined) builder.setHistogram(step, sample);
  }
  return builder.withLabels(labels);
}

function samplesOf({ kinds, values, histograms }: StepSeries): Samples {
  return Array.from(kinds, (kind, step) => {
    if (kind === ABSENT) return undefined;
    return kind === HISTOGRAM ? withoutUnknownHint(histograms?.[step]) : values[step];
  });
}

/** A hint that says nothing is the same as none. */
function withoutUnknownHint(histogram: FloatHistogram | undefined): FloatHistogram | undefined {
  if (histogram?.resetHint !== 'unknown') return histogram;
  const { resetHint, ...rest } = histogram;
  return rest;
}
