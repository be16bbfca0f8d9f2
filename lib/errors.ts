// Every kind of error there is, as plain objects in discriminated unions, one union per operation. They live together
// so that a caller can switch over `kind` exhaustively and `describe` can speak of all of them in one voice.

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
  | { readonly kind: 'circuit_open'; readonly target: string; readonly retryInSeconds: number }
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

/** A programmer's error while defining a metric. Carries the details of its `DefinitionError` in `detail`. */
export class MetricDefinitionError extends Error {
  readonly kind: DefinitionError['kind'];
  readonly detail: DefinitionError;

  constructor(detail: DefinitionError) {
    super(describe(detail));
    this.name = 'MetricDefinitionError';
    this.kind = detail.kind;
    this.detail = detail;
  }
}

/** Thrown by recordings in strict mode only, so that tests see what production counts. */
export class MetricRecordingError extends Error {
  readonly kind: RecordingError['kind'];
  readonly detail: RecordingError;

  constructor(detail: RecordingError) {
    super(describe(detail));
    this.name = 'MetricRecordingError';
    this.kind = detail.kind;
    this.detail = detail;
  }
}

/**
 * Says in whole sentences what happened and what to do about it.
 *
 * @example
 * describe({ kind: 'address_in_use', host: '127.0.0.1', port: 9464 })
 * // Port 9464 on 127.0.0.1 is taken by another program. Stop that program or choose another port.
 */
export function describe(error: MetricsError): string {
  switch (error.kind) {
    case 'invalid_metric_name':
    case 'invalid_label_name':
    case 'reserved_label':
    case 'invalid_buckets':
    case 'invalid_quantiles':
    case 'invalid_unit':
    case 'invalid_option':
    case 'invalid_grouping_key':
    case 'family_conflict':
      return describeDefinition(error);
    case 'invalid_value':
    case 'label_mismatch':
    case 'invalid_label_value':
    case 'cardinality_exceeded':
    case 'invalid_exemplar':
      return describeRecording(error);
    case 'collect_failed':
      return `The collect callback of ${error.metric} failed: ${causeText(error.cause)}. The family is left out of this reading; make the callback handle its own errors.`;
    case 'collect_timed_out':
      return `The collect callback of ${error.metric} did not finish within ${error.timeoutSeconds} s. The family is left out of this reading; make the callback faster or serve it from a cached value.`;
    case 'source_failed':
      return `The attached source ${shorten(error.source)} failed: ${causeText(error.cause)}. What it could not give is left out of this reading; correct what it names, or detach the source.`;
    case 'source_timed_out':
      return `The attached source ${shorten(error.source)} did not answer within ${error.timeoutSeconds} s. It is left out of this reading; make it faster, or detach it.`;
    case 'registries_unread':
      return `Metrics in the global registry of ${error.registries.map(shorten).join(' and of ')} are shown by no reading of this collector. Attach the registry to it, or, where the package is there several times, make it one with npm dedupe or overrides.`;
    case 'job_failed':
      return `The job ${shorten(error.job)} failed: ${causeText(error.cause)}. Its metrics say so as well; correct what it names and run the job again.`;
    case 'job_interrupted':
      if (error.signal === 'beforeExit')
        return `The job ${shorten(error.job)} waited for something that never came, and the process had nothing left to do. Its metrics count it as failed; look for a promise that nobody settles.`;
      return `The job ${shorten(error.job)} was interrupted by ${error.signal} before it ended. Its metrics count it as failed; run it again.`;
    case 'worker_timed_out':
      return `The worker ${shorten(error.worker)} did not answer within ${error.timeoutSeconds} s. Readings go on with what it told last, and wait for it no more until it answers; look at what keeps its event loop.`;
    case 'worker_report_invalid':
      return `What the worker ${shorten(error.worker)} sent cannot be taken: ${error.problem}. Give gatherer and workers the same version of telltale.`;
    case 'address_in_use':
    case 'address_unavailable':
    case 'not_acceptable':
    case 'unauthorized':
    case 'scrape_failed':
      return describeHttp(error);
    case 'parse_error':
    case 'type_mismatch':
    case 'unsupported':
    case 'evaluation_failed':
    case 'select_failed':
    case 'limit_exceeded':
    case 'timed_out':
    case 'cancelled':
      return describeQuery(error);
    case 'invalid_rules':
    case 'rules_unreadable':
    case 'rule_failed':
    case 'template_failed':
    case 'notify_failed':
    case 'notify_refused':
    case 'alerts_dropped':
    case 'notifier_closed':
      return describeAlert(error);
    case 'malformed_exposition':
    case 'exposition_too_large':
    case 'unreadable_exposition':
      return describeExposition(error);
    default:
      return describeStorage(error);
  }
}

function describeDefinition(error: DefinitionError): string {
  switch (error.kind) {
    case 'invalid_metric_name':
      return `"${shorten(error.metric)}" is no valid metric name. ${error.rule}`;
    case 'invalid_label_name':
      return `"${shorten(error.label)}" is no valid label name for ${shorten(error.metric)}. ${error.rule}`;
    case 'reserved_label':
      return `The label "${shorten(error.label)}" of ${shorten(error.metric)} is reserved. ${error.rule}`;
    case 'invalid_buckets':
      return `The buckets of ${shorten(error.metric)} are invalid (${error.value}). ${error.rule}`;
    case 'invalid_quantiles':
      return `The quantiles of ${shorten(error.metric)} are invalid (${error.value}). ${error.rule}`;
    case 'invalid_unit':
      return `The unit "${shorten(error.unit)}" does not fit ${shorten(error.metric)}. ${error.rule}`;
    case 'invalid_option':
      return `The option ${error.option} is invalid (${shorten(error.value)}). ${error.rule}`;
    case 'invalid_grouping_key':
      return `The grouping label "${shorten(error.label)}" is invalid. ${error.rule}`;
    case 'family_conflict':
      return `The metric ${shorten(error.metric)} is defined already as ${error.existing}, and cannot be defined again as ${error.requested}. ${error.resolution}`;
  }
}

function describeRecording(error: RecordingError): string {
  switch (error.kind) {
    case 'invalid_value':
      return `${error.metric} was given ${error.value} (${error.reason}), which it does not take. Nothing was recorded; check the amount before recording it.`;
    case 'label_mismatch':
      return `${error.metric} expects the labels ${error.expected}, but was given ${error.given}. Nothing was recorded; pass exactly the labels that it was defined with.`;
    case 'invalid_label_value':
      return `The label ${error.label} of ${error.metric} was given a value that it does not take. ${error.rule} Nothing was recorded.`;
    case 'cardinality_exceeded':
      return `${error.metric} reached its limit of ${error.limit} series; further label sets are counted together in the series otel_metric_overflow="true". Use fewer label values, or raise limits.maxSeriesPerMetric.`;
    case 'invalid_exemplar':
      return `The exemplar given to ${error.metric} cannot be taken. ${error.rule} It is left out; the recording itself counts.`;
  }
}

function describeHttp(error: HttpError): string {
  switch (error.kind) {
    case 'address_in_use':
      return `Port ${error.port} on ${error.host} is taken by another program. Stop that program or choose another port.`;
    case 'address_unavailable':
      return `Cannot listen on ${error.host}:${error.port}: ${causeText(error.cause)}. Choose an address of this machine and a port that this user may open.`;
    case 'not_acceptable':
      return `None of the formats asked for ("${shorten(error.accept)}") is available. Ask for text/plain or application/openmetrics-text.`;
    case 'unauthorized':
      return 'The request carried no valid credentials. Send the bearer token, or the user name and password, that the endpoint was set up with.';
    case 'scrape_failed':
      return `The metrics could not be written: ${causeText(error.cause)}. The scraper got an error instead of a part of them; if the cause is none of yours, report it.`;
  }
}

function describeExposition(error: ExpositionParseError): string {
  switch (error.kind) {
    case 'malformed_exposition':
      return `The exposition is malformed at line ${error.line}, column ${error.column}: ${shorten(error.problem)} Nothing is taken from such a text; correct whoever wrote it, or read it in the format that it is in.`;
    case 'exposition_too_large':
      return `The exposition exceeds ${error.limit} (${error.allowed}) at line ${error.line}, column ${error.column}. Raise that limit if the text comes from someone you trust.`;
    case 'unreadable_exposition':
      return `The exposition could not be read to its end: ${causeText(error.cause)}. Check where it comes from, and read it again.`;
  }
}

function describeQuery(error: QueryError): string {
  switch (error.kind) {
    case 'parse_error':
      return `The query cannot be read at line ${error.line}, column ${error.column}: ${shorten(error.problem)}. Correct it there.`;
    case 'type_mismatch':
      return `The query has a wrong type at line ${error.line}, column ${error.column}: ${shorten(error.problem)}.`;
    case 'unsupported':
      return `The query uses ${shorten(error.feature)} at line ${error.line}, column ${error.column}, which Prometheus has as an experiment only. Write it without.`;
    case 'evaluation_failed':
      return `The query cannot be answered: ${shorten(error.problem)}.`;
    case 'select_failed':
      return `The query could not read its samples. ${describe(error.cause)}`;
    case 'limit_exceeded':
      return `The query needs more than ${error.limit} allows (${error.allowed}). Ask for fewer series, a shorter range or a longer step; write it shorter; or raise the limit where it is an option.`;
    case 'timed_out':
      return `The query was not answered within ${error.timeoutSeconds} s. Ask for fewer series, a shorter range or a longer step, or allow more time.`;
    case 'cancelled':
      return 'The query was cancelled before it was answered. Ask again if the answer is still wanted.';
  }
}

function describeAlert(error: AlertError): string {
  switch (error.kind) {
    case 'invalid_rules': {
      const [first] = error.problems;
      const others = error.problems.length > 1 ? ` (and ${error.problems.length - 1} more)` : '';
      const place =
        first === undefined ? '' : ` at line ${first.line}, column ${first.column}: ${shorten(first.problem)}${others}`;
      return `The rules${error.file === undefined ? '' : ` in ${error.file}`} are invalid${place}. Nothing of it is taken; correct what is named.`;
    }
    case 'rules_unreadable':
      return `The rule file ${error.file} cannot be read: ${causeText(error.cause)}. Nothing of it is taken; check that it is there and may be read.`;
    case 'rule_failed':
      return `The rule ${shorten(error.rule)} of the group ${shorten(error.group)} could not be evaluated: ${shorten(error.problem)}. Its alerts and series stay as they were; it is evaluated again with the next turn of its group.`;
    case 'template_failed':
      return `A template of the rule ${shorten(error.rule)} in the group ${shorten(error.group)} failed: ${shorten(error.problem)}. The alert stands all the same and says so in its place; correct the template.`;
    case 'notify_failed':
      return `${error.notifier} could not tell ${error.target} of alerts: ${causeText(error.cause)}. It is tried again by itself; check the address and that the receiver runs.`;
    case 'notify_refused':
      return `${error.target} refused the alerts of ${error.notifier} with status ${error.status}: ${shorten(error.body)}. Correct what it names; sending the same again will not help.`;
    case 'alerts_dropped':
      return `${error.notifier} remembers ${error.limit} alerts already: ${error.dropped} more were told to nobody. Write rules that put fewer labels on their alerts, or raise its maxAlerts.`;
    case 'notifier_closed':
      return `The notifier ${error.notifier} is closed and told nobody of these alerts. Create a new one to go on.`;
  }
}

function describeStorage(error: Exclude<StorageError, GroupingKeyError>): string {
  switch (error.kind) {
    case 'push_unreachable':
      return `${error.target} cannot be reached: ${causeText(error.cause)}. Check the URL and that the server runs.`;
    case 'push_timed_out':
      return `${error.target} did not answer within ${error.timeoutMs} ms. Check its load, or raise the time limit.`;
    case 'push_rejected':
      return `${error.target} refused the push with status ${error.status}: ${shorten(error.body)}. ${
        error.status >= 500 || error.status === 429
          ? 'It may take it later; look at its log and its load.'
          : 'Correct what it names; sending the same again will not help.'
      }`;
    case 'circuit_open':
      return `${error.target} failed repeatedly and is left alone for another ${error.retryInSeconds} s. It is tried again by itself.`;
    case 'queue_full':
      return `The queue of ${error.storage} is full: ${error.droppedSamples} samples of the oldest snapshot were given up. Check its target, or allow a longer queue.`;
    case 'fan_out_failed':
      return `${error.failures.length} of ${error.storages} storages did not take the snapshot. ${error.failures
        .map(({ storage, error: cause }) => `${storage}: ${describe(cause)}`)
        .join(' ')}`;
    case 'file_unwritable':
      return `${error.file} cannot be written: ${causeText(error.cause)}. Check free space and permissions; writing is tried again with the next snapshot.`;
    case 'file_unreadable':
      return `${error.file} cannot be read: ${causeText(error.cause)}. Check that it is there, and that this process may read it.`;
    case 'file_corrupt':
      return `${error.file} is damaged at byte ${error.offset}: ${error.problem}. The rest stays readable; keep a copy before removing the file.`;
    case 'file_locked':
      return `${error.file} is in use by the process ${error.pid}. Give every process a folder of its own.`;
    case 'storage_timed_out':
      return `The storage ${error.storage} did not finish within ${error.timeoutSeconds} s. ${
        error.lostSamples === undefined
          ? 'Whatever it had not taken by then may be missing'
          : `${error.lostSamples} samples that it had not sent by then are lost`
      }; check its target, or allow more time.`;
    case 'storage_closed':
      return `The storage ${error.storage} is closed. Create a new one to go on.`;
    case 'storage_failed':
      return `The storage ${error.storage} failed: ${causeText(error.cause)}. What it held stays readable; correct what it names, or report it.`;
    case 'invalid_matcher':
      return `The matcher of the label "${shorten(error.label)}" is invalid ("${shorten(error.value)}"). ${error.rule}`;
  }
}

/** Error texts quote what users gave, which can be 10 MB: never more than a line of it. */
function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}… (${text.length} characters)`;
}

/** Without the full stop that it may end with: the sentence around it has its own. */
function causeText(cause: unknown): string {
  if (cause instanceof Error) return shorten(cause.message || cause.name).replace(/\.$/, '');
  try {
    return shorten(String(cause)).replace(/\.$/, '');
  } catch {
    return 'an unprintable value';
  }
}
