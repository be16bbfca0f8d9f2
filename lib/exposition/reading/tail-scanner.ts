// Takes apart what stands behind the value of a sample: its time, and in OpenMetrics an exemplar. Apart from the scanner of whole
// lines because most lines end with the value, and those that do not have a grammar of their own there.
import { BLANK, HASH, LINE_FEED, MINUS, NINE, OPENING, PLUS, skipBlanks, ZERO } from './characters.js';
import { LineFault } from './fault.js';
import type { LabelScanner, LineGrammar } from './label-scanner.js';
import { LabelSpans } from './label-spans.js';
import type { LineBytes } from './line-bytes.js';
import { NumberReader } from './number-reader.js';

export class TailScanner {
  /** As it stands there, milliseconds or seconds; NaN where there is none. */
  time = Number.NaN;
  hasExemplar = false;
  readonly exemplarLabels = new LabelSpans();
  exemplarAt = 0;
  exemplarValue = 0;
  exemplarTime = Number.NaN;
  readonly #source: LineBytes;
  readonly #labelScanner: LabelScanner;
  readonly #isClassic: boolean;
  readonly #number = new NumberReader();

  constructor(source: LineBytes, labelScanner: LabelScanner, { isClassic }: LineGrammar) {
    this.#source = source;
    this.#labelScanner = labelScanner;
    this.#isClassic = isClassic;
  }

  /**
   * Reads on from behind the value, and answers where the line feed is.
   *
   * @throws LineFault
   */
  scan(from: number): number {
    this.time = Number.NaN;
    this.hasExemplar = false;
    if (this.#source.bytes[from] === LINE_FEED) return from;
    return this.#isClassic ? this.#scanClassic(from) : this.#scanOpenMetrics(from);
  }

  #scanClassic(from: number): number {
    const { bytes } = this.#source;
    let at = skipBlanks(bytes, from);
    if (bytes[at] === LINE_FEED) return at;
    if (at === from) throw new LineFault('A number has to stand here as the value of the sample.', at);
    this.time = this.#scanInteger(at);
    at = skipBlanks(bytes, this.#number.end);
    if (bytes[at] !== LINE_FEED) throw new LineFault('Nothing stands behind the time of a sample.', at);
    return at;
  }

  #scanInteger(from: number): number {
    const problem = 'A time has to be a whole number of milliseconds.';
    const value = this.#scanNumber(from, problem);
    let isWhole = Math.abs(value) <= 2 ** 63;
    const first = this.#source.bytes[from]!;
    for (let at = first === MINUS || first === PLUS ? from + 1 : from; at < this.#number.end; at++) {
      if (this.#source.bytes[at]! < ZERO || this.#source.bytes[at]! > NINE) isWhole = false;
    }
    if (!isWhole) throw new LineFault(problem, from);
    return value;
  }

  #scanOpenMetrics(from: number): number {
    const { bytes } = this.#source;
    let at = this.#expect(from, BLANK, 'A number has to stand here as the value of the sample.');
    if (bytes[at] !== HASH) {
      this.time = this.#scanTime(at);
      at = this.#number.end;
      if (bytes[at] === LINE_FEED) return at;
      at = this.#expect(at, BLANK, 'A number has to stand here as the time of the sample, in seconds.');
    }
    return this.#scanExemplar(at);
  }

  #scanExemplar(from: number): number {
    const { bytes } = this.#source;
    this.exemplarAt = from;
    let at = this.#expect(from, HASH, 'Nothing but an exemplar stands behind the time of a sample.');
    at = this.#expect(at, BLANK, 'A blank has to stand before the labels of an exemplar.');
    at = this.#expect(at, OPENING, 'An exemplar has to begin with its labels.');
    at = this.#labelScanner.scan(at, this.exemplarLabels, false);
    at = this.#expect(at, BLANK, 'A blank has to stand before the value of an exemplar.');
    this.exemplarValue = this.#scanNumber(at, 'A number has to stand here as the value of the exemplar.');
    this.exemplarTime = Number.NaN;
    this.hasExemplar = true;
    at = this.#number.end;
    if (bytes[at] === LINE_FEED) return at;
    at = this.#expect(at, BLANK, 'A number has to stand here as the value of the exemplar.');
    this.exemplarTime = this.#scanTime(at);
    at = this.#number.end;
    if (bytes[at] !== LINE_FEED) throw new LineFault('Nothing stands behind the time of an exemplar.', at);
    return at;
  }

  #scanTime(at: number): number {
    const value = this.#scanNumber(at, 'A number has to stand here as a time, in seconds.');
    if (!Number.isFinite(value)) throw new LineFault('A time is a finite number of seconds.', at);
    return value;
  }

  #scanNumber(at: number, problem: string): number {
    const value = this.#number.read(this.#source.bytes, at);
    if (this.#number.end < 0) throw new LineFault(problem, at);
    return value;
  }

  #expect(at: number, byte: number, problem: string): number {
    if (this.#source.bytes[at] !== byte) throw new LineFault(problem, at);
    return at + 1;
  }
}
