// The series that go into a test. They are stored as time goes by and not beforehand: a rule that looks ahead finds nothing.
import type { Queryable } from '../../model/storage.js';
import type { WrittenSeries } from '../../query/notation/series-notation.js';
import { keyOf } from '../../query/values/label-sets.js';
import type { Appending } from '../evaluation/surroundings.js';

/** Where the samples of a test are, those of its rules as well. */
export type TestStorage = Queryable & Appending;

export class TestInput {
  readonly #series: readonly WrittenSeries[];
  readonly #stepMs: number;
  /** How many points of each series are stored. */
  #stored = 0;

  constructor(series: readonly WrittenSeries[], intervalSeconds: number) {
    // Of two series with the same labels, the second stands for both.
    const byLabels = new Map(series.map((one) => [keyOf(one.labels), one]));
    this.#series = [...byLabels.values()];
    this.#stepMs = intervalSeconds * 1000;
  }

  /** Stores what comes up to a moment, that moment included. */
  storeUntil(timeMs: number, storage: Appending): void {
    const count = Math.floor(timeMs / this.#stepMs) + 1;
    for (; this.#stored < count; this.#stored++) {
      for (const series of this.#series) this.#store(series, storage);
    }
  }

  #store({ labels, points }: WrittenSeries, storage: Appending): void {
    const point = points[this.#stored];
    const timeMs = this.#stored * this.#stepMs;
    if (point === undefined) return;
    if (point === 'stale') storage.appendEnd(labels, timeMs);
    else if (typeof point === 'number') storage.append(labels, timeMs, point);
    else storage.appendHistogram(labels, timeMs, point);
  }
}
