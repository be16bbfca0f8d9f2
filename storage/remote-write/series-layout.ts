// How the labels of a block's series stand in a request: sorted by name as the protocol demands, with the labels that all
// series share made once, and the columns of those that differ in between.
import { viewOf } from '../../lib/exposition/bytes.js';
import { copyPiece } from '../../lib/exposition/protobuf/wire.js';
import {
  type FamilyDescriptor,
  type LabelDictionary,
  type SeriesBlock,
  sameLabels,
  sameShape,
} from '../../lib/model/family.js';
import { type SampleKind, storedKinds } from '../../lib/model/samples.js';
import { LabelPieces, labelBytes, writeLabel } from './label-pieces.js';

/** One of the samples of each series: what its labels share with those of all other series of the block. */
export interface KindLayout {
  readonly kind: SampleKind;
  readonly fixed: DataView;
  /** Per gap between columns, before the first and behind the last one included: where its bytes begin, and how many. */
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly fixedBytes: number;
}

/** A family shows its series in few shapes; more than these would come only from labels that are free to be any. */
const MOST_SHAPES = 64;

export class SeriesLayout {
  /** Of the samples that are numbers. */
  readonly kinds: readonly KindLayout[];
  /** Of the native histogram, where there is one. */
  readonly histogram: KindLayout | undefined;
  readonly #dictionaries: readonly LabelDictionary[];
  readonly #constantLabels: SeriesBlock['constantLabels'];
  readonly #columns: Int32Array;
  readonly #pieces: readonly LabelPieces[];

  constructor(descriptor: FamilyDescriptor, block: SeriesBlock, shared: LayoutContext) {
    this.#dictionaries = block.dictionaries;
    this.#constantLabels = block.constantLabels;
    const kinds = storedKinds(descriptor);
    const taken = new Set(['__name__', ...kinds.flatMap(({ label }) => (label === undefined ? [] : [label[0]]))]);
    const columns = block.dictionaries
      .map(({ name }, column) => ({ name, column }))
      .filter(({ name }) => !taken.has(name))
      .sort((a, b) => compare(a.name, b.name));
    this.#columns = Int32Array.from(columns, ({ column }) => column);
    this.#pieces = columns.map(({ column }) => shared.piecesOf(block.dictionaries[column] as LabelDictionary));
    const names = columns.map(({ name }) => name);
    const common = new Map(shared.externalLabels);
    for (const [name, value] of block.constantLabels) if (value !== '') common.set(name, value);
    for (const { name } of block.dictionaries) common.delete(name);
    const all = kinds.map((kind) => kindLayout(kind, names, common));
    this.kinds = all.filter(({ kind }) => !kind.isHistogram);
    this.histogram = all.find(({ kind }) => kind.isHistogram);
  }

  fits({ dictionaries, constantLabels }: SeriesBlock): boolean {
    return sameShape(dictionaries, this.#dictionaries) && sameLabels(constantLabels, this.#constantLabels);
  }

  /** Makes what the series of a block need and is new. */
  prepare(block: SeriesBlock): void {
    for (let c = 0; c < this.#columns.length; c++) this.#pieces[c]?.prepare(block, this.#columns[c] as number);
  }

  /** How many bytes the labels take in which the series of this row differs from others. */
  ownBytes({ labelIds, dictionaries }: SeriesBlock, row: number): number {
    const base = row * dictionaries.length;
    let bytes = 0;
    for (let c = 0; c < this.#columns.length; c++) {
      const id = labelIds[base + this.#columns[c]!]!;
      bytes += this.#pieces[c]!.spans[2 * id + 1]!;
    }
    return bytes;
  }

  /** Writes all labels of one sample and answers where they end. There must be room for them, and slack. */
  writeLabels(target: DataView, at: number, { block, row, layout }: LabelSource): number {
    const { fixed, starts, lengths } = layout;
    const { labelIds } = block;
    const base = row * block.dictionaries.length;
    const columns = this.#columns;
    let position = at;
    for (let c = 0; c < columns.length; c++) {
      copyPiece(target, position, fixed, starts[c]!, lengths[c]!);
      position += lengths[c]!;
      const { spans, view } = this.#pieces[c]!;
      const entry = 2 * labelIds[base + columns[c]!]!;
      copyPiece(target, position, view, spans[entry]!, spans[entry + 1]!);
      position += spans[entry + 1]!;
    }
    const last = columns.length;
    copyPiece(target, position, fixed, starts[last]!, lengths[last]!);
    return position + lengths[last]!;
  }
}

export interface LabelSource {
  readonly block: SeriesBlock;
  readonly row: number;
  readonly layout: KindLayout;
}

/** What all layouts of a storage share. */
interface LayoutContext {
  readonly externalLabels: ReadonlyMap<string, string>;
  piecesOf(dictionary: LabelDictionary): LabelPieces;
}

/** The layouts of a storage, made when they are first needed and kept with their families. */
export class SeriesLayouts implements LayoutContext {
  readonly externalLabels: ReadonlyMap<string, string>;
  readonly #layouts = new WeakMap<FamilyDescriptor, readonly SeriesLayout[]>();
  readonly #pieces = new WeakMap<LabelDictionary, LabelPieces>();

  constructor(externalLabels: ReadonlyMap<string, string>) {
    this.externalLabels = externalLabels;
  }

  /** Ready for the series of this block. */
  of(descriptor: FamilyDescriptor, block: SeriesBlock): SeriesLayout {
    const known = this.#layouts.get(descriptor) ?? [];
    let layout = known.find((one) => one.fits(block));
    if (layout === undefined) {
      layout = new SeriesLayout(descriptor, block, this);
      this.#layouts.set(descriptor, [layout, ...known.slice(0, MOST_SHAPES - 1)]);
    }
    layout.prepare(block);
    return layout;
  }

  piecesOf(dictionary: LabelDictionary): LabelPieces {
    let pieces = this.#pieces.get(dictionary);
    if (pieces === undefined) {
      pieces = new LabelPieces(dictionary, this.externalLabels.get(dictionary.name));
      this.#pieces.set(dictionary, pieces);
    }
    return pieces;
  }
}

function kindLayout(kind: SampleKind, columns: readonly string[], common: ReadonlyMap<string, string>): KindLayout {
  const labels = new Map(common).set('__name__', kind.name);
  if (kind.label !== undefined) labels.set(kind.label[0], kind.label[1]);
  const sorted = [...labels].sort(([a], [b]) => compare(a, b));
  const room = sorted.reduce((sum, [name, value]) => sum + labelBytes(name, value), 0);
  const fixed = viewOf(room);
  const starts = new Int32Array(columns.length + 1);
  const lengths = new Int32Array(columns.length + 1);
  let position = 0;
  let next = 0;
  for (let gap = 0; gap <= columns.length; gap++) {
    const end = columns[gap];
    starts[gap] = position;
    for (let label = sorted[next]; label !== undefined; label = sorted[++next]) {
      if (end !== undefined && compare(label[0], end) > 0) break;
      position = writeLabel(fixed, position, label);
    }
    lengths[gap] = position - (starts[gap] as number);
  }
  return { kind, fixed, starts, lengths, fixedBytes: room };
}

/** By bytes, as the protocol demands: neither by code units nor as a language would sort them. */
function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
