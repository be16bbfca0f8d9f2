// Where everything that goes wrong ends up: counted for the dashboards, told to `onError` at most once a second per kind
// so that a flood of errors costs next to nothing (per kind and subject where one reading may find many), and never thrown
// at the caller outside strict mode.
import type { Clock } from '../clock.js';
import { MetricRecordingError, type MetricsError, type RecordingError } from '../errors.js';
import type { DropReason } from '../instruments/context.js';

const QUIET_SECONDS = 1;
/** Beyond so many, subjects of one kind share its second, so that names made up by somebody else cannot fill the memory. */
const MAX_SUBJECTS = 1000;

export interface ReporterOptions {
  readonly clock: Clock;
  readonly onError: ((error: MetricsError) => void) | undefined;
  readonly strict: boolean;
  /** Counts a dropped recording. */
  readonly count: (reason: DropReason) => void;
}

export class Reporter {
  readonly #options: ReporterOptions;
  /** By kind, or kind and subject. */
  readonly #lastTold = new Map<string, number>();

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  drop(reason: DropReason, error: MetricsError): void {
    this.#options.count(reason);
    this.tell(error);
    if (this.#options.strict) throw new MetricRecordingError(error as RecordingError);
  }

  /** Answers whether it was told. */
  tell(error: MetricsError): boolean {
    const { onError, clock } = this.#options;
    if (onError === undefined) return true;
    const now = clock.monotonic();
    const key = this.#keyOf(error);
    const last = this.#lastTold.get(key);
    if (last !== undefined && now - last < QUIET_SECONDS) return false;
    this.#lastTold.set(key, now);
    try {
      onError(error);
    } catch {
      // There is nobody left to tell: the listener for errors is itself what failed, and recording cannot fail its caller.
    }
    return true;
  }

  #keyOf(error: MetricsError): string {
    const subject = subjectOf(error);
    if (subject === undefined) return error.kind;
    const key = `${error.kind} ${subject}`;
    return this.#lastTold.has(key) || this.#lastTold.size < MAX_SUBJECTS ? key : error.kind;
  }
}

/** What errors are about that come together, one each, and would hide one another; drops have none, which come in floods. */
function subjectOf(error: MetricsError): string | undefined {
  switch (error.kind) {
    case 'family_conflict':
      return error.metric;
    case 'source_failed':
    case 'source_timed_out':
      return error.source;
    default:
      return undefined;
  }
}
