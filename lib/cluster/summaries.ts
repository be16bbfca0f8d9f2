// Summaries: totals are added up as a histogram's are, and the windows' bucket counts are put together before any quantile is
// worked out, because quantiles of several processes cannot be.
import { middleOf } from '../instruments/sliding-window.js';
import type { Pace } from '../model/pace.js';
import { MergedFamily } from './merged-family.js';
import type { MergedGroup } from './merged-group.js';
import { NOWHERE, type SourceBlock, type SourceWindow } from './source-block.js';

/** Figures of a row: the sum and count of all observations ever. */
const FIGURES = 2;

export class MergedSummary extends MergedFamily {
  override async merge(pace: Pace): Promise<void> {
    const { descriptor } = this;
    const quantiles = descriptor.type === 'summary' ? descriptor.quantiles : [];
    const windows = new Map<MergedGroup, SourceWindow[][]>();
    for (const block of [...this.sources]) {
      for (let row = 0; row < block.slots.length; row++) {
        const place = block.slots[row] as number;
        if (place === NOWHERE) continue;
        if (pace.look()) await pace.pause();
        this.settle(block, row);
        const window = block.windows[row];
        if (window === undefined || quantiles.length === 0 || block.isLeftOut) continue;
        const { group, slot } = this.targetOf(block, place);
        const bySlot = windows.get(group) ?? [];
        windows.set(group, bySlot);
        bySlot[slot] = [...(bySlot[slot] ?? []), window];
      }
    }
    if (quantiles.length === 0) return;
    for (const group of this.groups()) {
      for (const slot of [...group.series.slots()]) {
        const merged = quantilesOf(windows.get(group)?.[slot] ?? [], quantiles);
        group.series.rowOf(slot).set(merged);
        if (pace.look()) await pace.pause();
      }
    }
  }

  override settle(block: SourceBlock, row: number): void {
    const place = block.slots[row] as number;
    if (place === NOWHERE) return;
    const { group, slot } = this.targetOf(block, place);
    const target = group.series.rowOf(slot);
    const { values, last } = block;
    const from = row * FIGURES;
    const hasRestarted = (values[from + 1] as number) < (last[from + 1] as number);
    for (let i = 0; i < FIGURES; i++) {
      const value = values[from + i] as number;
      const grown = hasRestarted ? value : value - (last[from + i] as number);
      if (grown - grown === 0 && (grown >= 0 || i === 0)) (target[target.length - FIGURES + i] as number) += grown;
      last[from + i] = value;
    }
  }
}

/** Quantiles over several windows as if they were one; NaN when all are empty. Cost: that of sorting the buckets in use. */
export function quantilesOf(windows: readonly SourceWindow[], quantiles: readonly number[]): Float64Array {
  const counts = new Map<number, number>();
  let total = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const window of windows) {
    window.keys.forEach((key, i) => {
      const count = window.counts[i] as number;
      counts.set(key, (counts.get(key) ?? 0) + count);
      total += count;
    });
    if (window.min < min) min = window.min;
    if (window.max > max) max = window.max;
  }
  const result = new Float64Array(quantiles.length).fill(Number.NaN);
  if (total === 0) return result;
  const keys = Int32Array.from(counts.keys()).sort();
  let seen = 0;
  let next = 0;
  // Quantiles of a family are ascending.
  for (const key of keys) {
    seen += counts.get(key) as number;
    while (next < quantiles.length && seen >= rankOf(quantiles[next] as number, total)) {
      result[next++] = Math.min(max, Math.max(min, middleOf(key)));
    }
  }
  return result;
}

function rankOf(quantile: number, total: number): number {
  return Math.min(total, Math.max(1, Math.ceil(quantile * total)));
}
