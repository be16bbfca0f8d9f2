// The numbers of a window in order, for quantiles. Small windows are sorted by insertion into memory that is used again;
// larger ones by the machine's own sort, beside which the view of that memory that it needs costs little.
import { quantileOf } from '../values/quantile.js';
import type { RangeWindow } from '../values/range-window.js';

const MOST_INSERTED = 48;

export class SortedNumbers {
  #sorted = new Float64Array(MOST_INSERTED);

  quantile(quantile: number, window: RangeWindow): number {
    const count = window.to - window.from;
    if (count > this.#sorted.length) this.#sorted = new Float64Array(2 * count);
    if (count <= MOST_INSERTED) this.#insert(window);
    else this.#sort(window);
    return quantileOf(quantile, this.#sorted, count);
  }

  #insert({ series: { values }, from, to }: RangeWindow): void {
    const sorted = this.#sorted;
    for (let i = from; i < to; i++) {
      const value = values[i] as number;
      let at = i - from;
      // NaN is less than all others here.
      while (at > 0 && ((sorted[at - 1] as number) > value || Number.isNaN(value))) {
        sorted[at] = sorted[at - 1] as number;
        at--;
      }
      sorted[at] = value;
    }
  }

  #sort({ series: { values }, from, to }: RangeWindow): void {
    const count = to - from;
    const sorted = this.#sorted.subarray(0, count);
    let numbers = count;
    for (let at = 0; at < count; at++) sorted[at] = values[from + at] as number;
    sorted.sort();
    while (numbers > 0 && Number.isNaN(sorted[numbers - 1])) numbers--;
    sorted.copyWithin(count - numbers, 0, numbers);
    sorted.fill(Number.NaN, 0, count - numbers);
  }
}
