// Brings samples into the order in which they are answered. Nearly always they are in it already; a clock that was set
// back, samples appended late and metrics that were redefined are the exceptions.

export interface Samples {
  readonly timestampsMs: Float64Array;
  readonly values: Float64Array;
}

/** Sorts by time; of several samples with one time stamp the last one stays. What is in order comes back as it is. */
export function inOrder({ timestampsMs, values }: Samples): Samples {
  if (isAscending(timestampsMs)) return { timestampsMs, values };
  const order = Array.from(timestampsMs.keys());
  // Sorting is stable, so that of equal time stamps the one that came last is last.
  order.sort((a, b) => (timestampsMs[a] as number) - (timestampsMs[b] as number));
  const kept = order.filter((at, i) => timestampsMs[order[i + 1] ?? -1] !== timestampsMs[at]);
  return {
    timestampsMs: Float64Array.from(kept, (at) => timestampsMs[at] as number),
    values: Float64Array.from(kept, (at) => values[at] as number),
  };
}

/** Puts samples of one series from several places together; of one time stamp the sample of the last place stays. */
export function merged(places: readonly Samples[]): Samples {
  const length = places.reduce((sum, { values }) => sum + values.length, 0);
  const timestampsMs = new Float64Array(length);
  const values = new Float64Array(length);
  let at = 0;
  for (const place of places) {
    timestampsMs.set(place.timestampsMs, at);
    values.set(place.values, at);
    at += place.values.length;
  }
  return inOrder({ timestampsMs, values });
}

function isAscending(timestampsMs: Float64Array): boolean {
  for (let i = 1; i < timestampsMs.length; i++) {
    if (!((timestampsMs[i] as number) > (timestampsMs[i - 1] as number))) return false;
  }
  return true;
}
