// The pages that there are: a row for a new series is taken from one that has room, and a page goes with its last row.
import type { Budget } from '../budget.js';
import { Page } from './page.js';

export class PagePool {
  readonly #budget: Budget;
  /** By id; ids of pages that went are taken again. */
  readonly #pages: (Page | undefined)[] = [];
  readonly #freeIds: number[] = [];
  /** Pages with room, per width. */
  readonly #roomy = new Map<number, Set<Page>>();

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  get pages(): readonly (Page | undefined)[] {
    return this.#pages;
  }

  /** What taking a row of this width would add to memory. */
  bytesToTake(width: number): number {
    return this.#withRoom(width) === undefined ? Page.bytesFor(width) : 0;
  }

  /** A page with room for one more row of this width. */
  pageFor(width: number): Page {
    const roomy = this.#withRoom(width);
    if (roomy !== undefined) return roomy;
    const page = new Page(this.#freeIds.pop() ?? this.#pages.length, width);
    this.#pages[page.id] = page;
    this.#budget.take(Page.bytesFor(width));
    this.#roomyOf(width).add(page);
    return page;
  }

  take(page: Page): number {
    const row = page.take();
    if (page.isFull) this.#roomyOf(page.width).delete(page);
    return row;
  }

  give(page: Page, row: number): void {
    page.give(row);
    if (!page.isEmpty) {
      this.#roomyOf(page.width).add(page);
      return;
    }
    this.#roomyOf(page.width).delete(page);
    this.#pages[page.id] = undefined;
    this.#freeIds.push(page.id);
    this.#budget.give(Page.bytesFor(page.width));
  }

  /** Forgets which rows were in which snapshot: the next generation begins. */
  clearPresence(): void {
    for (const page of this.#pages) page?.keep(0);
  }

  #withRoom(width: number): Page | undefined {
    return this.#roomy.get(width)?.values().next().value;
  }

  #roomyOf(width: number): Set<Page> {
    let pages = this.#roomy.get(width);
    if (pages === undefined) {
      pages = new Set();
      this.#roomy.set(width, pages);
    }
    return pages;
  }
}
