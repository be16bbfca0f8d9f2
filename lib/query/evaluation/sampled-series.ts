// From series by step to series of samples with their times, without the gaps: what subqueries show to the windows around them,
// and what users get. In plain loops, because `from` of typed arrays costs twenty times as much a sample.
import type { FloatHistogram } from '../histograms/float-histogram.js';
import type { ResultSeries } from '../values/query-result.js';
import { ABSENT, HISTOGRAM, type StepSeries } from '../values/step-series.js';
import { type Steps, stepTimeMs } from '../values/steps.js';

export function stepTimes(steps: Steps): Float64Array {
  const timesMs = new Float64Array(steps.count);
  for (let step = 0; step < steps.count; step++) timesMs[step] = stepTimeMs(steps, step);
  return timesMs;
}

/** @param timesMs - Those of all steps. A series that has a number at each of them gets this very array. */
export function sampledSeries({ labels, kinds, values, histograms }: StepSeries, timesMs: Float64Array): ResultSeries {
  if (histograms === undefined && !kinds.includes(ABSENT)) return { labels, timestampsMs: timesMs, values };
  const length = samplesIn(kinds);
  const timestampsMs = new Float64Array(length);
  const found = new Float64Array(length);
  const foundHistograms: (FloatHistogram | undefined)[] = [];
  let at = 0;
  for (let step = 0; step < kinds.length; step++) {
    const kind = kinds[step];
    if (kind === ABSENT) continue;
    timestampsMs[at] = timesMs[step] as number;
    found[at] = kind === HISTOGRAM ? Number.NaN : (values[step] as number);
    if (kind === HISTOGRAM) foundHistograms[at] = histograms?.[step];
    else if (histograms !== undefined) foundHistograms[at] = undefined;
    at++;
  }
  const hasHistograms = kinds.includes(HISTOGRAM);
  const numbers = { labels, timestampsMs, values: found };
  return hasHistograms ? { ...numbers, histograms: foundHistograms } : numbers;
}

/** What was known of resets between samples of the storage does not hold between those that a subquery took. */
export function withUnknownResets(series: ResultSeries): ResultSeries {
  const { histograms } = series;
  return histograms === undefined ? series : { ...series, histograms: histograms.map(withUnknownReset) };
}

function withUnknownReset(histogram: FloatHistogram | undefined): FloatHistogram | undefined {
  const hint = histogram?.resetHint;
  if (histogram === undefined || (hint !== 'reset' && hint !== 'not_reset')) return histogram;
  return { ...histogram, resetHint: 'unknown' };
}

function samplesIn(kinds: Uint8Array): number {
  let count = 0;
  for (let step = 0; step < kinds.length; step++) if (kinds[step] !== ABSENT) count++;
  return count;
}
