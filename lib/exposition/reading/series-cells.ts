// The numbers of one series, taken out of the cells of its family and put in order. Used again for each series, so that a family of
// many costs no objects.
import { type Cells, COUNT, CREATED, SUM, VALUE } from './cells.js';
import { SAMPLE_TWICE, sampleFault } from './fault.js';
import { grown } from './grown.js';
import type { SampleColumns } from './sample-columns.js';

export class SeriesCells {
  /** The number of a series that has one; the count and the sum of others; NaN for what is not there. */
  value = Number.NaN;
  sum = Number.NaN;
  count = Number.NaN;
  createdMs = Number.NaN;
  /** Where these stand among the cells; -1 where there is none. */
  valuePlace = -1;
  sumPlace = -1;
  countPlace = -1;
  /** The others, by ascending number of their keys. */
  keyedCount = 0;
  keys = new Int32Array(16);
  values = new Float64Array(16);
  /** Where they stand among the cells. */
  places = new Int32Array(16);
  /** The line of the last of all. */
  line = 0;

  /** Reads the cells from `from` to `to`, all of one series. */
  read(cells: Cells, order: Int32Array | undefined, from: number, to: number): void {
    this.value = Number.NaN;
    this.sum = Number.NaN;
    this.count = Number.NaN;
    this.createdMs = Number.NaN;
    this.valuePlace = -1;
    this.sumPlace = -1;
    this.countPlace = -1;
    this.keyedCount = 0;
    for (let i = from; i < to; i++) {
      const at = order === undefined ? i : order[i]!;
      const key = cells.keyOf(at);
      if (key >= 0) this.#push(key, cells.values[at]!, at);
      else this.#set(key, cells.values[at]!, at);
    }
    const last = order === undefined ? to - 1 : order[to - 1]!;
    this.line = cells.lineOf(last);
  }

  /**
   * Brings the others into ascending order of what their keys stand for, and answers whether they were so before. Of numbers that
   * are there twice, which `isLenient` allows, the first one stays.
   *
   * @throws Fault for a number that is there twice.
   */
  sort({ keyNumbers: ranks, cells, isLenient }: SampleColumns): boolean {
    const { keys, keyedCount } = this;
    let isAscending = true;
    for (let i = 1; i < keyedCount; i++) if (!(ranks[keys[i]!]! > ranks[keys[i - 1]!]!)) isAscending = false;
    if (isAscending) return true;
    const order = Array.from({ length: keyedCount }, (_, i) => i);
    order.sort((a, b) => ranks[keys[a]!]! - ranks[keys[b]!]! || a - b);
    const before = { keys: keys.slice(), values: this.values.slice(), places: this.places.slice() };
    let at = 0;
    for (const from of order) {
      const key = before.keys[from]!;
      const place = before.places[from]!;
      if (at > 0 && key === keys[at - 1]) {
        if (isLenient) continue;
        throw sampleFault(cells.lineOf(place), SAMPLE_TWICE);
      }
      keys[at] = key;
      this.values[at] = before.values[from]!;
      this.places[at++] = place;
    }
    this.keyedCount = at;
    return false;
  }

  #set(key: number, value: number, place: number): void {
    if (key === VALUE) {
      this.value = value;
      this.valuePlace = place;
    } else if (key === SUM) {
      this.sum = value;
      this.sumPlace = place;
    } else if (key === COUNT) {
      this.count = value;
      this.countPlace = place;
    } else if (key === CREATED) this.createdMs = value;
  }

  #push(key: number, value: number, place: number): void {
    const at = this.keyedCount++;
    if (at === this.keys.length) {
      this.keys = grown(this.keys);
      this.values = grown(this.values);
      this.places = grown(this.places);
    }
    this.keys[at] = key;
    this.values[at] = value;
    this.places[at] = place;
  }
}
