// What a RemoteWriteStorage can be told, with its defaults and bounds, checked and copied.
import { type Clock, systemClock } from '../../lib/clock.js';
import { MetricDefinitionError, type StorageError } from '../../lib/errors.js';
import { ESCAPINGS, type Escaping, isEscaping } from '../../lib/model/escaping.js';
import { isLabelName, isReservedLabelName, labelNameRule } from '../../lib/model/names.js';
import type { HttpTargetOptions } from '../delivery/http-options.js';

export interface RemoteWriteOptions extends HttpTargetOptions {
  /** Added to every series that does not have a label of this name itself, as Prometheus' `external_labels`. */
  readonly externalLabels?: Readonly<Record<string, string | number | boolean>>;
  /**
   * How names beyond the classic rule are sent. Default `underscores`: the protocol knows no others, and a Prometheus before
   * version 3 drops their series without a word. Prometheus 3 and Mimir take `allow-utf-8`.
   */
  readonly escaping?: Escaping;
  /** Default 2000. */
  readonly maxSamplesPerRequest?: number;
  /** Before compression. Default 1 MiB, at least 1024; a series that is longer goes alone. */
  readonly maxBytesPerRequest?: number;
  /** How much memory snapshots may take that wait to be sent; beyond it the oldest are given up. Default 64 MiB. */
  readonly maxQueueBytes?: number;
  /** How long to wait after a first failure, at most; twice as long after each further one. Default 30. */
  readonly minBackoffMs?: number;
  /** Default 5000, at most an hour. */
  readonly maxBackoffMs?: number;
  /** How long `close` may take to send what is queued. Default 5, at most a day. */
  readonly closeTimeoutSeconds?: number;
  /** Told of each kind of error once, until something was sent again. */
  readonly onError?: (error: StorageError) => void;
  readonly clock?: Clock;
  /** Default `remote-write`. */
  readonly name?: string;
}

export interface RemoteWriteSettings {
  readonly externalLabels: ReadonlyMap<string, string>;
  readonly escaping: Escaping;
  readonly maxSamplesPerRequest: number;
  readonly maxBytesPerRequest: number;
  readonly maxQueueBytes: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly closeTimeoutSeconds: number;
  readonly onError: ((error: StorageError) => void) | undefined;
  readonly clock: Clock;
  readonly name: string;
}

const MEBIBYTE = 1024 * 1024;

/** Throws a `MetricDefinitionError` (`invalid_option`, `invalid_label_name`, `reserved_label`). */
export function remoteWriteSettings(options: RemoteWriteOptions): RemoteWriteSettings {
  const { maxSamplesPerRequest = 2000, maxBytesPerRequest = MEBIBYTE, maxQueueBytes = 64 * MEBIBYTE } = options;
  const { minBackoffMs = 30, maxBackoffMs = Math.max(5000, minBackoffMs), closeTimeoutSeconds = 5 } = options;
  const { escaping = 'underscores' } = options;
  if (!isEscaping(escaping)) {
    const rule = `Give ${ESCAPINGS.join(' or ')}.`;
    throw new MetricDefinitionError({ kind: 'invalid_option', option: 'escaping', value: String(escaping), rule });
  }
  requireWithin('maxSamplesPerRequest', maxSamplesPerRequest, { from: 1, to: 1_000_000, whole: true });
  requireWithin('maxBytesPerRequest', maxBytesPerRequest, { from: 1024, to: 256 * MEBIBYTE, whole: true });
  requireWithin('maxQueueBytes', maxQueueBytes, { from: 1, to: Number.POSITIVE_INFINITY });
  requireWithin('minBackoffMs', minBackoffMs, { from: 1, to: 3_600_000 });
  requireWithin('maxBackoffMs', maxBackoffMs, { from: minBackoffMs, to: 3_600_000 });
  requireWithin('closeTimeoutSeconds', closeTimeoutSeconds, { from: 0.001, to: 86_400 });
  if (options.onError !== undefined && typeof options.onError !== 'function') {
    const rule = 'Give a function that is told of errors, or leave it out.';
    throw new MetricDefinitionError({ kind: 'invalid_option', option: 'onError', value: typeof options.onError, rule });
  }
  return {
    externalLabels: checkedLabels(options.externalLabels === undefined ? {} : options.externalLabels),
    escaping,
    maxSamplesPerRequest,
    maxBytesPerRequest,
    maxQueueBytes,
    minBackoffMs,
    maxBackoffMs,
    closeTimeoutSeconds,
    onError: options.onError,
    clock: options.clock ?? systemClock,
    name: options.name ?? 'remote-write',
  };
}

interface Bounds {
  readonly from: number;
  readonly to: number;
  readonly whole?: boolean;
}

function requireWithin(option: string, value: number, { from, to, whole = false }: Bounds): void {
  const fits = typeof value === 'number' && value >= from && value <= to && (!whole || Number.isInteger(value));
  if (fits) return;
  const limit = to === Number.POSITIVE_INFINITY ? `of at least ${from}` : `from ${from} to ${to}`;
  const rule = `Give a ${whole ? 'whole ' : ''}number ${limit}.`;
  throw new MetricDefinitionError({ kind: 'invalid_option', option, value: String(value), rule });
}

function checkedLabels(given: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const metric = 'externalLabels';
  if (typeof given !== 'object' || given === null) {
    const rule = 'Give an object of labels and values, or leave it out.';
    throw new MetricDefinitionError({ kind: 'invalid_option', option: metric, value: String(given), rule });
  }
  const labels = new Map<string, string>();
  for (const [label, value] of Object.entries(given)) {
    if (!isLabelName(label)) {
      throw new MetricDefinitionError({ kind: 'invalid_label_name', metric, label, rule: labelNameRule() });
    }
    if (isReservedLabelName(label)) {
      const rule = 'Names with two leading underscores belong to Prometheus.';
      throw new MetricDefinitionError({ kind: 'reserved_label', metric, label, rule });
    }
    if (!(typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))) {
      const rule = 'A value is a text, a finite number or a boolean.';
      throw new MetricDefinitionError({
        kind: 'invalid_option',
        option: `${metric}.${label}`,
        value: typeof value,
        rule,
      });
    }
    // An empty label is none.
    if (value !== '') labels.set(label, String(value));
  }
  return labels;
}
