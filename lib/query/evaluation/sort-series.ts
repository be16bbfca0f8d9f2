// Sorting the series of a result by their labels, as Prometheus orders them.
import type { Labels } from '../../model/label-set.js';
import { sortedNames } from '../values/label-sets.js';
import type { Evaluation } from './evaluation.js';
import { type Keyed, orderKey, sortKeyed } from './sort-keyed.js';

/** What making a key costs in slots. */
const SLOTS_PER_KEY = 40;

export async function sortSeries<T extends { readonly labels: Labels }>(
  series: readonly T[],
  pausing: Pick<Evaluation, 'pause'>,
): Promise<T[]> {
  const keyed: Keyed<T>[] = [];
  for (const item of series) {
    keyed.push({ key: sortKey(item.labels), item });
    const pause = pausing.pause(SLOTS_PER_KEY);
    if (pause !== undefined) await pause;
  }
  return (await sortKeyed(keyed, pausing)).map(({ item }) => item);
}

/** Texts that compare as the label sets do: nothing comes before what ends a name or a value. */
function sortKey(labels: Labels): string {
  const parts: string[] = [];
  for (const name of sortedNames(labels)) parts.push(name, labels[name] as string);
  // Added up, they would stay apart in memory until the first comparison.
  return orderKey(parts.join('\0'));
}
