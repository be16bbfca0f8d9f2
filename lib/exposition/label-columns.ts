// The text of label values, rendered once and kept as bytes for as long as their dictionaries live. It makes a line of
// exposition a few short copies, however long the values are and whatever they need escaped.
import type { LabelDictionary, SeriesBlock } from '../model/family.js';
import { copyBytes, utf8Room, viewOf, writeUtf8 } from './bytes.js';
import { labelText } from './escape.js';

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

// Up to here all series are given the same room. Where one label is longer, room is measured series by series, or all of
// them would be given a megabyte because one of them needs it.
const COMMON_ROOM = 8 * 1024;

// A set of dictionaries is rendered in two or three frames, one per format. More would come only from a family that pairs its
// dictionaries anew all the time, and must not add up.
const MOST_VARIANTS = 8;

const variantsOf = new WeakMap<object, readonly LabelColumns[]>();

/** The labels of a block in this frame, ready to be copied; what was rendered before is used again. */
export function labelColumnsOf(block: SeriesBlock, frame: LabelFrame): LabelColumns {
  const columns = findColumns(block, frame);
  columns.prepare(block);
  return columns;
}

function findColumns({ dictionaries, constantLabels }: SeriesBlock, { before, after, bare }: LabelFrame): LabelColumns {
  const constants = constantLabels.map(([name, value]) => `,${labelText(name, value)}`).join('');
  const opening = dictionaries.length > 0 ? before : constants === '' ? bare : before + constants.slice(1);
  const closing = dictionaries.length > 0 ? constants + after : constants === '' ? '' : after;
  // Without dictionaries, these labels are what stays the same from block to block.
  const key = dictionaries[0] ?? constantLabels;
  const variants = variantsOf.get(key) ?? [];
  const known = variants.find((variant) => variant.fit(dictionaries, opening, closing));
  if (known !== undefined) return known;
  const columns = new LabelColumns(dictionaries, opening, closing);
  variantsOf.set(key, [columns, ...variants.slice(0, MOST_VARIANTS - 1)]);
  return columns;
}

/**
 * The pieces `name="value"` of the values of several labels, with what stands around and between them.
 *
 * Up to 4 MB they are in one page, because copying from one place is faster, and that page grows by doubling. Beyond it,
 * pages are added and nothing is moved, so that a new value costs its own bytes only, at a million values as with ten.
 */
export class LabelColumns {
  // Public, because `copyLabels` reads them for every line.
  readonly pages: DataView[];
  /** Per column, two numbers per value: the location of its piece, and its length, which is 0 until it is rendered. */
  readonly spans: Int32Array[];
  /** The length of what is in the place of pieces where there are no columns. */
  readonly fixedLength: number;
  readonly #dictionaries: readonly LabelDictionary[];
  readonly #opening: string;
  readonly #closing: string;
  readonly #rendered: number[];
  readonly #longest: number[];
  #commonRoom = 0;
  #used = 0;
  #room = FIRST_PAGE_BYTES;

  constructor(dictionaries: readonly LabelDictionary[], opening: string, closing: string) {
    this.#dictionaries = dictionaries;
    this.#opening = opening;
    this.#closing = closing;
    this.spans = dictionaries.map(() => new Int32Array(0));
    this.#rendered = dictionaries.map(() => 0);
    this.#longest = dictionaries.map(() => 0);
    const fixed = dictionaries.length === 0 ? opening + closing : '';
    this.pages = [viewOf(dictionaries.length === 0 ? utf8Room(fixed) : FIRST_PAGE_BYTES)];
    this.fixedLength = writeUtf8(this.pages[0]!, 0, fixed);
  }

  fit(dictionaries: readonly LabelDictionary[], opening: string, closing: string): boolean {
    if (this.#opening !== opening || this.#closing !== closing) return false;
    if (this.#dictionaries.length !== dictionaries.length) return false;
    return this.#dictionaries.every((dictionary, column) => dictionary === dictionaries[column]);
  }

  /** Renders what the series of a block need and is new. */
  prepare(block: SeriesBlock): void {
    let room = this.fixedLength;
    this.#dictionaries.forEach((dictionary, column) => {
      // Most often everything is there already, and the ids need no look at all.
      if (this.#rendered[column] !== dictionary.values.length) this.#prepareColumn(block, column);
      room += this.#longest[column]!;
    });
    this.#commonRoom = room <= COMMON_ROOM ? room : 0;
  }

  /** How many bytes the labels of a series take at most, whose ids begin at `base`. */
  roomOf(labelIds: Int32Array, base: number): number {
    return this.#commonRoom > 0 ? this.#commonRoom : this.#measure(labelIds, base);
  }

  #measure(labelIds: Int32Array, base: number): number {
    return this.spans.reduce((sum, spans, column) => sum + spans[2 * labelIds[base + column]! + 1]!, this.fixedLength);
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
    const before = column === 0 ? this.#opening : ',';
    const after = column === this.#dictionaries.length - 1 ? this.#closing : '';
    const piece = before + labelText(name, values[id]!) + after;
    const page = this.#pageFor(utf8Room(piece));
    const start = this.#used;
    this.#used = writeUtf8(page, start, piece);
    const length = this.#used - start;
    const spans = this.spans[column]!;
    spans[2 * id] = ((this.pages.length - 1) << PAGE_BITS) | start;
    spans[2 * id + 1] = length;
    this.#rendered[column]! += 1;
    this.#longest[column] = Math.max(this.#longest[column]!, length);
  }

  /** The last page, made larger if it is the only one, or a further one. A piece longer than a page has one of its own. */
  #pageFor(bytes: number): DataView {
    const last = this.pages.length - 1;
    const page = this.pages[last]!;
    const end = this.#used + bytes;
    if (end <= this.#room && this.#used < PAGE_BYTES) return page;
    if (last > 0 || end > PAGE_BYTES) return this.#addPage(bytes);
    this.#room = Math.min(PAGE_BYTES, Math.max(2 * this.#room, end));
    const grown = viewOf(this.#room);
    new Uint8Array(grown.buffer).set(new Uint8Array(page.buffer, 0, this.#used));
    this.pages[0] = grown;
    return grown;
  }

  #addPage(bytes: number): DataView {
    this.#room = Math.max(PAGE_BYTES, bytes);
    this.#used = 0;
    const page = viewOf(this.#room);
    this.pages.push(page);
    return page;
  }
}

/**
 * Copies the labels of a series, whose ids begin at `base`, to `at` and answers where they end. There must be `roomOf` them.
 *
 * Cost: 5 to 7 ns a label.
 */
export function copyLabels(
  columns: LabelColumns,
  labelIds: Int32Array,
  base: number,
  target: DataView,
  at: number,
): number {
  const { spans, pages, fixedLength } = columns;
  const first = pages[0]!;
  const paged = pages.length > 1;
  copyBytes(target, at, first, 0, fixedLength);
  let position = (at + fixedLength) | 0;
  for (let column = 0; column < spans.length; column += 1) {
    const entries = spans[column]!;
    const entry = labelIds[base + column]! << 1;
    const location = entries[entry]!;
    const length = entries[entry + 1]!;
    copyBytes(target, position, paged ? pages[location >>> PAGE_BITS]! : first, location & OFFSET_MASK, length);
    position = (position + length) | 0;
  }
  return position;
}
