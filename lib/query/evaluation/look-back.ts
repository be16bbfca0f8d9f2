// What a selector finds of one series at each step: its newest sample, if that is younger than the look-back and the series
// has not ended since. The innermost loop of every query without a range, and so there is a loop of its own for what nearly all
// series are: numbers, of a series that has not ended.
import type { SeriesData } from '../../model/storage.js';
import { newKinds, newValues } from '../values/step-arrays.js';
import { NUMBER, SeriesBuilder, type StepSeries } from '../values/step-series.js';
import type { Moments } from './moments.js';

const MS_PER_SECOND = 1000;

export interface LookBackOptions {
  readonly moments: Moments;
  readonly lookbackMs: number;
  /** Whether it is asked when samples were taken, in seconds, instead of for the samples. */
  readonly takesTimes: boolean;
}

/** Undefined where there is no sample at any step. */
export function lookBack(series: SeriesData, options: LookBackOptions): StepSeries | undefined {
  return 'histograms' in series || series.endsMs !== undefined || options.takesTimes
    ? ofAnyKind(series, options)
    : ofNumbers(series, options);
}

function ofNumbers(series: SeriesData, { moments, lookbackMs }: LookBackOptions): StepSeries | undefined {
  const { timestampsMs, values: samples, labels } = series;
  const { firstMs, strideMs, count } = moments;
  const { length } = timestampsMs;
  const kinds = newKinds(count);
  const values = newValues(count);
  let isEmpty = true;
  let next = 0;
  let momentMs = firstMs;
  for (let step = 0; step < count; step++) {
    while (next < length && (timestampsMs[next] as number) <= momentMs) next++;
    // Left-open: what is exactly as old as the look-back is too old.
    if (next > 0 && (timestampsMs[next - 1] as number) > momentMs - lookbackMs) {
      kinds[step] = NUMBER;
      values[step] = samples[next - 1] as number;
      isEmpty = false;
    }
    momentMs += strideMs;
  }
  return isEmpty ? undefined : { labels, kinds, values };
}

function ofAnyKind(series: SeriesData, { moments, lookbackMs, takesTimes }: LookBackOptions): StepSeries | undefined {
  const { timestampsMs, values, endsMs = new Float64Array(0) } = series;
  const { histograms } = series;
  const { firstMs, strideMs, count } = moments;
  const builder = new SeriesBuilder(count);
  let next = 0;
  let nextEnd = 0;
  for (let step = 0; step < count; step++) {
    const momentMs = firstMs + step * strideMs;
    while (next < timestampsMs.length && (timestampsMs[next] as number) <= momentMs) next++;
    while (nextEnd < endsMs.length && (endsMs[nextEnd] as number) <= momentMs) nextEnd++;
    if (next === 0) continue;
    const timeMs = timestampsMs[next - 1] as number;
    if (timeMs <= momentMs - lookbackMs) continue;
    if (nextEnd > 0 && (endsMs[nextEnd - 1] as number) >= timeMs) continue;
    const histogram = histograms?.[next - 1];
    if (takesTimes) builder.setNumber(step, timeMs / MS_PER_SECOND);
    else if (histogram === undefined) builder.setNumber(step, values[next - 1] as number);
    else builder.setHistogram(step, histogram);
  }
  return builder.isEmpty ? undefined : builder.withLabels(series.labels);
}
