// Brings samples into the order in which they are answered. Nearly always they are in it already; a clock that was set
// back, and segments that a crash left twice, are the exceptions.

export interface Samples {
  readonly timestampsMs: Float64Array;
  readonly values: Float64Array;
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

/** Puts samples of one series from several places together; of one time stamp the sample of the last place stays. */
export function merged(places: readonly Samples[]): Samples {
  const all = {
    timestampsMs: joined(places.map(({ timestampsMs }) => timestampsMs)),
    values: joined(places.map(({ values }) => values)),
  };
  const order = orderOf(all.timestampsMs);
  if (order === undefined) return all;
  return { timestampsMs: picked(all.timestampsMs, order), values: picked(all.values, order) };
}

export function picked(numbers: Float64Array, order: readonly number[]): Float64Array {
  return Float64Array.from(order, (at) => numbers[at] as number);
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
