// Making an answer of an expression: the last sink of the evaluation, which turns series by step into what users get.
import { newLabelSet } from '../../model/label-set.js';
import { type Expression, typeOf } from '../language/expression.js';
import type { QueryValue, ResultSeries, VectorSample } from '../values/query-result.js';
import type { RangeWindow } from '../values/range-window.js';
import { ABSENT, HISTOGRAM, type StepSeries } from '../values/step-series.js';
import type { Steps } from '../values/steps.js';
import { Evaluator } from './evaluator.js';
import type { QueryRun } from './query-run.js';
import { sampledSeries, stepTimes } from './sampled-series.js';
import { sortSeries } from './sort-series.js';

/** What the series of a vector come in an order of its own from. */
const ORDERING: ReadonlySet<string> = new Set(['sort', 'sort_desc', 'topk', 'bottomk']);

export async function instantAnswer(expression: Expression, run: QueryRun): Promise<QueryValue> {
  const timestampMs = run.startMs;
  const evaluator = new Evaluator(run, { startMs: timestampMs, stepMs: 1, count: 1 });
  switch (typeOf(expression)) {
    case 'vector': {
      const samples = await vectorSamples(expression, evaluator);
      return { type: 'vector', timestampMs, samples };
    }
    case 'matrix': {
      const series = await windowSeries(expression, evaluator);
      return { type: 'matrix', series: await sortSeries(series, evaluator) };
    }
    case 'scalar': {
      const [value] = await evaluator.scalar(expression);
      return { type: 'scalar', timestampMs, value: value as number };
    }
    case 'string':
      return { type: 'string', timestampMs, value: textOf(expression) };
  }
}

/** @param expression - Of type vector or scalar. */
export async function rangeAnswer(expression: Expression, run: QueryRun, steps: Steps): Promise<QueryValue> {
  const evaluator = new Evaluator(run, steps);
  const timesMs = stepTimes(steps);
  if (typeOf(expression) === 'scalar') {
    const values = await evaluator.scalar(expression);
    return { type: 'matrix', series: [{ labels: newLabelSet(), timestampsMs: timesMs, values }] };
  }
  const series: ResultSeries[] = [];
  await evaluator.vector(expression, (found) => {
    series.push(sampledSeries(found, timesMs));
  });
  return { type: 'matrix', series: await sortSeries(series, evaluator) };
}

async function vectorSamples(expression: Expression, evaluator: Evaluator): Promise<VectorSample[]> {
  const samples: VectorSample[] = [];
  await evaluator.vector(expression, (found) => {
    const sample = sampleOf(found);
    if (sample !== undefined) samples.push(sample);
  });
  return isOrdered(expression) ? samples : sortSeries(samples, evaluator);
}

function sampleOf({ labels, kinds, values, histograms }: StepSeries): VectorSample | undefined {
  if (kinds[0] !== HISTOGRAM) return kinds[0] === ABSENT ? undefined : { labels, value: values[0] as number };
  const histogram = histograms?.[0];
  return histogram === undefined ? undefined : { labels, value: Number.NaN, histogram };
}

async function windowSeries(expression: Expression, evaluator: Evaluator): Promise<ResultSeries[]> {
  const series: ResultSeries[] = [];
  await evaluator.range(expression, {
    begin: () => undefined,
    visit: (window) => {
      evaluator.countSamples(window.to - window.from);
      series.push(resultOfWindow(window));
    },
    end: () => undefined,
  });
  return series;
}

/** A copy, because the storage may share its arrays between series. */
function resultOfWindow({ series, from, to }: RangeWindow): ResultSeries {
  const { labels, timestampsMs, values, histograms } = series;
  const numbers = { labels, timestampsMs: timestampsMs.slice(from, to), values: values.slice(from, to) };
  const found = histograms?.slice(from, to);
  return found?.some((histogram) => histogram !== undefined) ? { ...numbers, histograms: found } : numbers;
}

function isOrdered(expression: Expression): boolean {
  switch (expression.kind) {
    case 'parentheses':
      return isOrdered(expression.expression);
    case 'call':
      return ORDERING.has(expression.name);
    case 'aggregation':
      return ORDERING.has(expression.operator);
    default:
      return false;
  }
}

function textOf(expression: Expression): string {
  if (expression.kind === 'parentheses') return textOf(expression.expression);
  return expression.kind === 'string' ? expression.value : '';
}
