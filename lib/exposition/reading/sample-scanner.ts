// Takes one line with a sample apart: where its name and its labels stand, its value. It knows the grammar
// of both formats and nothing of families, so that no object has to be made for a line.
//
// Every line ends with a line feed, which no loop here goes beyond: none has to look for the end of the bytes.
import { BLANK, isBlank, METRIC_PART, METRIC_START, NAME_BITS, OPENING, skipBlanks } from './characters.js';
import { LineFault } from './fault.js';
import { LabelScanner, type LineGrammar } from './label-scanner.js';
import { LabelSpans } from './label-spans.js';
import { commonLength, LineBytes } from './line-bytes.js';
import { NumberReader } from './number-reader.js';
import { TailScanner } from './tail-scanner.js';

export class SampleScanner {
  readonly source = new LineBytes();
  nameFrom = 0;
  nameTo = 0;
  /** Whether the name stands between quotes and has escapes in it. */
  isNameEscaped = false;
  readonly labels = new LabelSpans();
  value = 0;
  valueAt = 0;
  /** What stands behind the value. */
  readonly tail: TailScanner;
  /** Whether the name is that of the line before, which then was one with a name before its labels. */
  repeatsName = false;
  /** The family that took the sample of the line before, and which number of its series it was. */
  taker: object | undefined;
  takenAs = 0;
  /** Where the line before begins and ends, and where its labels do; -1 where they are not there any more, or are not only labels. */
  #lineFrom = -1;
  #lineEnd = -1;
  #labelsFrom = -1;
  readonly #isClassic: boolean;
  readonly #labelScanner: LabelScanner;
  readonly #number = new NumberReader();

  constructor(grammar: LineGrammar) {
    this.#isClassic = grammar.isClassic;
    this.#labelScanner = new LabelScanner(this.source, grammar);
    this.tail = new TailScanner(this.source, this.#labelScanner, grammar);
  }

  /**
   * Reads the line that begins at `from`, and answers where its line feed is.
   *
   * @throws LineFault
   */
  scan(from: number): number {
    const { bytes } = this.source;
    // Mostly a line begins as the one before does: what they have in common is compared and not scanned.
    const common = this.#lineFrom < 0 ? 0 : this.#commonFrom(this.#lineFrom, from);
    let at = this.#scanName(from, common);
    if (this.#isClassic) at = skipBlanks(bytes, at);
    const isLabelled = bytes[at] === OPENING;
    if (isLabelled) at = this.#scanLabels(at + 1, from, common);
    else this.#endLabels();
    if (this.nameFrom < 0) throw new LineFault('A sample has to begin with the name of a metric.', from);
    at = this.#scanGap(at, isLabelled);
    this.valueAt = at;
    this.value = this.#number.read(bytes, at);
    const { end } = this.#number;
    if (end < 0) throw new LineFault('A number has to stand here as the value of the sample.', at);
    this.#lineFrom = from;
    this.#lineEnd = this.tail.scan(end);
    return this.#lineEnd;
  }

  /** Reads from these bytes; those of the line before are not there any more. */
  use(bytes: Uint8Array): void {
    this.source.use(bytes);
    this.#lineFrom = -1;
    this.#labelsFrom = -1;
  }

  #endLabels(): void {
    this.labels.begin(0);
    this.#labelsFrom = -1;
  }

  /** No further than the line before goes: lines that are all the same would be compared with all that follow them. */
  #commonFrom(before: number, from: number): number {
    const { source } = this;
    return commonLength(source, before, from, Math.min(this.#lineEnd - before, source.bytes.length - from));
  }

  #scanName(from: number, common: number): number {
    const { bytes } = this.source;
    const length = this.nameTo - this.nameFrom;
    this.repeatsName = length < common && this.nameFrom === this.#lineFrom;
    this.nameFrom = -1;
    if (this.repeatsName) {
      this.nameFrom = from;
      this.nameTo = from + length;
      return this.nameTo;
    }
    if ((NAME_BITS[bytes[from]!]! & METRIC_START) === 0) return from;
    let at = from + 1;
    while ((NAME_BITS[bytes[at]!]! & METRIC_PART) !== 0) at++;
    this.nameFrom = from;
    this.nameTo = at;
    this.isNameEscaped = false;
    return at;
  }

  /** From behind the opening brace to behind the closing one, in a line that begins at `start`. */
  #scanLabels(from: number, start: number, common: number): number {
    const scanner = this.#labelScanner;
    const before = this.#labelsFrom;
    scanner.nameFrom = this.nameFrom;
    this.#labelsFrom = from;
    if (this.nameFrom < 0) return this.#scanWithName(from);
    if (before < 0) return scanner.scan(from, this.labels, true);
    // The names of the samples of one histogram differ, and their labels begin alike nevertheless.
    const isAligned = this.repeatsName && before - this.#lineFrom === from - start;
    const alike = isAligned ? Math.max(0, common - (from - start)) : this.#commonFrom(before, from);
    return scanner.scanAlike(from, this.labels, before, alike);
  }

  /** Labels with the name of the metric among them, which are compared with no others. */
  #scanWithName(from: number): number {
    const scanner = this.#labelScanner;
    const end = scanner.scan(from, this.labels, true);
    this.nameFrom = scanner.nameFrom;
    this.nameTo = scanner.nameTo;
    this.isNameEscaped = scanner.isNameEscaped;
    this.#labelsFrom = -1;
    return end;
  }

  /** What stands between the name with its labels and the value. */
  #scanGap(at: number, isLabelled: boolean): number {
    const { bytes } = this.source;
    if (!this.#isClassic) {
      if (bytes[at] === BLANK) return at + 1;
      throw new LineFault('One blank has to stand between the name and the value.', at);
    }
    const end = skipBlanks(bytes, at);
    if (end === at && !isLabelled && !isBlank(bytes[at - 1]!)) {
      throw new LineFault('No metric name has this character, and no blank stands before the value.', at);
    }
    return end;
  }
}
