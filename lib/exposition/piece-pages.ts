// The memory behind rendered labels. Apart from what is rendered, because it has one concern of its own: to grow without ever
// moving much.
import { viewOf } from './bytes.js';

/** A location is the number of a page above this many bits, and an offset into the page below. */
export const PAGE_BITS = 22;
const PAGE_BYTES = 1 << PAGE_BITS;
export const OFFSET_MASK = PAGE_BYTES - 1;
const FIRST_PAGE_BYTES = 512;

/**
 * Up to 4 MB pieces are in one page, because copying from one place is faster, and that page grows by doubling. Beyond it,
 * pages are added and nothing is moved, so that a new piece costs its own bytes only, at a million pieces as with ten.
 */
export class PiecePages {
  // Public, because pieces are copied from here for every line.
  readonly views: DataView[];
  /** Where in the last page the next piece begins. */
  used = 0;
  #room = FIRST_PAGE_BYTES;

  /** With `only`, there is nothing but this page, which is complete. */
  constructor(only = viewOf(FIRST_PAGE_BYTES)) {
    this.views = [only];
  }

  /** The last page, made larger if it is the only one, or a further one. A piece longer than a page has one of its own. */
  pageFor(bytes: number): DataView {
    const last = this.views.length - 1;
    const page = this.views[last]!;
    const end = this.used + bytes;
    if (end <= this.#room && this.used < PAGE_BYTES) return page;
    if (last > 0 || end > PAGE_BYTES) return this.#add(bytes);
    this.#room = Math.min(PAGE_BYTES, Math.max(2 * this.#room, end));
    const grown = viewOf(this.#room);
    new Uint8Array(grown.buffer).set(new Uint8Array(page.buffer, 0, this.used));
    this.views[0] = grown;
    return grown;
  }

  /** Keeps the bytes that were written behind `used`, and answers their location. */
  take(length: number): number {
    const location = ((this.views.length - 1) << PAGE_BITS) | this.used;
    this.used += length;
    return location;
  }

  #add(bytes: number): DataView {
    this.#room = Math.max(PAGE_BYTES, bytes);
    this.used = 0;
    const page = viewOf(this.#room);
    this.views.push(page);
    return page;
  }
}
