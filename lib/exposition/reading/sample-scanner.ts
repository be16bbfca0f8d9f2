// Takes one line with a sample apart: where its name and its labels stand, its value, its time, its exemplar. It knows the grammar
// of both formats and nothing of families, so that the hot loops over bytes are in one place and make no objects.
//
// Every line ends with a line feed, which no loop here goes beyond: none has to look for the end of the bytes.
import {
  BACKSLASH,
  BLANK,
  CLOSING,
  COMMA,
  EQUALS,
  HASH,
  isBlank,
  LABEL_PART,
  LABEL_START,
  LINE_FEED,
  METRIC_PART,
  METRIC_START,
  MINUS,
  NAME_BITS,
  NINE,
  OPENING,
  PLUS,
  QUOTE,
  ZERO,
} from './characters.js';
import { LineFault, limitFault } from './fault.js';
import { hashOf } from './hash.js';
import { LabelSpans } from './label-spans.js';
import { NumberReader } from './number-reader.js';
import { ESCAPED, type Spans } from './spans.js';

/** What the grammars of the formats differ in, where one line is concerned. */
export interface LineGrammar {
  /** Classic text has blanks wherever a reader might like one, a comma behind the last label, and three escapes only. */
  readonly isClassic: boolean;
  readonly maxLabels: number;
}

export class SampleScanner {
  bytes: Uint8Array = new Uint8Array(0);
  nameFrom = 0;
  nameTo = 0;
  /** Whether the name stands between quotes and has escapes in it. */
  isNameEscaped = false;
  readonly labels = new LabelSpans();
  value = 0;
  valueAt = 0;
  /** As it stands there, milliseconds or seconds; NaN where there is none. */
  time = Number.NaN;
  hasExemplar = false;
  readonly exemplarLabels = new LabelSpans();
  exemplarAt = 0;
  exemplarValue = 0;
  exemplarTime = Number.NaN;
  /** Whether the name is that of the line before, which then was one with a name before its labels. */
  repeatsName = false;
  /** The family that took the sample of the line before, and which number of its series it was. */
  taker: object | undefined;
  takenAs = 0;
  /** Where the line before begins and ends; -1 where it is not there any more. */
  #lineFrom = -1;
  #lineEnd = -1;
  #view: DataView = new DataView(new ArrayBuffer(0));
  readonly #isClassic: boolean;
  readonly #maxLabels: number;
  readonly #number = new NumberReader();

  constructor({ isClassic, maxLabels }: LineGrammar) {
    this.#isClassic = isClassic;
    this.#maxLabels = maxLabels;
  }

  /**
   * Reads the line that begins at `from`, and answers where its line feed is.
   *
   * @throws LineFault
   */
  scan(bytes: Uint8Array, from: number): number {
    this.time = Number.NaN;
    this.hasExemplar = false;
    this.labels.next();
    // Mostly a line begins as the one before does: what they have in common is compared and not scanned.
    const distance = from - this.#lineFrom;
    const common = this.#lineFrom < 0 ? 0 : this.#commonWith(bytes, from);
    let at = this.#scanName(from, common);
    if (this.#isClassic) at = skipBlanks(bytes, at);
    const isLabelled = bytes[at] === OPENING;
    if (isLabelled)
      at = this.#scanLabels(at + 1, this.repeatsName ? this.labels.repeat(from + common - distance, distance) : -1);
    if (this.nameFrom < 0) throw new LineFault('A sample has to begin with the name of a metric.', from);
    at = this.#scanGap(at, isLabelled);
    this.valueAt = at;
    this.value = this.#scanNumber(at, 'A number has to stand here as the value of the sample.');
    const { end } = this.#number;
    this.#lineFrom = from;
    this.#lineEnd = this.#isClassic ? this.#scanClassicEnd(end) : this.#scanOpenMetricsEnd(end);
    return this.#lineEnd;
  }

  /** The bytes of the line before are not there any more. */
  forget(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#lineFrom = -1;
    this.labels.names.count = 0;
  }

  /** How many bytes this line has in common with the one before. */
  #commonWith(bytes: Uint8Array, from: number): number {
    const view = this.#view;
    const before = this.#lineFrom;
    // No further than the line before goes: lines that are all the same would be compared with all that follow them.
    const limit = Math.min(this.#lineEnd - before, bytes.length - from);
    let length = 0;
    while (length + 4 <= limit && view.getInt32(before + length, true) === view.getInt32(from + length, true))
      length += 4;
    while (length < limit && bytes[before + length] === bytes[from + length]) length++;
    return length;
  }

  #scanName(from: number, common: number): number {
    const { bytes } = this;
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

  /** What stands between the name with its labels and the value. */
  #scanGap(at: number, isLabelled: boolean): number {
    if (!this.#isClassic) return this.#expect(at, BLANK, 'One blank has to stand between the name and the value.');
    const end = skipBlanks(this.bytes, at);
    if (end === at && !isLabelled && !isBlank(this.bytes[at - 1]!)) {
      throw new LineFault('No metric name has this character, and no blank stands before the value.', at);
    }
    return end;
  }

  /** From behind the opening brace to behind the closing one; `repeated` is where the labels end that the line before has, too. */
  #scanLabels(from: number, repeated: number): number {
    const at = repeated < 0 ? this.#skip(from) : this.#scanSeparator(repeated);
    return this.#scanPairs(at, this.labels, true);
  }

  #scanPairs(from: number, labels: LabelSpans, mayName: boolean): number {
    let at = from;
    while (this.bytes[at] !== CLOSING) at = this.#scanSeparator(this.#scanPair(at, labels, mayName));
    return at + 1;
  }

  /** From behind a label to the next one or to the closing brace. */
  #scanSeparator(from: number): number {
    const { bytes } = this;
    const at = this.#skip(from);
    if (bytes[at] === CLOSING) return at;
    const next = this.#skip(this.#expect(at, COMMA, 'A comma or a closing brace has to stand behind a label.'));
    if (bytes[next] === CLOSING && !this.#isClassic) throw new LineFault('No comma stands behind the last label.', at);
    return next;
  }

  /** A label, or the name of the metric between quotes. */
  #scanPair(from: number, labels: LabelSpans, mayName: boolean): number {
    const { names, values } = labels;
    const { bytes } = this;
    let at: number;
    if (bytes[from] === QUOTE) {
      at = this.#skip(this.#scanQuoted(from, names, labels.known));
      if (mayName && bytes[at] !== EQUALS) return this.#takeName(from, at);
    } else {
      at = this.#skip(this.#scanLabelName(from, names, labels.known));
    }
    if (names.count > this.#maxLabels) throw limitFault('maxLabels', from);
    at = this.#skip(this.#expect(at, EQUALS, 'An equals sign has to stand behind the name of a label.'));
    if (bytes[at] !== QUOTE) throw new LineFault('The value of a label has to begin with a quote.', at);
    return this.#scanQuoted(at, values, labels.known);
  }

  /** What was read last as the name of a label is that of the metric. */
  #takeName(from: number, at: number): number {
    const { names } = this.labels;
    if (this.nameFrom >= 0) throw new LineFault('A sample has one name only.', from);
    names.pop();
    // What is at this place now is no label of any line.
    this.labels.known = names.count;
    this.nameFrom = names.froms[names.count]!;
    this.nameTo = names.tos[names.count]!;
    this.isNameEscaped = names.flags[names.count] === ESCAPED;
    if (this.nameFrom === this.nameTo) throw new LineFault('The name of a metric is not empty.', from);
    return at;
  }

  #scanLabelName(from: number, names: Spans, known: number): number {
    const { bytes } = this;
    if (names.count < known) {
      const end = names.repeats(bytes, from);
      if (end > 0 && (NAME_BITS[bytes[end]!]! & LABEL_PART) === 0) {
        names.pushAgain(from, end);
        return end;
      }
    }
    if ((NAME_BITS[bytes[from]!]! & LABEL_START) === 0) {
      throw new LineFault(
        'The name of a label has to begin with a letter or an underscore, or to stand in quotes.',
        from,
      );
    }
    let at = from + 1;
    while ((NAME_BITS[bytes[at]!]! & LABEL_PART) !== 0) at++;
    names.push(from, at, hashOf(this.#view, from, at), 0);
    return at;
  }

  /** From the opening quote to behind the closing one. */
  #scanQuoted(quote: number, spans: Spans, known: number): number {
    const { bytes } = this;
    if (spans.count < known) {
      const end = spans.repeats(bytes, quote + 1);
      if (end > 0 && bytes[end] === QUOTE) {
        spans.pushAgain(quote + 1, end);
        return end + 1;
      }
    }
    let at = quote + 1;
    let flags = 0;
    for (let byte = bytes[at]!; byte !== QUOTE; byte = bytes[++at]!) {
      if (byte === BACKSLASH) {
        flags = ESCAPED;
        this.#checkEscape(++at);
      } else if (byte === LINE_FEED) throw new LineFault('A quote is missing: the line ends within a text.', at);
    }
    spans.push(quote + 1, at, hashOf(this.#view, quote + 1, at), flags);
    return at + 1;
  }

  #checkEscape(at: number): void {
    const byte = this.bytes[at]!;
    if (byte === QUOTE || byte === BACKSLASH || byte === 0x6e) return;
    if (byte === LINE_FEED) throw new LineFault('A quote is missing: the line ends within a text.', at);
    if (this.#isClassic) throw new LineFault('Only \\\\, \\" and \\n are escapes.', at - 1);
  }

  #scanClassicEnd(from: number): number {
    const { bytes } = this;
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
    const first = this.bytes[from]!;
    for (let at = first === MINUS || first === PLUS ? from + 1 : from; at < this.#number.end; at++) {
      if (this.bytes[at]! < ZERO || this.bytes[at]! > NINE) isWhole = false;
    }
    if (!isWhole) throw new LineFault(problem, from);
    return value;
  }

  #scanOpenMetricsEnd(from: number): number {
    const { bytes } = this;
    if (bytes[from] === LINE_FEED) return from;
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
    const { bytes } = this;
    this.exemplarAt = from;
    let at = this.#expect(from, HASH, 'Nothing but an exemplar stands behind the time of a sample.');
    at = this.#expect(at, BLANK, 'A blank has to stand before the labels of an exemplar.');
    at = this.#expect(at, OPENING, 'An exemplar has to begin with its labels.');
    this.exemplarLabels.next();
    this.exemplarLabels.known = 0;
    at = this.#scanPairs(at, this.exemplarLabels, false);
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
    const value = this.#number.read(this.bytes, at);
    if (this.#number.end < 0) throw new LineFault(problem, at);
    return value;
  }

  #expect(at: number, byte: number, problem: string): number {
    if (this.bytes[at] !== byte) throw new LineFault(problem, at);
    return at + 1;
  }

  #skip(at: number): number {
    return this.#isClassic ? skipBlanks(this.bytes, at) : at;
  }
}

export function skipBlanks(bytes: Uint8Array, from: number): number {
  if (bytes[from]! > BLANK) return from;
  let at = from;
  while (isBlank(bytes[at]!)) at++;
  return at;
}
