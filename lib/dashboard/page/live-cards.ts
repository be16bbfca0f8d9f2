// Keeps the cards that can be seen up to date, a few queries at a time. Cards out of sight ask for nothing, so a page with hundreds of
// metrics costs as much as what is on the screen.
import type { PanelCard } from './panel-card.js';
import type { Asking } from './panel-data.js';
import type { QueryApi } from './query-api.js';

const AT_A_TIME = 4;

export class LiveCards {
  readonly #api: QueryApi;
  readonly #asking: () => Asking;
  readonly #onReach: (isReached: boolean) => void;
  readonly #cards = new Map<Element, PanelCard>();
  readonly #visible = new Set<PanelCard>();
  readonly #seen: IntersectionObserver;
  readonly #sized: ResizeObserver;
  readonly #waiting = new Set<PanelCard>();
  #running = 0;

  constructor(api: QueryApi, asking: () => Asking, onReach: (isReached: boolean) => void) {
    this.#api = api;
    this.#asking = asking;
    this.#onReach = onReach;
    this.#seen = new IntersectionObserver((entries) => this.#onSeen(entries), { rootMargin: '150px' });
    this.#sized = new ResizeObserver((entries) => {
      for (const { target } of entries) this.#cards.get(target)?.resize();
    });
    document.addEventListener('themechange', () => {
      for (const card of this.#cards.values()) card.retheme();
    });
  }

  add(card: PanelCard): void {
    this.#cards.set(card.element, card);
    this.#seen.observe(card.element);
    this.#sized.observe(card.element);
  }

  remove(card: PanelCard): void {
    this.#cards.delete(card.element);
    this.#visible.delete(card);
    this.#waiting.delete(card);
    this.#seen.unobserve(card.element);
    this.#sized.unobserve(card.element);
    card.destroy();
  }

  clear(): void {
    for (const card of [...this.#cards.values()]) this.remove(card);
  }

  /** Asks for what is new, of everything that can be seen. */
  refresh(): void {
    for (const card of this.#visible) this.#waiting.add(card);
    this.#next();
  }

  #onSeen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const card = this.#cards.get(target);
      if (card === undefined) continue;
      if (isIntersecting) {
        this.#visible.add(card);
        this.#waiting.add(card);
      } else {
        this.#visible.delete(card);
        this.#waiting.delete(card);
      }
    }
    this.#next();
  }

  #next(): void {
    for (const card of this.#waiting) {
      if (this.#running >= AT_A_TIME) return;
      // It is asked again when its answer is there.
      if (card.isBusy) continue;
      this.#waiting.delete(card);
      this.#running++;
      void card.refresh(this.#api, this.#asking()).then((isReached) => {
        this.#running--;
        this.#onReach(isReached);
        this.#next();
      });
    }
  }
}
