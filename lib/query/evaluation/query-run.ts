// One query on its way through the engine: what it reads from, what it may use, how long it may take, and whether anybody
// still waits for it. All parts of its evaluation share this.
import type { Clock } from '../../clock.js';
import { Pace } from '../../model/pace.js';
import type { Queryable } from '../../model/storage.js';
import type { Annotations } from './annotations.js';
import { QueryFailure } from './query-failure.js';

/** How long a query works before others get a turn. */
const TURN_MS = 2;
/** Operations go through the steps of a series without a pause: with more than these, 30 days at 15 s, they would hold the event loop. */
const MOST_STEPS = 200_000;

export interface RunSettings {
  readonly queryable: Queryable;
  readonly lookbackMs: number;
  /** The step of subqueries that give none. */
  readonly subqueryStepMs: number;
  readonly maxSamples: number;
  readonly timeoutSeconds: number;
  readonly clock: Clock;
}

export interface RunOptions {
  readonly settings: RunSettings;
  /** The range that `start()` and `end()` mean. */
  readonly startMs: number;
  readonly endMs: number;
  readonly annotations: Annotations;
  readonly signal?: AbortSignal | undefined;
  /** When the time is up, by the clock's monotonic reading in seconds. */
  readonly deadline: number;
}

export class QueryRun {
  readonly settings: RunSettings;
  readonly startMs: number;
  readonly endMs: number;
  readonly annotations: Annotations;
  readonly pace = new Pace(TURN_MS);
  readonly #signal: AbortSignal | undefined;
  readonly #deadline: number;
  #samples = 0;

  constructor({ settings, startMs, endMs, annotations, signal, deadline }: RunOptions) {
    this.settings = settings;
    this.startMs = startMs;
    this.endMs = endMs;
    this.annotations = annotations;
    this.#signal = signal;
    this.#deadline = deadline;
  }

  /** Lets others have a turn, and gives up where the query is no longer wanted or out of time. */
  async pause(): Promise<void> {
    await this.pace.pause();
    this.check();
  }

  /** Throws `cancelled` or `timed_out`. */
  check(): void {
    if (this.#signal?.aborted === true) throw new QueryFailure({ kind: 'cancelled' });
    const { clock, timeoutSeconds } = this.settings;
    if (clock.monotonic() >= this.#deadline) throw new QueryFailure({ kind: 'timed_out', timeoutSeconds });
  }

  /** Takes as many samples into account, and throws `limit_exceeded` when they are more than there may be at one time. */
  keep(samples: number): void {
    this.#samples += samples;
    this.#checkSamples(this.#samples);
  }

  /** They are no longer in memory. */
  release(samples: number): void {
    this.#samples -= samples;
  }

  /** As `keep`, for samples that are needed for a moment only. */
  touch(samples: number): void {
    this.#checkSamples(this.#samples + samples);
  }

  /** Throws `limit_exceeded` for more steps than a range or a subquery may have, before anything is kept for them. */
  checkSteps(steps: number): void {
    this.touch(steps);
    if (steps <= MOST_STEPS) return;
    const limit = 'the number of steps of a range or a subquery';
    throw new QueryFailure({ kind: 'limit_exceeded', limit, allowed: MOST_STEPS });
  }

  #checkSamples(samples: number): void {
    const { maxSamples } = this.settings;
    if (samples > maxSamples)
      throw new QueryFailure({ kind: 'limit_exceeded', limit: 'maxSamples', allowed: maxSamples });
  }
}
