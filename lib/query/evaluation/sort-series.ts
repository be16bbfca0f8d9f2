// Sorting the series of a result by their labels, in portions: ten thousand of them at once would hold the event loop for
// longer than a query may.
import type { Labels } from '../../model/label-set.js';
import { sortedNames } from '../values/label-sets.js';
import type { Evaluation } from './evaluation.js';

/** Sorting as many at once takes about 1 ms. */
const PORTION = 512;
/** What making a key, or a comparison in a merge, costs in slots. */
const SLOTS_PER_KEY = 40;
const SLOTS_PER_MERGE = 5;

interface Keyed<T> {
  readonly key: string;
  readonly series: T;
}

export async function sortSeries<T extends { readonly labels: Labels }>(
  series: readonly T[],
  evaluation: Evaluation,
): Promise<T[]> {
  const keyed: Keyed<T>[] = [];
  for (const one of series) {
    keyed.push({ key: sortKey(one.labels), series: one });
    const pause = evaluation.pause(SLOTS_PER_KEY);
    if (pause !== undefined) await pause;
  }
  const sorted = await mergeSorted(keyed, evaluation);
  return sorted.map((one) => one.series);
}

/** Texts that compare as the label sets do: nothing comes before what ends a name or a value. */
function sortKey(labels: Labels): string {
  const parts: string[] = [];
  for (const name of sortedNames(labels)) parts.push(name, labels[name] as string);
  // Added up, they would stay apart in memory until the first comparison.
  return parts.join('\0');
}

async function mergeSorted<T>(keyed: readonly Keyed<T>[], evaluation: Evaluation): Promise<Keyed<T>[]> {
  let runs: Keyed<T>[][] = [];
  for (let start = 0; start < keyed.length; start += PORTION) {
    runs.push(keyed.slice(start, start + PORTION).sort((a, b) => (a.key < b.key ? -1 : 1)));
    await evaluation.pause(PORTION * SLOTS_PER_KEY);
  }
  while (runs.length > 1) {
    const merged: Keyed<T>[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      merged.push(await merge(runs[i] as Keyed<T>[], runs[i + 1] ?? [], evaluation));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<T>(left: Keyed<T>[], right: Keyed<T>[], evaluation: Evaluation): Promise<Keyed<T>[]> {
  const merged: Keyed<T>[] = [];
  let [l, r] = [0, 0];
  while (l < left.length && r < right.length) {
    const [a, b] = [left[l] as Keyed<T>, right[r] as Keyed<T>];
    if (b.key < a.key) {
      merged.push(b);
      r++;
    } else {
      merged.push(a);
      l++;
    }
    const pause = evaluation.pause(SLOTS_PER_MERGE);
    if (pause !== undefined) await pause;
  }
  for (; l < left.length; l++) merged.push(left[l] as Keyed<T>);
  for (; r < right.length; r++) merged.push(right[r] as Keyed<T>);
  return merged;
}
