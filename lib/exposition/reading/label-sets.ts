// The label sets of a family that is being read: which names there are, in which combinations, and the values of each. It turns
// the labels of a line, in whatever order they stand, into ids in one order.
import type { LabelDictionary } from '../../model/family.js';
import { LineFault, limitFault } from './fault.js';
import { grown } from './grown.js';
import type { LabelSpans } from './label-spans.js';
import type { ExpositionLimits } from './limits.js';
import { TextTable } from './text-table.js';

const NAMES = 0;
const TWICE = 'A label stands here for the second time.';

class Dictionary implements LabelDictionary {
  readonly name: string;
  readonly values: string[] = [];

  constructor(name: string) {
    this.name = name;
  }
}

/** One order in which names stand in lines: which combination it is, and the place of each label in the order of that one. */
interface Sequence {
  readonly names: Int32Array;
  readonly shape: number;
  readonly places: Int32Array;
}

export class LabelSets {
  /** One per name, by its id. */
  readonly dictionaries: Dictionary[] = [];
  /** Combinations of names, as their ids. */
  readonly shapes: Int32Array[] = [];
  /** The label set that was read last: its shape, its label ids in the order of that shape, and the id of its own label's value. */
  shape = 0;
  width = 0;
  ids = new Int32Array(4);
  ownId = -1;
  /** Whether the labels of the series are those of the line before. */
  isSame = false;
  readonly #ownName: string | undefined;
  readonly #limits: ExpositionLimits;
  readonly #texts = new TextTable();
  readonly #sequences = new Map<string, Sequence>();
  readonly #shapeOf = new Map<string, number>();
  #last: Sequence = { names: new Int32Array(0), shape: -1, places: new Int32Array(0) };
  #own = -1;
  /** Of the line that was read last, by the place of the label in the line. */
  #nameIds = new Int32Array(4);
  #valueIds = new Int32Array(4);
  /** The places of the labels that are of the series. */
  #indexes = new Int32Array(4);

  /** `ownName`: the label that tells apart the lines of one series, and so is none of the series. */
  constructor(ownName: string | undefined, limits: ExpositionLimits) {
    this.#ownName = ownName;
    this.#limits = limits;
  }

  /** The values that the own label has taken, by id. */
  get ownValues(): readonly string[] {
    return this.dictionaries[this.#own]!.values;
  }

  /**
   * Reads the labels of a line. What stood at the same place in the line before costs a comparison of bytes and no look-up.
   *
   * @throws LineFault
   */
  read(bytes: Uint8Array, labels: LabelSpans): void {
    const { names, values } = labels;
    const { count } = names;
    const isNext = labels.reader === this;
    labels.reader = this;
    if (count > this.#nameIds.length) this.#makeRoom(count);
    let width = 0;
    let isSame = isNext;
    this.ownId = -1;
    for (let i = 0; i < count; i++) {
      const isSameName = isNext && names.same[i] === 1;
      if (!isSameName) this.#nameIds[i] = this.#nameId(bytes, labels, i);
      const isSameLabel = isSameName && values.same[i] === 1;
      const name = this.#nameIds[i]!;
      if (!isSameLabel) this.#valueIds[i] = this.#valueId(name, bytes, labels, i);
      if (name === this.#own) {
        if (this.ownId >= 0) throw new LineFault(TWICE, names.froms[i]!);
        this.ownId = this.#valueIds[i]!;
      } else {
        if (!isSameLabel) isSame = false;
        this.#indexes[width++] = i;
      }
    }
    const before = this.#last;
    this.#last = this.#sequenceOf(width, labels);
    this.isSame = isSame && this.#last === before;
    if (this.isSame) return;
    const { shape, places } = this.#last;
    for (let c = 0; c < width; c++) this.ids[places[c]!] = this.#valueIds[this.#indexes[c]!]!;
    this.shape = shape;
    this.width = width;
  }

  #nameId(bytes: Uint8Array, labels: LabelSpans, index: number): number {
    const id = this.#texts.find(NAMES, bytes, labels.names, index);
    return id >= 0 ? id : this.#addName(bytes, labels, index);
  }

  #valueId(name: number, bytes: Uint8Array, { values }: LabelSpans, index: number): number {
    const id = this.#texts.find(name + 1, bytes, values, index);
    if (id >= 0) return id;
    const texts = this.dictionaries[name]!.values;
    texts.push(this.#texts.text(bytes, values, index));
    this.#texts.add(name + 1, texts.length - 1);
    return texts.length - 1;
  }

  #addName(bytes: Uint8Array, { names }: LabelSpans, index: number): number {
    const text = this.#texts.text(bytes, names, index);
    const at = names.froms[index]!;
    if (text === '__name__')
      throw new LineFault('The label __name__ is the name of the metric, and no label of a sample.', at);
    if (text === '') throw new LineFault('The name of a label is not empty.', at);
    const id = this.dictionaries.push(new Dictionary(text)) - 1;
    if (text === this.#ownName) this.#own = id;
    this.#texts.add(NAMES, id);
    return id;
  }

  #sequenceOf(width: number, labels: LabelSpans): Sequence {
    const last = this.#last;
    let isSame = last.shape >= 0 && last.names.length === width;
    for (let c = 0; isSame && c < width; c++) isSame = last.names[c] === this.#nameIds[this.#indexes[c]!];
    if (isSame) return last;
    const names = Int32Array.from({ length: width }, (_, c) => this.#nameIds[this.#indexes[c]!]!);
    const key = names.join();
    return this.#sequences.get(key) ?? this.#addSequence(key, names, labels);
  }

  #addSequence(key: string, names: Int32Array, labels: LabelSpans): Sequence {
    const sorted = names.slice().sort();
    for (let c = 1; c < sorted.length; c++) {
      if (sorted[c] !== sorted[c - 1]) continue;
      const index = this.#indexes[names.lastIndexOf(sorted[c]!)]!;
      throw new LineFault(TWICE, labels.names.froms[index]!);
    }
    const shape = this.#shapeNamed(sorted.join(), names, labels);
    const inOrder = this.shapes[shape]!;
    const sequence = { names, shape, places: names.map((name) => inOrder.indexOf(name)) };
    // A body that has its labels in another order in each line does not fill the memory with them.
    if (this.#sequences.size >= this.#limits.maxVariants) this.#sequences.clear();
    this.#sequences.set(key, sequence);
    return sequence;
  }

  #shapeNamed(key: string, names: Int32Array, labels: LabelSpans): number {
    const known = this.#shapeOf.get(key);
    if (known !== undefined) return known;
    if (this.shapes.length >= this.#limits.maxVariants) {
      throw limitFault('maxVariants', labels.names.count === 0 ? 0 : labels.names.froms[0]!);
    }
    this.#shapeOf.set(key, this.shapes.length);
    return this.shapes.push(names) - 1;
  }

  #makeRoom(count: number): void {
    this.#nameIds = grown(this.#nameIds, count);
    this.#valueIds = grown(this.#valueIds, count);
    this.#indexes = grown(this.#indexes, count);
    this.ids = grown(this.ids, count);
  }
}
