// Brings together series that have the same labels. A range query is computed series by series, so that what Prometheus
// sees as one series at different steps may come as two here, when labels that told them apart are gone.
import type { Labels } from '../../model/label-set.js';
import type { FloatHistogram } from '../histograms/float-histogram.js';
import { keyOf } from './label-sets.js';
import { ABSENT, type StepSeries } from './step-series.js';

/** The first step at which there are samples in both, or -1. */
export function firstSharedStep(a: Uint8Array, b: Uint8Array): number {
  for (let step = 0; step < a.length; step++) {
    if (a[step] !== ABSENT && b[step] !== ABSENT) return step;
  }
  return -1;
}

/** A series with the samples of both, under the labels of the first. Where both have one, it is that of the first. */
export function mergedSeries(first: StepSeries, second: StepSeries): StepSeries {
  const kinds = first.kinds.slice();
  const values = first.values.slice();
  const histograms = mergedHistograms(first, second);
  for (let step = 0; step < kinds.length; step++) {
    if (kinds[step] !== ABSENT) continue;
    kinds[step] = second.kinds[step] as number;
    values[step] = second.values[step] as number;
    if (histograms !== undefined) histograms[step] = second.histograms?.[step];
  }
  const { labels } = first;
  return histograms === undefined ? { labels, kinds, values } : { labels, kinds, values, histograms };
}

function mergedHistograms(first: StepSeries, second: StepSeries): (FloatHistogram | undefined)[] | undefined {
  if (first.histograms !== undefined) return first.histograms.slice();
  if (second.histograms === undefined) return undefined;
  return new Array<FloatHistogram | undefined>(first.kinds.length).fill(undefined);
}

/** Keeps series, each set of labels once. */
export class SeriesMerger {
  readonly #series = new Map<string, StepSeries>();

  /** @returns The first step at which there is a series of these labels already, or -1: then it has been added. */
  add(series: StepSeries): number {
    const key = keyOf(series.labels);
    const known = this.#series.get(key);
    if (known === undefined) {
      this.#series.set(key, series);
      return -1;
    }
    const shared = firstSharedStep(known.kinds, series.kinds);
    if (shared < 0) this.#series.set(key, mergedSeries(known, series));
    return shared;
  }

  has(labels: Labels): boolean {
    return this.#series.has(keyOf(labels));
  }

  /** In the order in which their labels came first. */
  values(): IterableIterator<StepSeries> {
    return this.#series.values();
  }
}
