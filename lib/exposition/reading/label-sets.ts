// The label sets of a family that is being read: the names and the values of each. It turns the labels of a line, in whatever order
// they stand, into ids in one order.
import type { LabelDictionary } from '../../model/family.js';
import { LineFault } from './fault.js';
import { grown } from './grown.js';
import { codeOf, EMPTY, type LabelSequence, LabelSequences } from './label-sequences.js';
import type { LabelSpans } from './label-spans.js';
import type { ExpositionLimits } from './limits.js';
import type { LineBytes } from './line-bytes.js';
import { TextTable } from './text-table.js';

const NAMES = 0;
/** Not even of no labels. */
const NO_SEQUENCE: LabelSequence = {
  codes: Int32Array.of(-(2 ** 31)),
  shape: -1,
  width: 0,
  places: new Int32Array(1),
  own: -1,
};

class Dictionary implements LabelDictionary {
  readonly name: string;
  readonly values: string[] = [];

  constructor(name: string) {
    this.name = name;
  }
}

export class LabelSets {
  /** One per name, by its id. */
  readonly dictionaries: Dictionary[] = [];
  /**
   * The label set that was read last: its shape, its label ids in the order of that shape, and the id of its own label's value, -1
   * where it has none. A label without a value is none: https://prometheus.io/docs/specs/om/open_metrics_spec/#label
   */
  shape = -1;
  width = 0;
  ids = new Int32Array(4);
  ownId = -1;
  /** Whether the labels of the series are those of the line before. */
  isSame = false;
  readonly #ownName: string | undefined;
  readonly #texts = new TextTable();
  readonly #sequences: LabelSequences;
  #last = NO_SEQUENCE;
  #other = NO_SEQUENCE;
  #own = -1;
  /** Of the line that was read last, by the place of the label in the line. */
  #nameIds = new Int32Array(4);
  #valueIds = new Int32Array(4);

  /** `ownName`: the label that tells apart the lines of one series, and so is none of the series. */
  constructor(ownName: string | undefined, limits: ExpositionLimits) {
    this.#ownName = ownName;
    this.#sequences = new LabelSequences(limits);
  }

  /** Combinations of names, as their ids. */
  get shapes(): readonly Int32Array[] {
    return this.#sequences.shapes;
  }

  /** The values that the own label has taken, by id. */
  get ownValues(): readonly string[] {
    return this.dictionaries[this.#own]!.values;
  }

  /**
   * Reads the labels of a line. What stood at the same place in the line before is not looked up again.
   *
   * @throws LineFault
   */
  read(source: LineBytes, labels: LabelSpans): void {
    const isNext = labels.reader === this;
    const { count } = labels.names;
    labels.reader = this;
    const named = isNext ? labels.named : 0;
    const repeated = isNext ? labels.repeated : 0;
    if (count > this.#nameIds.length) this.#makeRoom(count);
    for (let i = named; i < count; i++) this.#nameIds[i] = this.#nameId(source, labels, i);
    for (let i = repeated; i < count; i++) this.#valueIds[i] = this.#valueId(source, labels, i);
    const { shape } = this.#last;
    const isKnown = this.#isSequence(this.#last, count, repeated);
    if (!isKnown) this.#findSequence(labels);
    const { own, width } = this.#last;
    this.width = width;
    this.shape = this.#last.shape;
    this.ownId = own < 0 ? -1 : this.#valueIds[own]!;
    this.isSame = isNext && shape === this.shape;
    this.#place(this.#last, isKnown ? repeated : 0, repeated);
  }

  /** Puts the ids of values from `from` on where they belong. Those before `repeated` are those of the line before. */
  #place({ places }: LabelSequence, from: number, repeated: number): void {
    for (let i = from; i < places.length; i++) {
      const place = places[i]!;
      if (place < 0) continue;
      this.ids[place] = this.#valueIds[i]!;
      if (i >= repeated) this.isSame = false;
    }
  }

  #nameId(source: LineBytes, labels: LabelSpans, index: number): number {
    const id = this.#texts.find(NAMES, source, labels.names, index);
    return id >= 0 ? id : this.#addName(source, labels, index);
  }

  #valueId(source: LineBytes, labels: LabelSpans, index: number): number {
    const { values } = labels;
    if (values.froms[index] === values.tos[index]) return EMPTY;
    const name = this.#nameIds[index]!;
    const id = this.#texts.find(name + 1, source, values, index);
    return id >= 0 ? id : this.#addValue(name, source, labels, index);
  }

  /** Whether the labels of the line are a sequence, of which those before `from` are known to be. */
  #isSequence({ codes }: LabelSequence, count: number, from: number): boolean {
    if (codes.length !== count) return false;
    for (let i = from; i < count; i++) {
      if (codes[i] !== codeOf(this.#nameIds[i]!, this.#valueIds[i]!)) return false;
    }
    return true;
  }

  /** Makes that of the line the last one. Where lines of two sequences take turns, as buckets and sums do, it is the one before. */
  #findSequence({ names }: LabelSpans): void {
    const other = this.#other;
    this.#other = this.#last;
    if (this.#isSequence(other, names.count, 0)) {
      this.#last = other;
      return;
    }
    const codes = Int32Array.from({ length: names.count }, (_, i) => codeOf(this.#nameIds[i]!, this.#valueIds[i]!));
    this.#last = this.#sequences.of(codes, this.#own, names);
  }

  #addValue(name: number, source: LineBytes, { values }: LabelSpans, index: number): number {
    const texts = this.dictionaries[name]!.values;
    texts.push(this.#texts.text(source, values, index));
    this.#texts.add(name + 1, texts.length - 1);
    return texts.length - 1;
  }

  #addName(source: LineBytes, { names }: LabelSpans, index: number): number {
    const text = this.#texts.text(source, names, index);
    const at = names.from(index);
    if (text === '__name__')
      throw new LineFault('The label __name__ is the name of the metric, and no label of a sample.', at);
    if (text === '') throw new LineFault('The name of a label is not empty.', at);
    const id = this.dictionaries.push(new Dictionary(text)) - 1;
    if (text === this.#ownName) this.#own = id;
    this.#texts.add(NAMES, id);
    return id;
  }

  #makeRoom(count: number): void {
    this.#nameIds = grown(this.#nameIds, count);
    this.#valueIds = grown(this.#valueIds, count);
    this.ids = grown(this.ids, count);
  }
}
