// Tells what the windows of the summaries of one group hold: bucket counts, which can be added up over processes, and never
// quantiles, which cannot.
import type { SeriesGroup } from '../instruments/series-group.js';
import type { SlidingWindow } from '../instruments/sliding-window.js';
import type { SummaryFamily } from '../instruments/summary-family.js';
import type { Report } from './protocol.js';
import type { ToldApart } from './told-apart.js';

export class ToldWindows implements ToldApart {
  readonly #family: SummaryFamily;
  readonly #group: SeriesGroup;
  readonly #groupId: number;
  /** By slot: the window, and what its version was. */
  readonly #windows: (SlidingWindow | undefined)[] = [];
  readonly #versions: number[] = [];

  constructor(family: SummaryFamily, group: SeriesGroup, groupId: number) {
    this.#family = family;
    this.#group = group;
    this.#groupId = groupId;
  }

  hasChanged(slot: number): boolean {
    const window: SlidingWindow | undefined = this.#family.windowAt(this.#group, slot);
    return window !== undefined && (window !== this.#windows[slot] || window.version !== this.#versions[slot]);
  }

  newsOf(slots: readonly number[]): Pick<Report, 'windows'> {
    const figures: number[] = [];
    const starts: number[] = [0];
    const keys: number[] = [];
    const counts: number[] = [];
    for (const slot of slots) {
      const window = this.#family.windowAt(this.#group, slot);
      const { min, max } = window.sketchInto(keys, counts);
      const { sum, count } = this.#family.totalsAt(this.#group, slot);
      figures.push(sum, count, min, max);
      starts.push(keys.length);
      this.#windows[slot] = window;
      this.#versions[slot] = window.version;
    }
    const news = {
      group: this.#groupId,
      slots: Int32Array.from(slots),
      figures: Float64Array.from(figures),
      starts: Int32Array.from(starts),
      keys: Int32Array.from(keys),
      counts: Float64Array.from(counts),
    };
    return { windows: [news] };
  }

  forget(slots: readonly number[]): void {
    for (const slot of slots) this.#windows[slot] = undefined;
  }
}
