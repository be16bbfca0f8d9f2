// Where everything that goes wrong ends up: counted for the dashboards, told to `onError` at most once a second per kind
// so that a flood of errors costs next to nothing, and never thrown at the caller outside strict mode.
import type { Clock } from '../clock.js';
import { MetricRecordingError, type MetricsError, type RecordingError } from '../errors.js';
import type { DropReason } from '../instruments/context.js';

const QUIET_SECONDS = 1;

export interface ReporterOptions {
  readonly clock: Clock;
  readonly onError: ((error: MetricsError) => void) | undefined;
  readonly strict: boolean;
  /** Counts a dropped recording. */
  readonly count: (reason: DropReason) => void;
}

export class Reporter {
  readonly #options: ReporterOptions;
  readonly #lastTold = new Map<MetricsError['kind'], number>();

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
    const last = this.#lastTold.get(error.kind);
    if (last !== undefined && now - last < QUIET_SECONDS) return false;
    this.#lastTold.set(error.kind, now);
    try {
      onError(error);
    } catch {
      // There is nobody left to tell: the listener for errors is itself what failed, and recording cannot fail its caller.
    }
    return true;
  }
}
