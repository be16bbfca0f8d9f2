// What a selector finds of one series at each step: its newest sample, if that is younger than the look-back and the series
// has not ended since. The innermost loop of every query without a range.
import type { SeriesData } from '../../model/storage.js';
import { SeriesBuilder } from '../values/step-series.js';
import type { Moments } from './moments.js';

const MS_PER_SECOND = 1000;

/** The samples, or (`takesTimes`) when they were taken, in seconds. */
export function lookBack(
  series: SeriesData,
  { firstMs, strideMs, count }: Moments,
  { lookbackMs, takesTimes }: { readonly lookbackMs: number; readonly takesTimes: boolean },
): SeriesBuilder {
  const { timestampsMs, values, histograms, endsMs } = series;
  const builder = new SeriesBuilder(count);
  const { length } = timestampsMs;
  let next = 0;
  let nextEnd = 0;
  for (let step = 0; step < count; step++) {
    const momentMs = firstMs + step * strideMs;
    while (next < length && (timestampsMs[next] as number) <= momentMs) next++;
    if (next === 0) continue;
    const timeMs = timestampsMs[next - 1] as number;
    // Left-open: what is exactly as old as the look-back is too old.
    if (timeMs <= momentMs - lookbackMs) continue;
    if (endsMs !== undefined) {
      while (nextEnd < endsMs.length && (endsMs[nextEnd] as number) <= momentMs) nextEnd++;
      if (nextEnd > 0 && (endsMs[nextEnd - 1] as number) >= timeMs) continue;
    }
    const histogram = histograms?.[next - 1];
    if (takesTimes) builder.setNumber(step, timeMs / MS_PER_SECOND);
    else if (histogram === undefined) builder.setNumber(step, values[next - 1] as number);
    else builder.setHistogram(step, histogram);
  }
  return builder;
}
