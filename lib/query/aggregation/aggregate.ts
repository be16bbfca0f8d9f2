// The aggregations over series. Most of them add every series to what they keep of its group, and are done with it.
import type { Evaluation } from '../evaluation/evaluation.js';
import { emitAll } from '../evaluation/without-names.js';
import type { Aggregation } from '../language/expression.js';
import { ABSENT, type Emit, type StepSeries } from '../values/step-series.js';
import type { Accumulator, NewAccumulator } from './accumulator.js';
import { AggregationNotes } from './aggregation-notes.js';
import { CountAccumulator } from './count-accumulator.js';
import { countValues } from './count-values.js';
import { ExtremeAccumulator } from './extreme-accumulator.js';
import { Groups } from './grouping.js';
import { MeanAccumulator } from './mean-accumulator.js';
import { quantiles } from './quantiles.js';
import { ranking } from './ranking.js';
import { SumAccumulator } from './sum-accumulator.js';
import { VarianceAccumulator } from './variance-accumulator.js';

export async function aggregate(aggregation: Aggregation, evaluation: Evaluation, emit: Emit): Promise<void> {
  const notes = new AggregationNotes(aggregation, evaluation.annotations);
  switch (aggregation.operator) {
    case 'sum':
      return accumulate({ aggregation, evaluation, emit }, (first) => new SumAccumulator(first, notes));
    case 'avg':
      return accumulate({ aggregation, evaluation, emit }, (first) => new MeanAccumulator(first, notes));
    case 'min':
    case 'max': {
      const isMax = aggregation.operator === 'max';
      return accumulate({ aggregation, evaluation, emit }, (first) => new ExtremeAccumulator(first, isMax, notes));
    }
    case 'count':
    case 'group': {
      const isGroup = aggregation.operator === 'group';
      return accumulate({ aggregation, evaluation, emit }, (first) => new CountAccumulator(first, isGroup));
    }
    case 'stddev':
    case 'stdvar': {
      const isDeviation = aggregation.operator === 'stddev';
      return accumulate(
        { aggregation, evaluation, emit },
        (first) => new VarianceAccumulator(first, isDeviation, notes),
      );
    }
    case 'topk':
    case 'bottomk':
      return ranking(aggregation, evaluation, emit);
    case 'quantile':
      return quantiles(aggregation, evaluation, emit);
    case 'count_values':
      return countValues(aggregation, evaluation, emit);
  }
}

interface Accumulated {
  readonly aggregation: Aggregation;
  readonly evaluation: Evaluation;
  readonly emit: Emit;
}

async function accumulate({ aggregation, evaluation, emit }: Accumulated, create: NewAccumulator): Promise<void> {
  const groups = new Groups<Accumulator>(aggregation);
  await evaluation.vector(aggregation.expression, (series) => {
    const key = groups.keyOf(series.labels);
    const known = groups.find(key);
    if (known === undefined) groups.add(key, series.labels, create(series));
    else known.add(series);
  });
  await emitAll(resultsOf(groups), evaluation, emit);
}

function* resultsOf(groups: Groups<Accumulator>): Generator<StepSeries> {
  for (const { labels, content } of groups.values()) {
    const result = content.result(labels);
    if (result.kinds.some((kind) => kind !== ABSENT)) yield result;
  }
}
