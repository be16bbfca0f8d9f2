// The labels of series, rendered value by value and kept as bytes for as long as their dictionaries live. It makes a line of
// exposition a few short copies, however long the values are and whatever they need escaped.
import { type LabelDictionary, type SeriesBlock, sameLabels, sameShape } from '../model/family.js';
import { copyBytes, utf8Room, viewOf, writeUtf8 } from './bytes.js';
import { OFFSET_MASK, PAGE_BITS, PiecePages } from './piece-pages.js';
import { copyPiece, MOST_COPIED_AS_DOUBLES } from './protobuf/wire.js';

/** How single labels look in a format. */
export interface LabelForm {
  /** What stands between two labels. */
  readonly separator: string;
  /** No label takes more bytes. */
  room(name: string, value: string): number;
  /** Writes a label and answers where it ends; there must be `room`. */
  write(target: DataView, at: number, name: string, value: string): number;
}

/** What stands around the labels of a series. */
export interface LabelFrame {
  readonly form: LabelForm;
  /** Before the first label, and after the last one. */
  readonly before: string;
  readonly after: string;
  /** In the place of all that where there are no labels. */
  readonly bare: string;
}

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

function findColumns({ dictionaries, constantLabels }: SeriesBlock, frame: LabelFrame): LabelColumns {
  // Without dictionaries, these labels are what stays the same from block to block.
  const key = dictionaries[0] ?? constantLabels;
  const variants = variantsOf.get(key) ?? [];
  const known = variants.find((variant) => variant.fit(dictionaries, constantLabels, frame));
  if (known !== undefined) return known;
  const columns = new LabelColumns(dictionaries, constantLabels, frame);
  variantsOf.set(key, [columns, ...variants.slice(0, MOST_VARIANTS - 1)]);
  return columns;
}

/** The pieces (`name="value"` in text) of the values of several labels, with what stands around and between them. */
export class LabelColumns {
  // Public, because `copyLabels` reads them for every line.
  readonly pages: PiecePages;
  /** Per column, two numbers per value: the location of its piece, and its length, which is 0 until it is rendered. */
  readonly spans: Int32Array[];
  /** The length of what is in the place of pieces where there are no columns. */
  readonly fixedLength: number;
  /** Whether a piece is too long to be copied as doubles. */
  hasLong = false;
  readonly #dictionaries: readonly LabelDictionary[];
  readonly #constants: SeriesBlock['constantLabels'];
  readonly #frame: LabelFrame;
  /** The constant labels, and what stands behind the last one. */
  readonly #closing: DataView;
  readonly #closingLength: number;
  readonly #rendered: number[];
  readonly #longest: number[];
  #commonRoom = 0;

  constructor(dictionaries: readonly LabelDictionary[], constants: SeriesBlock['constantLabels'], frame: LabelFrame) {
    this.#dictionaries = dictionaries;
    this.#constants = constants;
    this.#frame = frame;
    this.spans = dictionaries.map(() => new Int32Array(0));
    this.#rendered = dictionaries.map(() => 0);
    this.#longest = dictionaries.map(() => 0);
    const { bytes, length } = closingOf(constants, frame, dictionaries.length > 0);
    this.#closing = bytes;
    this.#closingLength = length;
    this.fixedLength = dictionaries.length === 0 ? length : 0;
    this.hasLong = this.fixedLength > MOST_COPIED_AS_DOUBLES;
    this.pages = new PiecePages(dictionaries.length === 0 ? bytes : undefined);
  }

  fit(
    dictionaries: readonly LabelDictionary[],
    constants: SeriesBlock['constantLabels'],
    { form, before, after, bare }: LabelFrame,
  ): boolean {
    const frame = this.#frame;
    if (form !== frame.form || before !== frame.before || after !== frame.after || bare !== frame.bare) return false;
    return sameShape(dictionaries, this.#dictionaries) && sameLabels(constants, this.#constants);
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
    return this.#commonRoom > 0 ? this.#commonRoom : labelsLength(this, labelIds, base);
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
    const { form, before } = this.#frame;
    const opening = column === 0 ? before : form.separator;
    const closing = column === this.#dictionaries.length - 1 ? this.#closingLength : 0;
    const value = values[id]!;
    const { pages } = this;
    const page = pages.pageFor(utf8Room(opening) + form.room(name, value) + closing);
    const start = pages.used;
    const end = form.write(page, writeUtf8(page, start, opening), name, value);
    copyPiece(page, end, this.#closing, 0, closing);
    const length = end + closing - start;
    const spans = this.spans[column]!;
    spans[2 * id] = pages.take(length);
    spans[2 * id + 1] = length;
    this.#rendered[column]! += 1;
    this.#longest[column] = Math.max(this.#longest[column]!, length);
    this.hasLong ||= length > MOST_COPIED_AS_DOUBLES;
  }
}

function closingOf(constants: SeriesBlock['constantLabels'], frame: LabelFrame, labelled: boolean) {
  const { form, before, after, bare } = frame;
  const alone = !labelled && constants.length === 0;
  const room = constants.reduce((sum, label) => sum + form.separator.length + form.room(...label), 0);
  const bytes = viewOf(room + utf8Room(before) + utf8Room(after) + utf8Room(bare));
  let position = labelled ? 0 : writeUtf8(bytes, 0, alone ? bare : before);
  constants.forEach((label, i) => {
    if (labelled || i > 0) position = writeUtf8(bytes, position, form.separator);
    position = form.write(bytes, position, ...label);
  });
  return { bytes, length: alone ? position : writeUtf8(bytes, position, after) };
}

/** How many bytes the labels of a series take, whose ids begin at `base`. */
export function labelsLength({ spans, fixedLength }: LabelColumns, labelIds: Int32Array, base: number): number {
  let length = fixedLength;
  for (let column = 0; column < spans.length; column += 1) {
    length = (length + spans[column]![(labelIds[base + column]! << 1) | 1]!) | 0;
  }
  return length;
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
  if (columns.hasLong) return copyLongLabels(columns, labelIds, base, { target, at });
  const { spans, fixedLength } = columns;
  const { views } = columns.pages;
  const first = views[0]!;
  const paged = views.length > 1;
  copyBytes(target, at, first, 0, fixedLength);
  let position = (at + fixedLength) | 0;
  for (let column = 0; column < spans.length; column += 1) {
    const entries = spans[column]!;
    const entry = labelIds[base + column]! << 1;
    const location = entries[entry]!;
    const length = entries[entry + 1]!;
    copyBytes(target, position, paged ? views[location >>> PAGE_BITS]! : first, location & OFFSET_MASK, length);
    position = (position + length) | 0;
  }
  return position;
}

/** Apart because hardly any label is so long, and what every series runs through has to be short. */
function copyLongLabels(
  { spans, pages, fixedLength }: LabelColumns,
  labelIds: Int32Array,
  base: number,
  { target, at }: { readonly target: DataView; readonly at: number },
): number {
  copyPiece(target, at, pages.views[0]!, 0, fixedLength);
  let position = at + fixedLength;
  spans.forEach((entries, column) => {
    const entry = 2 * labelIds[base + column]!;
    const location = entries[entry]!;
    const length = entries[entry + 1]!;
    copyPiece(target, position, pages.views[location >>> PAGE_BITS]!, location & OFFSET_MASK, length);
    position += length;
  });
  return position;
}
