// Families whose series have more than numbers in place: which these are, and how their news are gone through.
import type { LiveFamily } from '../instruments/live-family.js';
import { NativeFamily } from '../instruments/native/native-family.js';
import type { SeriesGroup } from '../instruments/series-group.js';
import { SummaryFamily } from '../instruments/summary-family.js';
import type { BlockState } from './block-state.js';
import { type Report, ROWS_APART_PER_REPORT } from './protocol.js';
import type { ToldApart } from './told-apart.js';
import { ToldNatives } from './told-natives.js';
import { ToldWindows } from './told-windows.js';

/** Nothing is held back over a pause, in which series may go. */
export function* changesOf(
  blocks: readonly BlockState[],
  told: ToldApart,
  isPauseDue: () => boolean,
): Generator<Partial<Report> | undefined> {
  let slots: number[] = [];
  for (const block of blocks) {
    for (const slot of block.toldSlots()) if (told.hasChanged(slot)) slots.push(slot);
    if (slots.length < ROWS_APART_PER_REPORT && !isPauseDue()) continue;
    yield slots.length === 0 ? undefined : told.newsOf(slots);
    slots = [];
  }
  if (slots.length > 0) yield told.newsOf(slots);
}

export function toldApart(family: LiveFamily, group: SeriesGroup, id: number): ToldApart | undefined {
  if (family instanceof NativeFamily) return new ToldNatives(family, group, id);
  return family instanceof SummaryFamily ? new ToldWindows(family, group, id) : undefined;
}

/** Whether the numbers of its series are not all there is. */
export function isApart(family: LiveFamily): family is SummaryFamily | NativeFamily {
  return family instanceof SummaryFamily || family instanceof NativeFamily;
}
