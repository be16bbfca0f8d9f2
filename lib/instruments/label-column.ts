// One label of a family: its values, each under a small code, found by one Map look-up. Codes are exact, so series keys
// made of them can never collide, whatever characters the values have.
import type { LabelDictionary } from '../model/family.js';
import { type LabelValue, labelText } from './labels.js';

/** Up to this many values the map is padded; beyond it the memory is worth more than the nanoseconds. */
const MOST_PADDED = 1024;
/** Paddings per value: never fewer than the first, filled up to the second when it would come to that. */
const FEWEST = 2;
const REFILL = 4;
const LEAST_PADDING = 12;

const padding: symbol[] = [];

export class LabelColumn {
  readonly name: string;
  /** The name under which recordings have the values. */
  readonly key: string;
  readonly #isTranslated: boolean;
  /** What readers see of the column. Replaced as a whole by `restart`, so that ids which they hold keep their meaning. */
  dictionary: LabelDictionary;
  #values: string[] = [];
  /**
   * Value → code, where code = index in the dictionary + 1, so that a miss (`undefined | 0`) is the code that no value has.
   * Numbers and booleans are kept beside their text, so that a hit also proves the value's type.
   *
   * The map is padded with symbols put in first: its buckets grow in number while every real key stays at the head
   * of its chain, which makes a hit 5 ns instead of 15.
   */
  readonly codes = new Map<LabelValue | symbol, number>();
  #padded = 0;

  constructor(name: string, key?: string) {
    this.name = name;
    this.key = key ?? name;
    this.#isTranslated = key !== undefined;
    this.dictionary = this.#newDictionary();
    this.#pad();
  }

  /** The code of a value, without adding it; 0 when there is none. */
  codeOf(value: LabelValue): number {
    return this.codes.get(value) ?? this.codes.get(labelText(value)) ?? 0;
  }

  /** The code of a value, which is added when it is new. */
  intern(value: LabelValue): number {
    const text = labelText(value);
    let code = this.codes.get(text);
    if (code === undefined) {
      this.#values.push(text);
      code = this.#values.length;
      this.codes.set(text, code);
      if (code * FEWEST > this.#padded && code <= MOST_PADDED) this.#pad();
    }
    this.alias(value, code);
    return code;
  }

  /** Lets a number or boolean be found without its text. Strings that are no well-formed text have no end, so they get none. */
  alias(value: LabelValue, code: number): void {
    if (typeof value !== 'string') this.codes.set(value, code);
  }

  /** Forgets all values. */
  restart(): void {
    this.#values = [];
    this.dictionary = this.#newDictionary();
    this.codes.clear();
    this.#pad();
  }

  #newDictionary(): LabelDictionary {
    const { name, key } = this;
    return this.#isTranslated
      ? { name, values: this.#values, key, given: () => this.#given() }
      : { name, values: this.#values };
  }

  #given(): ReadonlyMap<number, number | boolean> {
    const given = new Map<number, number | boolean>();
    for (const [value, code] of this.codes) {
      if (typeof value === 'number' || typeof value === 'boolean') given.set(code - 1, value);
    }
    return given;
  }

  #pad(): void {
    const entries = [...this.codes].filter(([key]) => typeof key !== 'symbol');
    this.#padded = Math.max(LEAST_PADDING, this.#values.length * REFILL);
    while (padding.length < this.#padded) padding.push(Symbol());
    this.codes.clear();
    for (let i = 0; i < this.#padded; i++) this.codes.set(padding[i] as symbol, 0);
    for (const [key, code] of entries) this.codes.set(key, code);
  }
}
