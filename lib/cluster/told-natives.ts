// Tells what native histograms of one group grew by: their buckets are sparse and may change their resolution, so that they
// are not read in place as numbers are. Whoever adds it up needs nothing of what came before, and keeps one total a series.
import type { NativeFamily } from '../instruments/native/native-family.js';
import type { NativeSeries } from '../instruments/native/native-series.js';
import type { SeriesGroup } from '../instruments/series-group.js';
import { addNativeHistograms, type NativeHistogram } from '../model/native-histogram.js';
import { nativeColumnsOf } from './native-columns.js';
import { grownBy } from './native-totals.js';
import type { NativeNews, Report } from './protocol.js';
import { countOf, totalsOf } from './row-totals.js';
import type { ToldApart } from './told-apart.js';

interface Told {
  readonly series: NativeSeries;
  readonly histogram: NativeHistogram;
  readonly numbers: Float64Array;
}

export class ToldNatives implements ToldApart {
  readonly #family: NativeFamily;
  readonly #group: SeriesGroup;
  readonly #groupId: number;
  /** By slot. */
  readonly #told: (Told | undefined)[] = [];

  constructor(family: NativeFamily, group: SeriesGroup, groupId: number) {
    this.#family = family;
    this.#group = group;
    this.#groupId = groupId;
  }

  hasChanged(slot: number): boolean {
    const series: NativeSeries | undefined = this.#family.seriesAt(this.#group, slot);
    if (series === undefined) return false;
    const told = this.#told[slot];
    return told?.series !== series || told.histogram.count !== countOf(this.#group, slot);
  }

  newsOf(slots: readonly number[]): Pick<Report, 'natives'> {
    const { width } = this.#group;
    const values = new Float64Array(slots.length * width);
    const histograms = slots.map((slot, i) => {
      const { now, before } = this.#turn(slot);
      now.numbers.forEach((number, column) => {
        values[i * width + column] = number - (before?.numbers[column] ?? 0);
      });
      return before === undefined ? now.histogram : grownBy(now.histogram, before.histogram);
    });
    const group = this.#groupId;
    const news: NativeNews = {
      group,
      slots: Int32Array.from(slots),
      width,
      values,
      native: nativeColumnsOf(histograms),
    };
    return { natives: [news] };
  }

  forget(slots: readonly number[]): void {
    for (const slot of slots) this.#told[slot] = undefined;
  }

  /** What there is to tell from the start, and what was told before; from now on that is the former. */
  #turn(slot: number): { readonly now: Told; readonly before: Told | undefined } {
    const [family, group] = [this.#family, this.#group];
    const own = family.read(group, slot);
    const carried = family.carriedAt(group, slot);
    const histogram = carried === undefined ? own : addNativeHistograms(carried, own);
    const now: Told = { series: family.seriesAt(group, slot), histogram, numbers: totalsOf(group, slot) };
    const told = this.#told[slot];
    this.#told[slot] = now;
    return { now, before: told?.series === now.series ? told : undefined };
  }
}
