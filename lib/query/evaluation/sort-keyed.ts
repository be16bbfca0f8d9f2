// Sorting in portions that others may have their turn between: ten thousand items at once would hold the event loop for longer
// than a query may. Apart from what is sorted, which series are not all of.
import type { Evaluation } from './evaluation.js';

/** Sorting as many at once takes about 1 ms. */
const PORTION = 512;
/** What sorting an item within its portion, or a comparison in a merge, costs in slots. */
const SLOTS_PER_ITEM = 40;
const SLOTS_PER_MERGE = 5;

const SURROGATE_OR_ABOVE = /[\ud800-\uffff]/;
const EACH_OF_THEM = /[\ud800-\uffff]/g;

/** A text that compares by UTF-16 code units as the given one does by bytes of UTF-8, which is Prometheus' order: surrogates last. */
export function orderKey(text: string): string {
  if (!SURROGATE_OR_ABOVE.test(text)) return text;
  return text.replace(EACH_OF_THEM, (unit) => {
    const code = unit.charCodeAt(0);
    return String.fromCharCode(code >= 0xe000 ? code - 0x800 : code + 0x2000);
  });
}

export interface Keyed<T> {
  readonly key: string;
  readonly item: T;
}

/** By their keys, in the order of UTF-16 code units: make keys of texts by {@link orderKey}. */
export async function sortKeyed<T>(
  keyed: readonly Keyed<T>[],
  pausing: Pick<Evaluation, 'pause'>,
): Promise<readonly Keyed<T>[]> {
  let runs: Keyed<T>[][] = [];
  for (let start = 0; start < keyed.length; start += PORTION) {
    runs.push(keyed.slice(start, start + PORTION).sort((a, b) => (a.key < b.key ? -1 : 1)));
    await pausing.pause(PORTION * SLOTS_PER_ITEM);
  }
  while (runs.length > 1) {
    const merged: Keyed<T>[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      merged.push(await merge(runs[i] as Keyed<T>[], runs[i + 1] ?? [], pausing));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<T>(
  left: readonly Keyed<T>[],
  right: readonly Keyed<T>[],
  pausing: Pick<Evaluation, 'pause'>,
): Promise<Keyed<T>[]> {
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
    const pause = pausing.pause(SLOTS_PER_MERGE);
    if (pause !== undefined) await pause;
  }
  for (; l < left.length; l++) merged.push(left[l] as Keyed<T>);
  for (; r < right.length; r++) merged.push(right[r] as Keyed<T>);
  return merged;
}
