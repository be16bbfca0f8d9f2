// Errors as the rest of the library knows them: their kinds, the two that are thrown, and `describe`, which speaks of all of
// them in one voice.
import { describeAlert } from './errors/describe-alert.js';
import { describeDefinition, describeRecording } from './errors/describe-definition.js';
import { describeExposition } from './errors/describe-exposition.js';
import { describeHttp } from './errors/describe-http.js';
import { describeQuery } from './errors/describe-query.js';
import { describeStorage } from './errors/describe-storage.js';
import type { DefinitionError, MetricsError, RecordingError } from './errors/kinds.js';
import { causeText, shorten } from './errors/quoting.js';

export type {
  AlertError,
  ClusterError,
  CollectError,
  DefinitionError,
  ExpositionParseError,
  GroupingKeyError,
  HttpError,
  JobError,
  MetricsError,
  QueryError,
  RecordingError,
  SourceError,
  StorageError,
  UnreadError,
} from './errors/kinds.js';

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
