// Collecting every so many seconds: keeps its rhythm, survives a failing target, never runs twice at a time, and does not
// keep the process alive.
import { ResultAsync } from 'neverthrow';
import type { Clock } from '../clock.js';
import type { CollectError, StorageError } from '../errors.js';

type Store = () => ResultAsync<number, CollectError | StorageError>;

/** A running collection. */
export interface Collecting {
  /** Stops, and stores once more what there is by then. Answers the number of samples of that last write. */
  stop(): ResultAsync<number, CollectError | StorageError>;
}

export interface PeriodicOptions {
  readonly intervalSeconds: number;
  /** Timers run in real time, so it has to be a clock that does. */
  readonly clock: Clock;
  readonly store: Store;
  /** Stores once more before the end, at once, whatever happened before. */
  readonly flush: Store;
  /** Hears of stores that failed. */
  readonly tell: (error: CollectError | StorageError) => void;
  /** So many were due while one was still running, or the process itself was held up. */
  readonly skipped: (count: number) => void;
}

/** After a failure the next attempt comes earlier than its turn: after this time, then twice as long, and so on. */
const FIRST_RETRY_SECONDS = 1;
/** Attempts are spread by up to this share of the wait, so that services which failed together do not retry together. */
const JITTER = 0.25;

export class PeriodicCollection implements Collecting {
  readonly #options: PeriodicOptions;
  readonly #startedAt: number;
  /** The tick that comes next, counted from the start. */
  #tick = 0;
  #timer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #retrySeconds = FIRST_RETRY_SECONDS;
  #running: Promise<void> | undefined;
  #stopped: ResultAsync<number, CollectError | StorageError> | undefined;

  constructor(options: PeriodicOptions) {
    this.#options = options;
    this.#startedAt = options.clock.monotonic();
    this.#schedule();
  }

  stop(): ResultAsync<number, CollectError | StorageError> {
    if (this.#stopped === undefined) {
      clearTimeout(this.#timer);
      clearTimeout(this.#retryTimer);
      const flushed = Promise.resolve(this.#running).then(() => this.#options.flush());
      this.#stopped = new ResultAsync(flushed);
    }
    return this.#stopped;
  }

  /** Ticks are multiples of the interval since the start, so that neither slow timers nor long stores add up to a drift. */
  #schedule(): void {
    const { clock, intervalSeconds } = this.#options;
    const elapsed = clock.monotonic() - this.#startedAt;
    const missed = Math.max(0, Math.floor(elapsed / intervalSeconds) - this.#tick);
    if (missed > 0) this.#options.skipped(missed);
    this.#tick += missed + 1;
    const waitMs = (this.#tick * intervalSeconds - elapsed) * 1000;
    this.#timer = setTimeout(() => this.#due(), Math.max(0, waitMs)).unref();
  }

  #due(): void {
    this.#schedule();
    if (this.#running !== undefined) this.#options.skipped(1);
    else this.#run();
  }

  #run(): void {
    clearTimeout(this.#retryTimer);
    this.#running = this.#storeOnce().finally(() => {
      this.#running = undefined;
    });
  }

  async #storeOnce(): Promise<void> {
    const stored = await this.#options.store();
    if (stored.isOk()) {
      this.#retrySeconds = FIRST_RETRY_SECONDS;
      return;
    }
    this.#options.tell(stored.error);
    // A storage that is left alone on purpose gets its next attempt with the next tick.
    if (stored.error.kind !== 'circuit_open') this.#retry();
  }

  /** Tries again before the next tick, with a snapshot of then: totals lose nothing by that, and nothing is stored twice. */
  #retry(): void {
    const { clock, intervalSeconds } = this.#options;
    const waitSeconds = this.#retrySeconds * (1 - JITTER * Math.random());
    this.#retrySeconds = Math.min(this.#retrySeconds * 2, intervalSeconds);
    const untilTick = this.#tick * intervalSeconds - (clock.monotonic() - this.#startedAt);
    if (this.#stopped !== undefined || waitSeconds >= untilTick) return;
    this.#retryTimer = setTimeout(() => {
      if (this.#running === undefined) this.#run();
    }, waitSeconds * 1000).unref();
  }
}
