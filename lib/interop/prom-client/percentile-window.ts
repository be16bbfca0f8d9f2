// The percentiles of a summary. They come from telltale's window; between two of its buckets they are interpolated as
// prom-client's digest does between its centroids, so that few values give the very same figures.
import type { RecordingContext } from '../../instruments/context.js';
import type { LiveFamilyOptions } from '../../instruments/live-family.js';
import { middleOf, type SlidingWindow } from '../../instruments/sliding-window.js';
import { SummaryFamily } from '../../instruments/summary-family.js';

/** As good as never, for what asks for a length of time. */
const ALWAYS_SECONDS = 1e12;

/** telltale's window is about as long as it is told; of one this much shorter nothing is older than that. */
const AT_MOST = 0.875;

export class PercentileFamily extends SummaryFamily {
  /** Without an age, of all observations ever. */
  constructor(context: RecordingContext, options: LiveFamilyOptions, maxAgeSeconds = ALWAYS_SECONDS) {
    super(context, { ...options, maxAge: maxAgeSeconds * AT_MOST, maxSamples: Number.MAX_SAFE_INTEGER });
  }

  /** Removes the series whose windows are empty. */
  prune(): void {
    for (const group of this.groups()) {
      for (const slot of [...group.slots()]) {
        if (this.windowAt(group, slot).read([]).count === 0) this.removeAt({ group, slot });
      }
    }
  }

  protected override quantilesOf(window: SlidingWindow): ArrayLike<number> {
    const keys: number[] = [];
    const counts: number[] = [];
    const { min, max } = window.sketchInto(keys, counts);
    if (keys.length === 0) return this.quantiles.map(() => Number.NaN);
    // Of the lowest and the highest bucket more is known than their middles.
    const means = keys.map((key, i) => (i === 0 ? min : i === keys.length - 1 ? max : middleOf(key)));
    return interpolated(this.quantiles, means, counts);
  }
}

/** Every mean stands in the middle of its observations; what is beyond the first or the last one is that one. */
function interpolated(quantiles: readonly number[], means: readonly number[], counts: readonly number[]): number[] {
  let seen = 0;
  const places = counts.map((count) => {
    seen += count;
    return seen - count / 2;
  });
  return quantiles.map((quantile) => {
    const place = quantile * seen;
    const upper = places.findIndex((at) => at >= place);
    if (upper === 0) return means[0] as number;
    if (upper < 0) return means.at(-1) as number;
    const [from, to] = [places[upper - 1] as number, places[upper] as number];
    const [low, high] = [means[upper - 1] as number, means[upper] as number];
    return low + ((place - from) * (high - low)) / (to - from);
  });
}
