// The walk over the tree of a query. Every node of it hands its series to the node above one by one; this file only says which
// part of the engine works on which kind of node, what is evaluated once instead of at every step, and counts what is kept.
import type { SeriesData } from '../../model/storage.js';
import { aggregate } from '../aggregation/aggregate.js';
import { scalarFunctions } from '../functions/scalar-functions.js';
import { vectorFunctions } from '../functions/vector-functions.js';
import type { Call, Expression, MatrixSelector, Subquery, VectorSelector } from '../language/expression.js';
import { binaryScalars, negatedScalar } from '../operators/arithmetic.js';
import { binaryVectors } from '../operators/binary-vectors.js';
import { negatedVector } from '../operators/negation.js';
import type { RangeSeries } from '../values/range-window.js';
import type { Emit } from '../values/step-series.js';
import type { Steps } from '../values/steps.js';
import type { Annotations } from './annotations.js';
import type { Evaluation, RangeVisitor } from './evaluation.js';
import { lookBack } from './look-back.js';
import { momentsOf } from './moments.js';
import type { QueryRun } from './query-run.js';
import { sampleCount } from './sample-count.js';
import { sampledSeries, stepTimes, withUnknownResets } from './sampled-series.js';
import { selectSeries } from './select-series.js';
import { spread } from './spread.js';
import { isStepInvariant } from './step-invariance.js';
import { subquerySteps } from './subquery-steps.js';
import { emitUnique, uniquenessOf } from './unique-series.js';
import { WindowWalk } from './window-walk.js';

/** The windows over one series of a subquery are visited at once if they hold less than this, which takes about 1 ms. */
const MOST_AT_ONCE = 50_000;

/**
 * Evaluates the parts of one node. It counts the series that they hand over as in memory until `release`, as Prometheus has
 * them there, so that one limit means the same to both.
 */
export class Evaluator implements Evaluation {
  readonly steps: Steps;
  readonly #run: QueryRun;
  #kept = 0;

  constructor(run: QueryRun, steps: Steps) {
    run.checkSteps(steps.count);
    this.#run = run;
    this.steps = steps;
  }

  get annotations(): Annotations {
    return this.#run.annotations;
  }

  async vector(expression: Expression, emit: Emit): Promise<void> {
    if (expression.kind === 'parentheses') return this.vector(expression.expression, emit);
    const counted = this.#counted(emit);
    if (this.#isSpread(expression))
      return this.#once((once) => once.vector(expression, spread(this.steps.count, counted)));
    if (expression.kind === 'selector') return this.#select(expression, emit, false);
    return this.#within(this.steps, (inner) => vectorOf(expression, inner, counted));
  }

  async sampleTimes(selector: VectorSelector, emit: Emit): Promise<void> {
    if (!this.#isSpread(selector)) return this.#select(selector, emit, true);
    return this.#once((once) => once.sampleTimes(selector, spread(this.steps.count, this.#counted(emit))));
  }

  async scalar(expression: Expression): Promise<Float64Array> {
    const { count } = this.steps;
    if (expression.kind === 'parentheses') return this.scalar(expression.expression);
    this.countSamples(count);
    if (expression.kind === 'number') return new Float64Array(count).fill(expression.value);
    if (!this.#isSpread(expression)) return this.#within(this.steps, (inner) => scalarOf(expression, inner));
    const [value] = await this.#once((once) => once.scalar(expression));
    return new Float64Array(count).fill(value as number);
  }

  async range(expression: Expression, visitor: RangeVisitor): Promise<void> {
    switch (expression.kind) {
      case 'parentheses':
        return this.range(expression.expression, visitor);
      case 'range':
        return this.#selectRange(expression, visitor);
      case 'subquery':
        return this.#subquery(expression, visitor);
      default:
        throw new Error(`A ${expression.kind} is no range.`);
    }
  }

  countSamples(samples: number): void {
    this.#kept += samples;
    this.#run.keep(samples);
  }

  /** What the parts of the node handed over is no longer needed. */
  release(): void {
    this.#run.release(this.#kept);
    this.#kept = 0;
  }

  pause(slots: number): Promise<void> | undefined {
    this.#run.pace.count(slots);
    return this.#run.pace.isDue ? this.#run.pause() : undefined;
  }

  async #select(selector: VectorSelector, emit: Emit, takesTimes: boolean): Promise<void> {
    const moments = momentsOf(selector, this.steps, this.#run);
    const { lookbackMs } = this.#run.settings;
    const options = { moments, lookbackMs, takesTimes };
    const range = { startMs: moments.firstMs - lookbackMs + 1, endMs: moments.lastMs };
    await selectSeries(this.#run, { matchers: selector.matchers, range }, (series) => {
      const found = lookBack(series, options);
      if (found === undefined) return undefined;
      this.countSamples(sampleCount(found));
      emit(found);
      return this.pause(moments.count);
    });
  }

  async #selectRange({ selector, rangeMs }: MatrixSelector, visitor: RangeVisitor): Promise<void> {
    const moments = momentsOf(selector, this.steps, this.#run);
    const range = { startMs: moments.firstMs - rangeMs + 1, endMs: moments.lastMs };
    const options = { moments, rangeMs, visitor, run: this.#run };
    await selectSeries(this.#run, { matchers: selector.matchers, range }, (series: SeriesData) =>
      new WindowWalk(series, options).run(),
    );
  }

  async #subquery(subquery: Subquery, visitor: RangeVisitor): Promise<void> {
    const { rangeMs, stepMs = this.#run.settings.subqueryStepMs } = subquery;
    const moments = momentsOf(subquery, this.steps, this.#run);
    const steps = subquerySteps(moments, rangeMs, stepMs);
    if (steps === undefined) return;
    const options = { moments, rangeMs, visitor, run: this.#run };
    const isLong = moments.count * (rangeMs / stepMs) > MOST_AT_ONCE;
    const waiting: RangeSeries[] = [];
    await this.#within(steps, async (inner) => {
      const timesMs = stepTimes(steps);
      await inner.vector(subquery.expression, (found) => {
        const series = withUnknownResets(sampledSeries(found, timesMs));
        if (isLong) waiting.push(series);
        else new WindowWalk(series, options).runAtOnce();
      });
      for (const series of waiting) await new WindowWalk(series, options).run();
    });
  }

  #counted(emit: Emit): Emit {
    return (series) => {
      this.countSamples(sampleCount(series));
      emit(series);
    };
  }

  /** Evaluates at the first step only. */
  #once<T>(evaluate: (once: Evaluator) => Promise<T>): Promise<T> {
    return this.#within({ ...this.steps, count: 1 }, evaluate);
  }

  async #within<T>(steps: Steps, evaluate: (inner: Evaluator) => Promise<T>): Promise<T> {
    this.#run.check();
    const inner = new Evaluator(this.#run, steps);
    const answer = await evaluate(inner);
    inner.release();
    return answer;
  }

  #isSpread(expression: Expression): boolean {
    return this.steps.count > 1 && isStepInvariant(expression);
  }
}

async function vectorOf(expression: Expression, evaluation: Evaluation, emit: Emit): Promise<void> {
  switch (expression.kind) {
    case 'call':
      return emitUnique({ uniqueness: uniquenessOf(expression), evaluation, emit }, (unique) =>
        functionOf(vectorFunctions, expression)(expression, evaluation, unique),
      );
    case 'aggregation':
      return aggregate(expression, evaluation, emit);
    case 'binary':
      return binaryVectors(expression, evaluation, emit);
    case 'unary':
      if (expression.operator === '+') return evaluation.vector(expression.expression, emit);
      return negatedVector(expression, evaluation, emit);
    default:
      throw new Error(`A ${expression.kind} is no vector.`);
  }
}

async function scalarOf(expression: Expression, evaluation: Evaluation): Promise<Float64Array> {
  switch (expression.kind) {
    case 'call':
      return functionOf(scalarFunctions, expression)(expression, evaluation);
    case 'binary': {
      const left = await evaluation.scalar(expression.left);
      return binaryScalars(expression.operator, left, await evaluation.scalar(expression.right));
    }
    case 'unary': {
      const values = await evaluation.scalar(expression.expression);
      return expression.operator === '+' ? values : negatedScalar(values);
    }
    default:
      throw new Error(`A ${expression.kind} is no scalar.`);
  }
}

function functionOf<T>(functions: Readonly<Record<string, T>>, { name }: Call): T {
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (found === undefined) throw new Error(`There is no function ${name}.`);
  return found;
}
