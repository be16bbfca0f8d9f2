// Where rules write what they record, ALERTS among it. In memory it is there at once; in files and for whoever it is forwarded to,
// where only snapshots can go, soon after.
import { ResultAsync } from 'neverthrow';
import type { StorageError } from '../../errors.js';
import type { Labels } from '../../model/label-set.js';
import type { NativeHistogram } from '../../model/native-histogram.js';
import type { LabelMatcher, Queryable, SeriesData, TimeRange } from '../../model/storage.js';
import type { Appending } from '../evaluation/surroundings.js';
import type { KeptHistory } from './kept-history.js';
import { RecordedSeries } from './recorded-series.js';

/** Rules of one turn write within this time, and go into one snapshot. */
const GATHERING_MS = 500;

export class RecordedHistory implements Appending, Queryable {
  readonly #history: KeptHistory;
  readonly #series = new RecordedSeries();
  /** Whether there is something that only memory has. */
  #isAhead = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param history - Of what rules record, and nothing else. */
  constructor(history: KeptHistory) {
    this.#history = history;
  }

  append(labels: Labels, timestampMs: number, value: number): boolean {
    this.#series.set(labels, timestampMs, value);
    this.#writeSoon();
    return this.#history.memory.append(labels, timestampMs, value);
  }

  /** Is kept in memory only, and answered once that reaches back as far as a query does: files take no single histograms. */
  appendHistogram(labels: Labels, timestampMs: number, histogram: NativeHistogram): boolean {
    return this.#history.memory.appendHistogram(labels, timestampMs, histogram);
  }

  appendEnd(labels: Labels, timestampMs: number): boolean {
    this.#series.end(labels, timestampMs);
    this.#writeSoon();
    return this.#history.memory.appendEnd(labels, timestampMs);
  }

  /** Rules see at once what those before them recorded, in files as well. */
  select(
    matchers: readonly LabelMatcher[],
    range: TimeRange,
  ): ResultAsync<Iterable<SeriesData> | AsyncIterable<SeriesData>, StorageError> {
    if (this.#history.isInMemory(range)) return this.#history.select(matchers, range);
    return ResultAsync.fromSafePromise(this.flush()).andThen(() => this.#history.select(matchers, range));
  }

  /** Writes what has not been written yet. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#isAhead) return;
    this.#isAhead = false;
    await this.#history.handOn(this.#series.snapshot());
  }

  #writeSoon(): void {
    this.#isAhead = true;
    this.#timer ??= setTimeout(() => void this.flush(), GATHERING_MS).unref();
  }
}
