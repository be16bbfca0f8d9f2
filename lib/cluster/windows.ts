// Writes down what the windows of summaries hold: bucket counts, which can be added up over processes, and never quantiles,
// which cannot.
import type { Block, SeriesGroup } from '../instruments/series-group.js';
import type { SummaryFamily } from '../instruments/summary-family.js';
import type { WindowNews } from './protocol.js';

/** All windows of one block. Cost: some microseconds a series. */
export function windowsOf(
  family: SummaryFamily,
  group: SeriesGroup,
  place: { readonly group: number; readonly block: number },
): WindowNews {
  const { size, live } = group.blocks[place.block] as Block;
  const rows: number[] = [];
  const figures: number[] = [];
  const starts: number[] = [0];
  const keys: number[] = [];
  const counts: number[] = [];
  for (let row = 0; row < size; row++) {
    if (live?.[row] === 0) continue;
    const window = family.windowAt(group, (place.block << group.shift) | row);
    const { min, max } = window.sketchInto(keys, counts);
    rows.push(row);
    figures.push(window.totalSum, window.totalCount, min, max);
    starts.push(keys.length);
  }
  return {
    ...place,
    rows: Int32Array.from(rows),
    figures: Float64Array.from(figures),
    starts: Int32Array.from(starts),
    keys: Int32Array.from(keys),
    counts: Float64Array.from(counts),
  };
}
