// Takes the labels between two braces apart. It is apart from the scanner of whole lines because most of a line is labels, and
// because of how it gets by without looking at most of their bytes: labels mostly stand as in the line before, so that what is
// between the values is compared with that line, four bytes at a time, and only values are scanned.
//
// Every line ends with a line feed, which no loop here goes beyond: none has to look for the end of the bytes.
import {
  BACKSLASH,
  CLOSING,
  COMMA,
  EQUALS,
  LABEL_PART,
  LABEL_START,
  LINE_FEED,
  NAME_BITS,
  QUOTE,
  skipBlanks,
} from './characters.js';
import { LineFault, limitFault } from './fault.js';
import { HASH_START, hashEnd, hashOf, hashStep } from './hash.js';
import type { LabelSpans } from './label-spans.js';
import { isSameText, type LineBytes, lowestBit } from './line-bytes.js';
import { ESCAPED, type Spans } from './spans.js';

/** What the grammars of the formats differ in, where one line is concerned. */
export interface LineGrammar {
  /** Classic text has blanks wherever a reader might like one, a comma behind the last label, and three escapes only. */
  readonly isClassic: boolean;
  /** Whether a backslash that begins no escape just stays. OpenMetrics has it so anyway. */
  readonly isLenient: boolean;
  readonly maxLabels: number;
}

export class LabelScanner {
  /**
   * Where the name of the metric is, without its quotes; -1 where there is none. It is to be set before labels are scanned, and is
   * found among them where it was none.
   */
  nameFrom = -1;
  nameTo = -1;
  isNameEscaped = false;
  readonly #source: LineBytes;
  readonly #isClassic: boolean;
  readonly #hasThreeEscapes: boolean;
  readonly #maxLabels: number;

  constructor(source: LineBytes, { isClassic, isLenient, maxLabels }: LineGrammar) {
    this.#source = source;
    this.#isClassic = isClassic;
    this.#hasThreeEscapes = isClassic && !isLenient;
    this.#maxLabels = maxLabels;
  }

  /**
   * From behind the opening brace to behind the closing one. `mayName`: the name of a metric may be among the labels.
   *
   * @throws LineFault
   */
  scan(from: number, labels: LabelSpans, mayName: boolean): number {
    labels.begin(from);
    return this.#scanPairs(this.#skip(from), labels, mayName);
  }

  /**
   * The same for labels that are those of the line before, begun at `before`, as far as anything shows: `common` bytes are the
   * same for sure. It may not have had its name among them.
   *
   * @throws LineFault
   */
  scanAlike(from: number, labels: LabelSpans, before: number, common: number): number {
    const { names, values } = labels;
    const { bytes, view } = this.#source;
    const known = names.count;
    labels.begin(from);
    let at = 0;
    while (at < known && values.tos[at]! < common) at++;
    labels.repeated = at;
    values.count = at;
    let end = at === 0 ? from : values.to(at - 1) + 1;
    let endBefore = end - from + before;
    for (; at < known; at++) {
      const gap = before + values.froms[at]! - endBefore;
      if (end + gap > bytes.length || !isSameText(view, end, view, endBefore, gap)) break;
      names.move(at, end - from - (endBefore - before));
      endBefore = before + values.tos[at]! + 1;
      end = this.#scanQuoted(end + gap - 1, values);
    }
    labels.named = at;
    names.count = at;
    return this.#scanPairs(at === 0 ? this.#skip(from) : this.#scanSeparator(end), labels, true);
  }

  #scanPairs(from: number, labels: LabelSpans, mayName: boolean): number {
    const { bytes } = this.#source;
    let at = from;
    while (bytes[at] !== CLOSING) at = this.#scanSeparator(this.#scanPair(at, labels, mayName));
    return at + 1;
  }

  /** From behind a label to the next one or to the closing brace. */
  #scanSeparator(from: number): number {
    const { bytes } = this.#source;
    const at = this.#skip(from);
    if (bytes[at] === CLOSING) return at;
    const next = this.#skip(this.#expect(at, COMMA, 'A comma or a closing brace has to stand behind a label.'));
    if (bytes[next] === CLOSING && !this.#isClassic) throw new LineFault('No comma stands behind the last label.', at);
    return next;
  }

  /** A label, or the name of the metric between quotes. */
  #scanPair(from: number, labels: LabelSpans, mayName: boolean): number {
    const { names, values } = labels;
    const { bytes } = this.#source;
    let at: number;
    if (bytes[from] === QUOTE) {
      at = this.#skip(this.#scanQuoted(from, names));
      if (mayName && bytes[at] !== EQUALS) return this.#takeName(from, at, names);
    } else {
      at = this.#skip(this.#scanLabelName(from, names));
    }
    if (names.count > this.#maxLabels) throw limitFault('maxLabels', from);
    at = this.#skip(this.#expect(at, EQUALS, 'An equals sign has to stand behind the name of a label.'));
    if (bytes[at] !== QUOTE) throw new LineFault('The value of a label has to begin with a quote.', at);
    return this.#scanQuoted(at, values);
  }

  /** What was read last as the name of a label is that of the metric. */
  #takeName(from: number, at: number, names: Spans): number {
    if (this.nameFrom >= 0) throw new LineFault('A sample has one name only.', from);
    names.pop();
    this.nameFrom = names.from(names.count);
    this.nameTo = names.to(names.count);
    this.isNameEscaped = names.flags[names.count] === ESCAPED;
    if (this.nameFrom === this.nameTo) throw new LineFault('The name of a metric is not empty.', from);
    return at;
  }

  #scanLabelName(from: number, names: Spans): number {
    const { bytes, view } = this.#source;
    if ((NAME_BITS[bytes[from]!]! & LABEL_START) === 0) {
      throw new LineFault(
        'The name of a label has to begin with a letter or an underscore, or to stand in quotes.',
        from,
      );
    }
    let at = from + 1;
    while ((NAME_BITS[bytes[at]!]! & LABEL_PART) !== 0) at++;
    names.push(from, at, hashOf(HASH_START, view, from, at), 0);
    return at;
  }

  /** From the opening quote to behind the closing one. Cost: 1 ns per four bytes, 1 ns a byte behind the first blank or escape. */
  #scanQuoted(quote: number, spans: Spans): number {
    const { bytes, view } = this.#source;
    const last = bytes.length - 4;
    let hash = HASH_START;
    let at = quote + 1;
    for (; at <= last; at += 4) {
      const four = view.getInt32(at, true);
      const ends = endsIn(four);
      if (ends !== 0) {
        const count = lowestBit(ends) >> 3;
        if (bytes[at + count] !== QUOTE) break;
        spans.push(quote + 1, at + count, hashEnd(hash, four, count), 0);
        return at + count + 1;
      }
      hash = hashStep(hash, four);
    }
    return this.#scanQuotedSlowly(quote, at, { hash, spans });
  }

  /** Goes on at `from`, with the hash of what is before. */
  #scanQuotedSlowly(quote: number, from: number, { hash, spans }: { hash: number; spans: Spans }): number {
    const { bytes, view } = this.#source;
    let at = from;
    let flags = 0;
    for (let byte = bytes[at]!; byte !== QUOTE; byte = bytes[++at]!) {
      if (byte === BACKSLASH) {
        flags = ESCAPED;
        this.#checkEscape(++at);
      } else if (byte === LINE_FEED) throw new LineFault('A quote is missing: the line ends within a text.', at);
    }
    spans.push(quote + 1, at, hashOf(hash, view, from, at), flags);
    return at + 1;
  }

  #checkEscape(at: number): void {
    const byte = this.#source.bytes[at]!;
    if (byte === QUOTE || byte === BACKSLASH || byte === 0x6e) return;
    if (byte === LINE_FEED) throw new LineFault('A quote is missing: the line ends within a text.', at);
    if (this.#hasThreeEscapes) throw new LineFault('Only \\\\, \\" and \\n are escapes.', at - 1);
  }

  #expect(at: number, byte: number, problem: string): number {
    if (this.#source.bytes[at] !== byte) throw new LineFault(problem, at);
    return at + 1;
  }

  #skip(at: number): number {
    return this.#isClassic ? skipBlanks(this.#source.bytes, at) : at;
  }
}

const ONES = 0x01010101;
const TOP_BITS = 0x80808080 | 0;

/**
 * The top bit of each of four bytes that may be a quote, a backslash or a line feed, and none where no byte may; only the lowest is
 * to be relied on. What comes before the quote in ASCII, such as a blank, is among them: one test for all those is cheaper than two.
 */
function endsIn(four: number): number {
  const slash = four ^ (BACKSLASH * ONES);
  return (((four - (QUOTE + 1) * ONES) & ~four) | ((slash - ONES) & ~slash)) & TOP_BITS;
}
