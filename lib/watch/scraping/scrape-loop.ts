// Scrapes one target again and again. Each target has a loop of its own, at its own place within the interval: a target that
// hangs holds up nobody, and many do not come all at once.
import type { Clock } from '../../clock.js';
import type { Snapshot } from '../../model/family.js';
import { PageMemory } from './page-memory.js';
import { describeScrapeError, type ScrapeError } from './scrape-error.js';
import { reporterFor, type ScrapeReport } from './scrape-report.js';
import type { Scraper } from './scraper.js';
import { type Target, targetShare } from './target.js';

/** How it is with a target. */
export interface TargetHealth {
  readonly health: 'unknown' | 'up' | 'down';
  /** When the last scrape began; 0 before the first one. */
  readonly lastScrapeMs: number;
  readonly lastDurationSeconds: number;
  /** Empty when the last scrape succeeded. */
  readonly lastError: string;
}

export interface ScrapeLoopOptions {
  readonly scraper: Scraper;
  readonly intervalSeconds: number;
  /** Timers run in real time, so it has to be a clock that does. */
  readonly clock: Clock;
  /** Takes what each scrape gave. Never rejects. */
  readonly store: (snapshot: Snapshot) => Promise<void>;
  /** Hears of every scrape. */
  readonly told: (target: Target, report: ScrapeReport, error: ScrapeError | undefined) => void;
}

const FIRST_MS = 1000;
const EARLY_MS = 20;

export class ScrapeLoop {
  readonly target: Target;
  readonly #options: ScrapeLoopOptions;
  readonly #memory: PageMemory;
  readonly #reportFamilies: ReturnType<typeof reporterFor>;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;
  #health: TargetHealth = { health: 'unknown', lastScrapeMs: 0, lastDurationSeconds: 0, lastError: '' };
  #last: Snapshot | undefined;

  constructor(options: ScrapeLoopOptions) {
    this.#options = options;
    this.target = options.scraper.target;
    this.#memory = new PageMemory(this.target);
    this.#reportFamilies = reporterFor(this.target);
  }

  get health(): TargetHealth {
    return this.#health;
  }

  /** What the last scrape gave. */
  get last(): Snapshot | undefined {
    return this.#last;
  }

  /** The first scrape comes within a second, whatever the interval: somebody waits for it. */
  start(): void {
    this.#timer = setTimeout(() => this.#turn(), targetShare(this.target) * FIRST_MS);
  }

  /** Scrapes once and stores what that gave. Never rejects. */
  async scrapeOnce(): Promise<void> {
    const { clock, scraper, store, told } = this.#options;
    const [timestampMs, startedAt] = [clock.now(), clock.monotonic()];
    const answer = await scraper.scrape();
    // What was cut off because the station ends says nothing about the target.
    if (this.#isStopped) return;
    const durationSeconds = clock.monotonic() - startedAt;
    if (answer.isErr()) this.#memory.forget();
    const { families, ...counts } = answer.isOk()
      ? this.#memory.label(answer.value)
      : { families: [], sampleCount: 0, addedCount: 0 };
    const report = { isUp: answer.isOk(), durationSeconds, ...counts };
    this.#health = {
      health: report.isUp ? 'up' : 'down',
      lastScrapeMs: timestampMs,
      lastDurationSeconds: durationSeconds,
      lastError: answer.isOk() ? '' : describeScrapeError(answer.error),
    };
    this.#last = { timestampMs, families: [...families, ...this.#reportFamilies(report)] };
    await store(this.#last);
    told(this.target, report, answer.isErr() ? answer.error : undefined);
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#options.scraper.close();
    await this.#running;
  }

  #turn(): void {
    // A scrape has an end before its next turn, but storing what it gave may be slow.
    if (this.#running === undefined) {
      this.#running = this.scrapeOnce().finally(() => {
        this.#running = undefined;
      });
    }
    this.#schedule();
  }

  #schedule(): void {
    const { clock, intervalSeconds } = this.#options;
    if (this.#isStopped) return;
    // Timers may be early: the turn that is now must not come again.
    const nowMs = clock.now() + EARLY_MS;
    const waitMs = untilTurnMs(nowMs, intervalSeconds * 1000, targetShare(this.target)) + EARLY_MS;
    this.#timer = setTimeout(() => this.#turn(), waitMs);
  }
}

/**
 * How long it is until a target's next turn: turns come at the same place of every interval, counted from the epoch, so that a
 * restart keeps the distances between samples.
 */
export function untilTurnMs(nowMs: number, intervalMs: number, share: number): number {
  const offsetMs = Math.floor(share * intervalMs);
  const sinceTurnMs = (((nowMs - offsetMs) % intervalMs) + intervalMs) % intervalMs;
  return intervalMs - sinceTurnMs;
}
