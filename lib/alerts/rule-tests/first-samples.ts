// A storage as rules find it in Prometheus: of two samples that one series gets for the same time it keeps the first, and refuses the
// second unless it is the same. The storages here keep the last, which is no failure of a rule; in a test it has to be one.
import type { Labels } from '../../model/label-set.js';
import type { NativeHistogram } from '../../model/native-histogram.js';
import { keyOf } from '../../query/values/label-sets.js';
import type { Appending } from '../evaluation/surroundings.js';

interface Last {
  readonly timestampMs: number;
  /** Undefined for a histogram and for the end of the series. */
  readonly value: number | undefined;
}

export class FirstSamples implements Appending {
  readonly #storage: Appending;
  readonly #last = new Map<string, Last>();

  constructor(storage: Appending) {
    this.#storage = storage;
  }

  append(labels: Labels, timestampMs: number, value: number): boolean {
    const before = this.#taken(labels, { timestampMs, value });
    if (before === undefined) return this.#storage.append(labels, timestampMs, value);
    return before.timestampMs === timestampMs && Object.is(before.value, value);
  }

  appendHistogram(labels: Labels, timestampMs: number, histogram: NativeHistogram): boolean {
    const before = this.#taken(labels, { timestampMs, value: undefined });
    return before === undefined && this.#storage.appendHistogram(labels, timestampMs, histogram);
  }

  appendEnd(labels: Labels, timestampMs: number): boolean {
    const before = this.#taken(labels, { timestampMs, value: undefined });
    return before === undefined && this.#storage.appendEnd(labels, timestampMs);
  }

  /** What stands in the way, if anything does. */
  #taken(labels: Labels, sample: Last): Last | undefined {
    const key = keyOf(labels);
    const last = this.#last.get(key);
    if (last !== undefined && last.timestampMs >= sample.timestampMs) return last;
    this.#last.set(key, sample);
    return undefined;
  }
}
