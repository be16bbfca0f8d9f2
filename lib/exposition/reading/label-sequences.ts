// In which orders the labels of a family stand in its lines, and which sets of names those are. Lines that differ in the order only are
// of one set, and so of one series where their values are the same.
import { LineFault, limitFault } from './fault.js';
import type { ExpositionLimits } from './limits.js';
import type { Spans } from './spans.js';

/** The id of the empty value. */
export const EMPTY = -1;

/** Labels in the order of a line. */
export interface LabelSequence {
  /** One per label; see `codeOf`. */
  readonly codes: Int32Array;
  /** Which set of names the labels of the series have, and how many those are. */
  readonly shape: number;
  readonly width: number;
  /** The place of each label in the order of that set; -1 for those that are not of the series. */
  readonly places: Int32Array;
  /** Which of the labels says what number of its series a line has; -1 where none does. */
  readonly own: number;
}

/** What a sequence has to know of a label: its name, and whether it is empty. */
export function codeOf(nameId: number, valueId: number): number {
  return valueId === EMPTY ? -1 - nameId : nameId;
}

const nameOf = (code: number) => (code < 0 ? -1 - code : code);

export class LabelSequences {
  /** Sets of names, as their ids. */
  readonly shapes: Int32Array[] = [];
  readonly #limits: ExpositionLimits;
  readonly #sequences = new Map<string, LabelSequence>();
  readonly #shapeOf = new Map<string, number>();

  constructor(limits: ExpositionLimits) {
    this.#limits = limits;
  }

  /**
   * The sequence of these codes. `own` is the id of the name of which the labels are not of the series.
   *
   * @throws LineFault for a name that is there twice, and for too many sets of names.
   */
  of(codes: Int32Array, own: number, spans: Spans): LabelSequence {
    const key = codes.join();
    const known = this.#sequences.get(key);
    if (known !== undefined) return known;
    checkNames(codes, spans);
    const sequence = this.#sequence(codes, own, spans);
    // A body that has its labels in another order in each line does not fill the memory with them.
    if (this.#sequences.size >= this.#limits.maxVariants) this.#sequences.clear();
    this.#sequences.set(key, sequence);
    return sequence;
  }

  #sequence(codes: Int32Array, own: number, spans: Spans): LabelSequence {
    const names = codes.filter((code) => code >= 0 && code !== own);
    const shape = this.#shapeOfNames(names, spans);
    const inOrder = this.shapes[shape]!;
    const places = codes.map((code) => inOrder.indexOf(code));
    return { codes, shape, width: names.length, places, own: own < 0 ? -1 : codes.indexOf(own) };
  }

  #shapeOfNames(names: Int32Array, spans: Spans): number {
    const key = names.slice().sort().join();
    const known = this.#shapeOf.get(key);
    if (known !== undefined) return known;
    if (this.shapes.length >= this.#limits.maxVariants) throw limitFault('maxVariants', spans.base);
    this.#shapeOf.set(key, this.shapes.length);
    return this.shapes.push(names) - 1;
  }
}

function checkNames(codes: Int32Array, names: Spans): void {
  const seen = new Set<number>();
  codes.forEach((code, i) => {
    if (seen.has(nameOf(code))) throw new LineFault('A label stands here for the second time.', names.from(i));
    seen.add(nameOf(code));
  });
}
