// `count_values`: how often each value occurs, the value as a label. Every series of results is a value, so they are found by
// their values and not by their labels.
import { type Labels, newLabelSet } from '../../model/label-set.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { QueryFailure } from '../evaluation/query-failure.js';
import { SAMPLES_PER_STEP } from '../evaluation/sample-count.js';
import { emitAll } from '../evaluation/without-names.js';
import type { FloatHistogram } from '../histograms/float-histogram.js';
import { histogramText } from '../histograms/histogram-text.js';
import type { Aggregation } from '../language/expression.js';
import { formatNumber } from '../language/numbers.js';
import { quote } from '../language/strings.js';
import { ABSENT, type Emit, HISTOGRAM, NUMBER, type StepSeries } from '../values/step-series.js';
import { Grouping } from './grouping.js';
import { parameterOf } from './parameters.js';

export async function countValues(aggregation: Aggregation, evaluation: Evaluation, emit: Emit): Promise<void> {
  const counts = new ValueCounts(aggregation, evaluation);
  await evaluation.vector(aggregation.expression, (series) => counts.add(series));
  await emitAll(counts.results(), evaluation, emit);
}

/** The counts of a value of a group by step. */
interface ValueCount {
  readonly labels: Labels;
  readonly counts: Float64Array;
}

class ValueCounts {
  readonly #valueLabel: string;
  readonly #grouping: Grouping;
  /** Whether the label of the value is left out again, so that all values are counted together. */
  readonly #isValueDropped: boolean;
  readonly #evaluation: Evaluation;
  readonly #groups = new Map<string, Map<string, ValueCount>>();

  constructor(aggregation: Aggregation, evaluation: Evaluation) {
    const { grouping, isWithout } = aggregation;
    this.#valueLabel = valueLabelOf(aggregation);
    const label = this.#valueLabel;
    this.#isValueDropped = isWithout && (grouping.includes(label) || label === '__name__');
    // The label is set by what follows, whatever the series has under it.
    const names = isWithout ? [...grouping, label] : grouping.filter((name) => name !== label);
    this.#grouping = new Grouping({ grouping: names, isWithout });
    this.#evaluation = evaluation;
  }

  add({ labels, kinds, values, histograms }: StepSeries): void {
    const key = this.#grouping.keyOf(labels);
    const group = this.#groups.get(key) ?? new Map<string, ValueCount>();
    this.#groups.set(key, group);
    let found: ValueCount | undefined;
    let last: number | FloatHistogram | undefined;
    for (let step = 0; step < kinds.length; step++) {
      const kind = kinds[step];
      if (kind === ABSENT) continue;
      const value = kind === HISTOGRAM ? histograms?.[step] : values[step];
      // Most series have the same value for many steps.
      if (found === undefined || !Object.is(value, last)) found = this.#find(group, labels, textOf(value));
      last = value;
      found.counts[step] = (found.counts[step] as number) + 1;
    }
  }

  *results(): Generator<StepSeries> {
    for (const group of this.#groups.values()) {
      for (const { labels, counts } of group.values()) {
        const kinds = new Uint8Array(counts.length);
        for (let step = 0; step < kinds.length; step++) kinds[step] = counts[step] === 0 ? ABSENT : NUMBER;
        yield { labels, kinds, values: counts };
      }
    }
  }

  #find(group: Map<string, ValueCount>, labels: Labels, value: string): ValueCount {
    const key = this.#isValueDropped ? '' : value;
    let found = group.get(key);
    if (found === undefined) {
      const { count } = this.#evaluation.steps;
      // One series can have a value of its own at every step, and then its counts take as many times its memory.
      this.#evaluation.countSamples(count * SAMPLES_PER_STEP);
      found = { labels: this.#labelsOf(labels, value), counts: new Float64Array(count) };
      group.set(key, found);
    }
    return found;
  }

  #labelsOf(labels: Labels, value: string): Labels {
    const kept = this.#grouping.labelsOf(labels);
    if (this.#isValueDropped) return kept;
    const withValue = newLabelSet();
    for (const name of Object.keys(kept)) withValue[name] = kept[name] as string;
    withValue[this.#valueLabel] = value;
    return withValue;
  }
}

function textOf(value: number | FloatHistogram | undefined): string {
  return typeof value === 'object' ? histogramText(value) : formatNumber(value ?? Number.NaN);
}

function valueLabelOf(aggregation: Aggregation): string {
  const parameter = parameterOf(aggregation);
  const label = parameter.kind === 'string' ? parameter.value : '';
  if (label !== '' && label.isWellFormed()) return label;
  throw new QueryFailure({ kind: 'evaluation_failed', problem: `invalid label name ${quote(label)}` });
}
