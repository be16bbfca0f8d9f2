// The storage port: what a backend implements, and what queries read from. It is a part of the model so that backends
// and the collector agree without knowing each other.
import type { ResultAsync } from 'neverthrow';
import type { StorageError } from '../errors.js';
import type { Snapshot } from './family.js';
import type { NativeHistogram } from './native-histogram.js';

/** Takes snapshots and keeps or forwards them. */
export interface MetricsStorage {
  readonly name: string;
  /** Answers how many samples were stored. Never rejects. */
  write(snapshot: Snapshot): ResultAsync<number, StorageError>;
  /** Flushes and releases everything; later writes answer `storage_closed`. Closing twice is fine. */
  close(): ResultAsync<void, StorageError>;
  /** What the storage last held, where it can tell: totals go on from there after a restart. */
  restore?(): ResultAsync<Snapshot | undefined, StorageError>;
  /** Figures about its own work, from which the collector makes metrics; several where it writes to others. */
  statistics?(): readonly StorageStatistics[];
  /** Has the next write try its target whatever happened before: called ahead of a last flush. */
  retryNow?(): void;
}

/** What a storage tells of itself. All but the name may be left out; what it leaves out, whoever writes to it counts. */
export interface StorageStatistics {
  readonly storage: string;
  /** Attempts to write or push so far, failed ones too. */
  readonly writes?: number;
  /** How many of them failed, by the error's kind. */
  readonly failures?: Readonly<Record<string, number>>;
  /** Seconds that all of them took. */
  readonly writeSeconds?: number;
  /** Bytes that reached the disk or the network so far. */
  readonly bytes?: number;
  /** Snapshots that wait to be sent. */
  readonly queued?: number;
  /** Samples that were given up: pushed out of a full queue, or refused by the target. */
  readonly dropped?: number;
  readonly circuit?: CircuitState;
}

/** `closed` lets writes through, `open` refuses them for a while, `half_open` lets one try. */
export type CircuitState = 'closed' | 'open' | 'half_open';

/** A condition on one label; a label that is missing counts as empty. Regular expressions are anchored, in RE2 syntax. */
export interface LabelMatcher {
  /** `__name__` is the metric's name. */
  readonly name: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** Milliseconds since the epoch, both inclusive. */
export interface TimeRange {
  readonly startMs: number;
  readonly endMs: number;
}

/** One series of samples, its time stamps ascending, its labels with `__name__`. */
export interface SeriesData {
  readonly labels: Readonly<Record<string, string>>;
  readonly timestampsMs: Float64Array;
  /** NaN where the sample is a histogram. */
  readonly values: Float64Array;
  /** Of a series of native histograms, one per time stamp; undefined where the sample is a number (a stale marker). */
  readonly histograms?: readonly (NativeHistogram | undefined)[];
  /**
   * When the series is known to have ended, ascending: from then until its next sample it does not exist, where it would
   * otherwise count as just not sampled. Left out where nothing is known.
   */
  readonly endsMs?: Float64Array;
}

/** A storage that can be asked for what it holds. */
export interface Queryable {
  select(
    matchers: readonly LabelMatcher[],
    range: TimeRange,
  ): ResultAsync<Iterable<SeriesData> | AsyncIterable<SeriesData>, StorageError>;
}
