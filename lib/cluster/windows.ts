// Writes down what the windows of summaries hold: bucket counts, which can be added up over processes, and never quantiles,
// which cannot.
import type { Block, SeriesGroup } from '../instruments/series-group.js';
import type { SummaryFamily } from '../instruments/summary-family.js';
import { type Place, runsOf, type WindowNews } from './protocol.js';

/** All windows of one block, in runs of rows. Cost: some microseconds a series. */
export function* windowsOf(family: SummaryFamily, group: SeriesGroup, place: Place): Generator<WindowNews> {
  for (const rows of runsOf(group.blocks[place.block] as Block)) yield newsOf(family, group, { ...place, rows });
}

function newsOf(
  family: SummaryFamily,
  group: SeriesGroup,
  { rows, ...place }: Place & { readonly rows: readonly number[] },
): WindowNews {
  const figures: number[] = [];
  const starts: number[] = [0];
  const keys: number[] = [];
  const counts: number[] = [];
  for (const row of rows) {
    const window = family.windowAt(group, (place.block << group.shift) | row);
    const { min, max } = window.sketchInto(keys, counts);
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
