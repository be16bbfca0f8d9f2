// Takes up what a worker tells of series besides their numbers: windows of summaries, native histograms, exemplars.
import { rowWidth } from '../model/family.js';
import { nativeHistogramAt } from '../model/native-histogram.js';
import { MergedNative } from './natives.js';
import type { ExemplarNews, NativeNews, WindowNews } from './protocol.js';
import { NOWHERE } from './source-block.js';
import { BrokenReport, rowAt, type SourceGroup } from './source-group.js';
import { MergedSummary } from './summaries.js';

export function takeWindows(groups: readonly SourceGroup[], news: WindowNews): void {
  const { slots, figures, starts, keys, counts } = news;
  const group = groups[news.group];
  slots.forEach((slot, i) => {
    const { block, row, place } = rowAt(group, slot);
    if (block === undefined || place === NOWHERE) return;
    block.values[row * 2] = figures[i * 4] as number;
    block.values[row * 2 + 1] = figures[i * 4 + 1] as number;
    const [from, to] = [starts[i], starts[i + 1]];
    const [min, max] = [figures[i * 4 + 2] as number, figures[i * 4 + 3] as number];
    // Copies, because the next report may have none of this one's series but this.
    block.windows[row] = { min, max, keys: [...keys.subarray(from, to)], counts: [...counts.subarray(from, to)] };
    if (group?.family.merged instanceof MergedSummary) group.family.merged.windowChanged(block, place);
  });
}

/** @throws BrokenReport */
export function takeNatives(groups: readonly SourceGroup[], news: NativeNews): void {
  const group = groups[news.group];
  const merged = group?.family.merged;
  if (!(merged instanceof MergedNative)) return;
  const { slots, width, values } = news;
  if (width !== rowWidth(merged.descriptor)) throw new BrokenReport('rows that do not fit their family');
  slots.forEach((slot, i) => {
    const { block, place } = rowAt(group, slot);
    const histogram = nativeHistogramAt(news, i);
    if (block === undefined || place === NOWHERE || histogram === undefined) return;
    merged.add(block, place, histogram, values.subarray(i * width, (i + 1) * width));
  });
}

/** @throws BrokenReport */
export function takeExemplars(groups: readonly SourceGroup[], news: ExemplarNews): void {
  const { rows, exemplars } = news;
  const { family, blocks } = groups[news.group] ?? {};
  const block = blocks?.[news.block];
  if (block === undefined || family?.merged === undefined) return;
  const { descriptor } = family.merged;
  const most = descriptor.type === 'histogram' ? descriptor.upperBounds.length : 0;
  exemplars.forEach((exemplar, i) => {
    if (exemplar.column > most) throw new BrokenReport('an exemplar of no bucket');
    const place = block.slots[rows[i] as number];
    if (place !== undefined && place !== NOWHERE) family.merged?.keep(block, place, exemplar);
  });
}
