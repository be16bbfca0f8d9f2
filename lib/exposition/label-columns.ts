// The text of label values, rendered once and kept as bytes for as long as their dictionaries live. It makes a line of
// exposition a few short copies, however long the values are and whatever they need escaped.
import type { LabelDictionary, SeriesBlock } from '../model/family.js';
import { copyBytes, utf8Room, viewOf, writeUtf8 } from './bytes.js';
import { escapeLabelValue } from './escape.js';

/** What stands around the labels of a series. */
export interface LabelFrame {
  /** Before the first label, and after the last one. */
  readonly before: string;
  readonly after: string;
  /** In the place of all that where there are no labels. */
  readonly bare: string;
}

// A location is the number of a page above this many bits, and an offset into the page below.
const PAGE_BITS = 22;
const PAGE_BYTES = 1 << PAGE_BITS;
const OFFSET_MASK = PAGE_BYTES - 1;
const FIRST_PAGE_BYTES = 512;

// Up to here all series are given the same room. Where one label is longer, room is measured series by series, or all of them
// would be given a megabyte because one of them needs it.
const COMMON_ROOM = 8 * 1024;

const columnsByFirst = new WeakMap<LabelDictionary, LabelColumns[]>();

/** The columns of these dictionaries in this frame: the same object whenever the same is asked for. */
export function labelColumnsOf(dictionaries: readonly LabelDictionary[], frame: LabelFrame): LabelColumns {
  const [first] = dictionaries;
  if (first === undefined) return new LabelColumns(dictionaries, frame);
  const known = columnsByFirst.get(first);
  const found = known?.find((columns) => columns.fit(dictionaries, frame));
  if (found !== undefined) return found;
  const created = new LabelColumns(dictionaries, frame);
  if (known === undefined) columnsByFirst.set(first, [created]);
  else known.push(created);
  return created;
}

/**
 * The pieces `name="value"` of the values of several labels, with what stands around them.
 *
 * Up to 4 MB they are in one page, because copying from one place is faster, and that page grows by doubling. Beyond it,
 * pages are added and nothing is moved, so that a new value costs its own bytes only, at a million values as with ten.
 */
export class LabelColumns {
  // Public, because `copyLabels` reads them for every line.
  readonly pages: DataView[];
  /** Per column, two numbers per value: the location of its piece, and its length, which is 0 until it is rendered. */
  readonly spans: Int32Array[];
  readonly bareLength: number;
  readonly #dictionaries: readonly LabelDictionary[];
  readonly #frame: LabelFrame;
  readonly #rendered: number[];
  readonly #longest: number[];
  #used = 0;
  #room = FIRST_PAGE_BYTES;

  constructor(dictionaries: readonly LabelDictionary[], frame: LabelFrame) {
    this.#dictionaries = dictionaries;
    this.#frame = frame;
    this.spans = dictionaries.map(() => new Int32Array(0));
    this.#rendered = dictionaries.map(() => 0);
    this.#longest = dictionaries.map(() => 0);
    const bare = dictionaries.length === 0 ? frame.bare : '';
    this.pages = [viewOf(dictionaries.length === 0 ? utf8Room(bare) : FIRST_PAGE_BYTES)];
    this.bareLength = writeUtf8(this.pages[0]!, 0, bare);
  }

  fit(dictionaries: readonly LabelDictionary[], { before, after }: LabelFrame): boolean {
    if (this.#frame.before !== before || this.#frame.after !== after) return false;
    if (this.#dictionaries.length !== dictionaries.length) return false;
    return this.#dictionaries.every((dictionary, column) => dictionary === dictionaries[column]);
  }

  /** Renders what the series of a block need and is new. */
  prepare(block: SeriesBlock): void {
    this.#dictionaries.forEach((dictionary, column) => {
      // Most often everything is there already, and the ids need no look at all.
      if (this.#rendered[column] !== dictionary.values.length) this.#prepareColumn(block, column);
    });
  }

  /** Room that the labels of any series take at most, or 0 where that says too little about most of them. */
  get commonRoom(): number {
    const room = this.#longest.reduce((sum, length) => sum + length, this.bareLength);
    return room <= COMMON_ROOM ? room : 0;
  }

  /** How many bytes the labels of one series take, whose ids begin at `base`. */
  measure(labelIds: Int32Array, base: number): number {
    return this.spans.reduce((sum, spans, column) => sum + spans[2 * labelIds[base + column]! + 1]!, this.bareLength);
  }

  #prepareColumn({ labelIds, size, live }: SeriesBlock, column: number): void {
    const spans = this.#cover(column);
    const stride = this.#dictionaries.length;
    for (let row = 0; row < size; row += 1) {
      if (live !== undefined && live[row] === 0) continue;
      const id = labelIds[row * stride + column]!;
      if (spans[2 * id + 1] === 0) this.#render(column, id);
    }
  }

  /** Makes a place for every value that the dictionary has now. */
  #cover(column: number): Int32Array {
    const spans = this.spans[column]!;
    const needed = 2 * this.#dictionaries[column]!.values.length;
    if (needed <= spans.length) return spans;
    // Exact at first, because most labels are complete by then; later with a reserve, so that slow growth stays cheap.
    const grown = new Int32Array(spans.length === 0 ? needed : 2 * Math.ceil(needed * 0.625));
    grown.set(spans);
    this.spans[column] = grown;
    return grown;
  }

  #render(column: number, id: number): void {
    const { name, values } = this.#dictionaries[column]!;
    const opening = column === 0 ? this.#frame.before : ',';
    const closing = column === this.#dictionaries.length - 1 ? this.#frame.after : '';
    const piece = `${opening}${name}="${escapeLabelValue(values[id]!)}"${closing}`;
    const page = this.#pageFor(utf8Room(piece));
    const start = this.#used;
    this.#used = writeUtf8(page, start, piece);
    const length = this.#used - start;
    this.spans[column]!.set([((this.pages.length - 1) << PAGE_BITS) | start, length], 2 * id);
    this.#rendered[column]! += 1;
    this.#longest[column] = Math.max(this.#longest[column]!, length);
  }

  /** The last page, made larger if it is the only one, or a further one. A piece longer than a page has one of its own. */
  #pageFor(bytes: number): DataView {
    const last = this.pages.length - 1;
    const page = this.pages[last]!;
    const end = this.#used + bytes;
    if (end <= this.#room && this.#used < PAGE_BYTES) return page;
    if (last === 0 && end <= PAGE_BYTES) {
      this.#room = Math.min(PAGE_BYTES, Math.max(2 * this.#room, end));
      const grown = viewOf(this.#room);
      new Uint8Array(grown.buffer).set(new Uint8Array(page.buffer, 0, this.#used));
      this.pages[0] = grown;
      return grown;
    }
    this.#room = Math.max(PAGE_BYTES, bytes);
    const further = viewOf(this.#room);
    this.pages.push(further);
    this.#used = 0;
    return further;
  }
}

/** Which series' labels: those whose ids begin at `base`. */
export interface LabelIds {
  readonly labelIds: Int32Array;
  readonly base: number;
}

/** Copies the labels of a series, whose ids begin at `base`, to `at` and answers where they end. */
export function copyLabels(
  columns: LabelColumns,
  labelIds: Int32Array,
  base: number,
  target: DataView,
  at: number,
): number {
  const { spans, pages, bareLength } = columns;
  const first = pages[0]!;
  const paged = pages.length > 1;
  copyBytes(target, at, first, 0, bareLength);
  let position = (at + bareLength) | 0;
  for (let column = 0; column < spans.length; column += 1) {
    const entries = spans[column]!;
    const entry = labelIds[base + column]! << 1;
    const location = entries[entry]!;
    const length = entries[entry + 1]!;
    const page = paged ? pages[location >>> PAGE_BITS]! : first;
    copyBytes(target, position, page, location & OFFSET_MASK, length);
    position = (position + length) | 0;
  }
  return position;
}
