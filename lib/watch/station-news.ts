// What is worth a line on the screen: that a target went down, why, and that it is back; alerts; troubles. What goes on is not told
// again, or not too often.
import type { Clock } from '../clock.js';
import { describeScrapeError, type ScrapeError } from './scraping/scrape-error.js';
import type { Target } from './scraping/target.js';

/** Troubles of one kind are told this often at most, however many targets have them. */
const QUIET_SECONDS = 60;

export class StationNews {
  readonly #onNews: (sentence: string) => void;
  readonly #clock: Clock;
  /** Why each target that is down is so. */
  readonly #down = new Map<Target, string>();
  readonly #toldAt = new Map<string, number>();

  constructor(onNews: (sentence: string) => void, clock: Clock) {
    this.#onNews = onNews;
    this.#clock = clock;
  }

  tell(sentence: string): void {
    this.#onNews(sentence);
  }

  tellOfTarget(target: Target, error: ScrapeError | undefined): void {
    const reason = error === undefined ? undefined : describeScrapeError(error);
    const before = this.#down.get(target);
    if (reason === undefined) {
      if (before !== undefined) this.#onNews(`${target.url.href} is up again.`);
      this.#down.delete(target);
    } else if (error?.kind !== before) {
      this.#onNews(`${target.url.href} is down. ${reason}`);
      this.#down.set(target, error?.kind ?? '');
    }
  }

  /** Tells of a trouble unless one of its kind was told of a short time ago. */
  tellOnce(kind: string, sentence: string): void {
    const now = this.#clock.monotonic();
    if (now - (this.#toldAt.get(kind) ?? Number.NEGATIVE_INFINITY) < QUIET_SECONDS) return;
    this.#toldAt.set(kind, now);
    this.#onNews(sentence);
  }
}
