// What a FileStorage can be told, with its defaults and bounds, and what follows from them for the size of its files.
import { type Clock, systemClock } from '../../lib/clock.js';
import { MetricDefinitionError, type StorageError } from '../../lib/errors.js';

/** When written snapshots are brought from the system's memory to the disk; a crash of the process loses none either way. */
export type FsyncPolicy = 'always' | 'never' | { readonly everySeconds: number };

export interface FileStorageOptions {
  /** The folder that holds the segments. It is made if there is none, and belongs to one writer at a time. */
  readonly directory: string;
  /** Default `{ everySeconds: 1 }`: a power failure loses at most the last second. */
  readonly fsync?: FsyncPolicy;
  /** Whether the last snapshot is read when the folder is opened, for `restore()`. Default false. */
  readonly restore?: boolean;
  /** How long samples are kept, by their time stamps against the clock. Greater than 0, may be Infinity. Default 15 days. */
  readonly retentionSeconds?: number;
  /** How much disk the files may take; the oldest go first, and the newest stays in any case. Default 1 GiB. */
  readonly maxBytes?: number;
  /** Hears of damage, once per place, and of what fails in the background. What it throws is dropped. */
  readonly onError?: (error: StorageError) => void;
  /** Tells this storage from others in figures and errors. Default 'file'. */
  readonly name?: string;
  readonly clock?: Clock;
}

export interface FileSettings {
  readonly directory: string;
  readonly name: string;
  readonly fsync: FsyncPolicy;
  readonly restore: boolean;
  readonly retentionMs: number;
  readonly maxBytes: number;
  readonly onError: (error: StorageError) => void;
  readonly clock: Clock;
  /** A segment is complete when it has this many bytes, or spans this much time. */
  readonly segmentBytes: number;
  readonly segmentMs: number;
}

const DEFAULT_RETENTION_SECONDS = 15 * 24 * 3600;
const DEFAULT_MAX_BYTES = 1024 ** 3;
const MOST_SEGMENT_BYTES = 16 * 1024 * 1024;
/** Whole segments are dropped, so that one is a small part of what is kept. */
const SEGMENTS_KEPT = 16;

/** Throws a `MetricDefinitionError` (`invalid_option`) for an option that makes no sense. */
export function fileSettings(options: FileStorageOptions): FileSettings {
  const { directory, name = 'file', fsync = { everySeconds: 1 }, restore = false, clock = systemClock } = options;
  const { retentionSeconds = DEFAULT_RETENTION_SECONDS, maxBytes = DEFAULT_MAX_BYTES, onError = () => {} } = options;
  const isText = (value: unknown) => typeof value === 'string' && value !== '' && !value.includes('\0');
  check('directory', directory, isText(directory), 'Give the path of a folder.');
  check('name', name, isText(name), 'Give a text that is not empty.');
  check('fsync', fsync, isPolicy(fsync), "Give 'always', 'never' or { everySeconds } with a number greater than 0.");
  check('restore', restore, typeof restore === 'boolean', 'Give true or false.');
  check('onError', onError, typeof onError === 'function', 'Give a function.');
  check('retentionSeconds', retentionSeconds, isPositive(retentionSeconds), POSITIVE);
  check('maxBytes', maxBytes, isPositive(maxBytes), POSITIVE);
  const retentionMs = retentionSeconds * 1000;
  return {
    directory,
    name,
    fsync,
    restore,
    retentionMs,
    maxBytes,
    onError,
    clock,
    segmentBytes: Math.min(MOST_SEGMENT_BYTES, maxBytes / SEGMENTS_KEPT),
    segmentMs: retentionMs / SEGMENTS_KEPT,
  };
}

const POSITIVE = 'Give a number greater than 0, or Infinity for no limit.';

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0;
}

function isPolicy(value: unknown): boolean {
  if (value === 'always' || value === 'never') return true;
  const seconds = (value as { readonly everySeconds?: unknown } | null)?.everySeconds;
  return isPositive(seconds) && (seconds as number) <= 86_400;
}

function check(option: string, value: unknown, isValid: boolean, rule: string): void {
  if (isValid) return;
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
  throw new MetricDefinitionError({ kind: 'invalid_option', option, value: shown ?? 'undefined', rule });
}
