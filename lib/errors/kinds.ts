// Every kind of error there is, as plain objects in discriminated unions, one union per operation. They live together
// so that a caller can switch over `kind` exhaustively.

/** What a programmer can get wrong while defining a metric; thrown inside a `MetricDefinitionError`. */
export type DefinitionError =
  | { readonly kind: 'invalid_metric_name'; readonly metric: string; readonly rule: string }
  | { readonly kind: 'invalid_label_name'; readonly metric: string; readonly label: string; readonly rule: string }
  | { readonly kind: 'reserved_label'; readonly metric: string; readonly label: string; readonly rule: string }
  | { readonly kind: 'invalid_buckets'; readonly metric: string; readonly value: string; readonly rule: string }
  | { readonly kind: 'invalid_quantiles'; readonly metric: string; readonly value: string; readonly rule: string }
  | { readonly kind: 'invalid_unit'; readonly metric: string; readonly unit: string; readonly rule: string }
  | { readonly kind: 'invalid_option'; readonly option: string; readonly value: string; readonly rule: string }
  | GroupingKeyError
  | {
      readonly kind: 'family_conflict';
      readonly metric: string;
      readonly existing: string;
      readonly requested: string;
      readonly resolution: string;
    };

/** A grouping key that a Pushgateway cannot take: thrown where it is given, answered where only a write shows it. */
export interface GroupingKeyError {
  readonly kind: 'invalid_grouping_key';
  readonly label: string;
  readonly rule: string;
}

/** Why a recording changed nothing (or went to the overflow series, `cardinality_exceeded`; or lost its exemplar, `invalid_exemplar`). Never thrown outside strict mode. */
export type RecordingError =
  | {
      readonly kind: 'invalid_value';
      readonly metric: string;
      readonly reason: 'negative' | 'not_a_number' | 'infinite';
      readonly value: string;
    }
  | { readonly kind: 'label_mismatch'; readonly metric: string; readonly expected: string; readonly given: string }
  | { readonly kind: 'invalid_label_value'; readonly metric: string; readonly label: string; readonly rule: string }
  | { readonly kind: 'cardinality_exceeded'; readonly metric: string; readonly limit: number }
  | { readonly kind: 'invalid_exemplar'; readonly metric: string; readonly rule: string };

/** Why a `collect` callback's family, or an attached source, is missing from a reading. */
export type CollectError =
  | { readonly kind: 'collect_failed'; readonly metric: string; readonly cause: unknown }
  | { readonly kind: 'collect_timed_out'; readonly metric: string; readonly timeoutSeconds: number }
  | SourceError;

/** What no reading of this collector shows, although it is in this process and meant to be read. */
export interface UnreadError {
  readonly kind: 'registries_unread';
  /** The package's files, one per registry. */
  readonly registries: readonly string[];
}

/** Why an attached source, or a part of it, is missing from a reading. */
export type SourceError =
  | { readonly kind: 'source_failed'; readonly source: string; readonly cause: unknown }
  | { readonly kind: 'source_timed_out'; readonly source: string; readonly timeoutSeconds: number };

/** Why a storage did not take, keep or find what it was asked for. */
export type StorageError =
  | { readonly kind: 'push_unreachable'; readonly target: string; readonly cause: unknown }
  | { readonly kind: 'push_timed_out'; readonly target: string; readonly timeoutMs: number }
  | { readonly kind: 'push_rejected'; readonly target: string; readonly status: number; readonly body: string }
  | {
      readonly kind: 'circuit_open';
      readonly target: string;
      readonly retryInSeconds: number;
      /** Why it is left alone. */
      readonly lastError: StorageError;
    }
  | GroupingKeyError
  | { readonly kind: 'queue_full'; readonly storage: string; readonly droppedSamples: number }
  | {
      readonly kind: 'fan_out_failed';
      /** Those that failed; all others have stored the snapshot. */
      readonly failures: readonly { readonly storage: string; readonly error: StorageError }[];
      readonly storages: number;
    }
  | { readonly kind: 'file_unwritable'; readonly file: string; readonly cause: unknown }
  | { readonly kind: 'file_unreadable'; readonly file: string; readonly cause: unknown }
  | { readonly kind: 'file_corrupt'; readonly file: string; readonly offset: number; readonly problem: string }
  | { readonly kind: 'file_locked'; readonly file: string; readonly pid: number }
  | {
      readonly kind: 'storage_timed_out';
      readonly storage: string;
      readonly timeoutSeconds: number;
      /** Samples that were queued and are given up, where that is known. */
      readonly lostSamples?: number;
    }
  | { readonly kind: 'storage_closed'; readonly storage: string }
  | { readonly kind: 'storage_failed'; readonly storage: string; readonly cause: unknown }
  | { readonly kind: 'invalid_matcher'; readonly label: string; readonly value: string; readonly rule: string };

/** Why a text in one of the exposition formats was refused. Lines and columns count from 1, columns in characters. */
export type ExpositionParseError =
  | {
      readonly kind: 'malformed_exposition';
      readonly line: number;
      readonly column: number;
      /** What is wrong there, as a sentence. */
      readonly problem: string;
    }
  | {
      readonly kind: 'exposition_too_large';
      readonly line: number;
      readonly column: number;
      /** The name of the limit, and how much it allows. */
      readonly limit: string;
      readonly allowed: number;
    }
  | { readonly kind: 'unreadable_exposition'; readonly cause: unknown };

/** Why a query gave no answer. Lines and columns count from 1, columns in characters. */
export type QueryError =
  | {
      /** The text is no expression (`parse_error`), or one whose parts do not go together (`type_mismatch`). */
      readonly kind: 'parse_error' | 'type_mismatch';
      readonly line: number;
      readonly column: number;
      /** What is wrong there, in Prometheus' words where it has them. */
      readonly problem: string;
    }
  /** An expression that Prometheus reads only behind a feature flag. */
  | { readonly kind: 'unsupported'; readonly line: number; readonly column: number; readonly feature: string }
  /** The data does not allow it, as when several series match where one may. */
  | { readonly kind: 'evaluation_failed'; readonly problem: string }
  | { readonly kind: 'select_failed'; readonly cause: StorageError }
  | { readonly kind: 'limit_exceeded'; readonly limit: string; readonly allowed: number }
  | { readonly kind: 'timed_out'; readonly timeoutSeconds: number }
  | { readonly kind: 'cancelled' };

/** Why rules could not be taken, or somebody could not be told of alerts. Lines and columns count from 1. */
export type AlertError =
  | {
      readonly kind: 'invalid_rules';
      /** Where they come from; undefined for rules that are defined in code. */
      readonly file: string | undefined;
      readonly problems: readonly { readonly line: number; readonly column: number; readonly problem: string }[];
    }
  | { readonly kind: 'rules_unreadable'; readonly file: string; readonly cause: unknown }
  | { readonly kind: 'rule_failed'; readonly group: string; readonly rule: string; readonly problem: string }
  | { readonly kind: 'template_failed'; readonly group: string; readonly rule: string; readonly problem: string }
  | { readonly kind: 'notify_failed'; readonly notifier: string; readonly target: string; readonly cause: unknown }
  | {
      readonly kind: 'notify_refused';
      readonly notifier: string;
      readonly target: string;
      readonly status: number;
      readonly body: string;
    }
  | { readonly kind: 'alerts_dropped'; readonly notifier: string; readonly dropped: number; readonly limit: number }
  | { readonly kind: 'notifier_closed'; readonly notifier: string };

/** Why a job gave no result of its own. */
export type JobError =
  | { readonly kind: 'job_failed'; readonly job: string; readonly cause: unknown }
  | { readonly kind: 'job_interrupted'; readonly job: string; readonly signal: string };

/** Why the HTTP side could not start or answer. */
export type HttpError =
  | { readonly kind: 'address_in_use'; readonly host: string; readonly port: number }
  | { readonly kind: 'address_unavailable'; readonly host: string; readonly port: number; readonly cause: unknown }
  | { readonly kind: 'not_acceptable'; readonly accept: string }
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'scrape_failed'; readonly cause: unknown };

/** What keeps a worker out of the readings of those who gather it. */
export type ClusterError =
  | { readonly kind: 'worker_timed_out'; readonly worker: string; readonly timeoutSeconds: number }
  | { readonly kind: 'worker_report_invalid'; readonly worker: string; readonly problem: string };

/** Whatever may be told to `onError`. */
export type MetricsError =
  | DefinitionError
  | RecordingError
  | CollectError
  | StorageError
  | ExpositionParseError
  | QueryError
  | AlertError
  | JobError
  | HttpError
  | ClusterError
  | UnreadError;
