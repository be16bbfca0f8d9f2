// Summaries: totals are added up as a histogram's are, and the windows' bucket counts are put together before any quantile is
// worked out, because quantiles of several processes cannot be. Only of series of which some window changed.
import { middleOf } from '../instruments/sliding-window.js';
import type { Pace } from '../model/pace.js';
import { MergedFamily } from './merged-family.js';
import type { MergedGroup } from './merged-group.js';
import { NOWHERE, type SourceBlock, type SourceWindow } from './source-block.js';

/** Figures of a row: the sum and count of all observations ever. */
const FIGURES = 2;

type Sketch = Pick<SourceWindow, 'keys' | 'counts'>;

export class MergedSummary extends MergedFamily {
  /** Series whose quantiles have to be worked out anew, by slot. */
  readonly #stale = new Map<MergedGroup, Set<number>>();
  /** Blocks that were left out the last time. */
  readonly #leftOut = new WeakSet<SourceBlock>();

  /** A worker told another window of this series. */
  windowChanged(source: SourceBlock, place: number): void {
    const { group, slot } = this.targetOf(source, place);
    this.#markStale(group, slot);
  }

  override async merge(pace: Pace): Promise<void> {
    for (const block of [...this.sources]) {
      const isTurned = block.isLeftOut !== this.#leftOut.has(block);
      for (let row = 0; row < block.slots.length; row++) {
        const place = block.slots[row] as number;
        if (place === NOWHERE) continue;
        if (isTurned) this.windowChanged(block, place);
        this.#addFigures(block, row);
      }
      if (block.isLeftOut) this.#leftOut.add(block);
      else this.#leftOut.delete(block);
      if (pace.look()) await pace.pause();
    }
    const { descriptor } = this;
    const quantiles = descriptor.type === 'summary' ? descriptor.quantiles : [];
    if (quantiles.length > 0 && this.#stale.size > 0) await this.#readWindows(quantiles, pace);
    this.#stale.clear();
  }

  override settle(block: SourceBlock, row: number): void {
    this.#addFigures(block, row);
    if (block.slots[row] !== NOWHERE) this.windowChanged(block, block.slots[row] as number);
  }

  /** A series that starts has no quantiles before there is a window. */
  override hold(group: MergedGroup, slot: number): void {
    super.hold(group, slot);
    if (slot >= 0) this.#markStale(group, slot);
  }

  async #readWindows(quantiles: readonly number[], pace: Pace): Promise<void> {
    const windows = new Map<MergedGroup, SourceWindow[][]>();
    for (const block of [...this.sources]) {
      this.#addWindows(block, windows);
      if (pace.look()) await pace.pause();
    }
    for (const [group, slots] of this.#stale) {
      for (const slot of slots) {
        group.series.rowOf(slot).set(quantilesOf(windows.get(group)?.[slot] ?? [], quantiles));
        if (pace.look()) await pace.pause();
      }
    }
  }

  #addWindows(block: SourceBlock, windows: Map<MergedGroup, SourceWindow[][]>): void {
    if (block.isLeftOut) return;
    for (let row = 0; row < block.slots.length; row++) {
      const place = block.slots[row] as number;
      const window = block.windows[row];
      if (place === NOWHERE || window === undefined) continue;
      const { group, slot } = this.targetOf(block, place);
      if (this.#stale.get(group)?.has(slot) !== true) continue;
      const bySlot = windows.get(group) ?? [];
      windows.set(group, bySlot);
      const list = bySlot[slot];
      if (list === undefined) bySlot[slot] = [window];
      else list.push(window);
    }
  }

  #addFigures(block: SourceBlock, row: number): void {
    const { values, last } = block;
    const [sum, count] = [row * FIGURES, row * FIGURES + 1];
    const place = block.slots[row] as number;
    if (place === NOWHERE || (values[sum] === last[sum] && values[count] === last[count])) return;
    const { group, slot } = this.targetOf(block, place);
    const target = group.series.rowOf(slot);
    for (const at of [sum, count]) {
      const grown = (values[at] as number) - (last[at] as number);
      if (grown - grown !== 0 || !(grown > 0 || at === sum)) continue;
      (target[target.length - FIGURES + at - sum] as number) += grown;
      last[at] = values[at] as number;
    }
  }

  #markStale(group: MergedGroup, slot: number): void {
    const slots = this.#stale.get(group);
    if (slots === undefined) this.#stale.set(group, new Set([slot]));
    else slots.add(slot);
  }
}

/** Quantiles over several windows as if they were one; NaN when all are empty. Cost: a walk over the buckets in use. */
export function quantilesOf(windows: readonly SourceWindow[], quantiles: readonly number[]): Float64Array {
  const result = new Float64Array(quantiles.length).fill(Number.NaN);
  const filled = windows.filter((window) => window.keys.length > 0);
  const { keys, counts } = filled.reduce<Sketch>(together, { keys: [], counts: [] });
  const total = counts.reduce((sum, count) => sum + count, 0);
  const min = filled.reduce((least, window) => Math.min(least, window.min), Number.POSITIVE_INFINITY);
  const max = filled.reduce((most, window) => Math.max(most, window.max), Number.NEGATIVE_INFINITY);
  let seen = 0;
  let next = 0;
  // Quantiles of a family are ascending.
  for (let i = 0; i < keys.length && next < quantiles.length; i++) {
    seen += counts[i] as number;
    while (next < quantiles.length && seen >= rankOf(quantiles[next] as number, total)) {
      result[next++] = Math.min(max, Math.max(min, middleOf(keys[i] as number)));
    }
  }
  return result;
}

/** The buckets of both, ascending as they are. */
function together(a: Sketch, b: Sketch): Sketch {
  if (a.keys.length === 0) return b;
  const keys: number[] = [];
  const counts: number[] = [];
  let [i, j] = [0, 0];
  while (i < a.keys.length || j < b.keys.length) {
    const left = a.keys[i] ?? Number.POSITIVE_INFINITY;
    const right = b.keys[j] ?? Number.POSITIVE_INFINITY;
    keys.push(Math.min(left, right));
    counts.push((left <= right ? (a.counts[i++] as number) : 0) + (right <= left ? (b.counts[j++] as number) : 0));
  }
  return { keys, counts };
}

function rankOf(quantile: number, total: number): number {
  return Math.min(total, Math.max(1, Math.ceil(quantile * total)));
}
