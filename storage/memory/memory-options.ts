// What a MemoryStorage can be told, with its defaults and bounds.
import { type Clock, systemClock } from '../../lib/clock.js';
import { MetricDefinitionError } from '../../lib/errors.js';

export interface MemoryStorageOptions {
  /** How long samples are kept, by their time stamps against the clock. Greater than 0, may be Infinity. Default 3600. */
  readonly retentionSeconds?: number;
  /** How much memory the storage may take, label sets and indexes included. Greater than 0, may be Infinity. Default 256 MiB. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
}

export interface MemorySettings {
  readonly retentionMs: number;
  readonly maxBytes: number;
  readonly clock: Clock;
}

const DEFAULT_RETENTION_SECONDS = 3600;
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/** Throws a `MetricDefinitionError` (`invalid_option`) for a limit that is not a positive number. */
export function memorySettings(options: MemoryStorageOptions): MemorySettings {
  const { retentionSeconds = DEFAULT_RETENTION_SECONDS, maxBytes = DEFAULT_MAX_BYTES, clock = systemClock } = options;
  requirePositive('retentionSeconds', retentionSeconds);
  requirePositive('maxBytes', maxBytes);
  return { retentionMs: retentionSeconds * 1000, maxBytes, clock };
}

function requirePositive(option: string, value: number): void {
  if (typeof value === 'number' && value > 0) return;
  const rule = 'Give a number greater than 0, or Infinity for no limit.';
  throw new MetricDefinitionError({ kind: 'invalid_option', option, value: String(value), rule });
}
