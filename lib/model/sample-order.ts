// Brings samples into the order in which storages answer them. Nearly always they are in it already; a clock that was set
// back, samples that came late and metrics that were redefined are the exceptions.
import type { NativeHistogram } from './native-histogram.js';

export interface Samples {
  readonly timestampsMs: Float64Array;
  /** NaN where the sample is a histogram. */
  readonly values: Float64Array;
  /** Of native histograms, one per time stamp; undefined where the sample is a number. */
  readonly histograms?: readonly (NativeHistogram | undefined)[];
  /** When the series is known to have ended, ascending. */
  readonly endsMs?: Float64Array;
}

/** Samples that are all histograms, which are read when they are first asked for. */
export function histogramSamples(timestampsMs: Float64Array, read: () => readonly NativeHistogram[]): Samples {
  let histograms: readonly NativeHistogram[] | undefined;
  return {
    timestampsMs,
    values: new Float64Array(timestampsMs.length).fill(NaN),
    get histograms() {
      histograms ??= read();
      return histograms;
    },
  };
}

/**
 * Which samples to answer, in which order, by their time stamps: ascending, and of several with one time stamp the one that
 * came last. Undefined when that is all of them as they are.
 */
export function orderOf(timestampsMs: Float64Array): readonly number[] | undefined {
  if (isAscending(timestampsMs)) return undefined;
  const order = Array.from(timestampsMs.keys());
  // Sorting is stable, so that of equal time stamps the one that came last is last.
  order.sort((a, b) => (timestampsMs[a] as number) - (timestampsMs[b] as number));
  return order.filter((at, i) => timestampsMs[order[i + 1] ?? -1] !== timestampsMs[at]);
}

export function picked(numbers: Float64Array, order: readonly number[]): Float64Array {
  return Float64Array.from(order, (at) => numbers[at] as number);
}

/** What is in order comes back as it is. */
export function inOrder(samples: Samples): Samples {
  const order = orderOf(samples.timestampsMs);
  if (order === undefined) return samples;
  const { timestampsMs, values, histograms, endsMs } = samples;
  return {
    timestampsMs: picked(timestampsMs, order),
    values: picked(values, order),
    ...(histograms === undefined ? {} : { histograms: order.map((at) => histograms[at]) }),
    ...(endsMs === undefined ? {} : { endsMs }),
  };
}

/**
 * Puts samples of one series from several places together; of one time stamp the sample of the last place stays. Where the series
 * ends in one place and is sampled in another at that time, it has only moved.
 */
export function merged(places: readonly Samples[]): Samples {
  const timestampsMs = joined(places.map((place) => place.timestampsMs));
  const endsMs = joined(places.map((place) => place.endsMs ?? new Float64Array(0)));
  const isSampled = endsMs.length > 0 ? new Set(timestampsMs) : undefined;
  const ends = endsMs.filter((endMs) => !isSampled?.has(endMs)).sort();
  return inOrder({
    timestampsMs,
    values: joined(places.map(({ values }) => values)),
    ...(places.some(({ histograms }) => histograms !== undefined) ? { histograms: places.flatMap(histogramsOf) } : {}),
    ...(ends.length > 0 ? { endsMs: ends } : {}),
  });
}

function histogramsOf({ values, histograms }: Samples): readonly (NativeHistogram | undefined)[] {
  return histograms ?? Array.from(values, () => undefined);
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function isAscending(timestampsMs: Float64Array): boolean {
  for (let i = 1; i < timestampsMs.length; i++) {
    if (!((timestampsMs[i] as number) > (timestampsMs[i - 1] as number))) return false;
  }
  return true;
}
