// Reads a text line by line: comment lines here, samples through the scanner. It gets whole lines and gives complete families, and
// turns every fault into one with a line and a column.
import { HASH, LINE_FEED, skipBlanks } from './characters.js';
import { classicComment, openMetricsComment, unescaped } from './comment-lines.js';
import type { FamilyReader } from './family-reader.js';
import { typeNamed } from './family-types.js';
import { Fault, LineFault, limitFault } from './fault.js';
import type { ExpositionLimits } from './limits.js';
import type { Lines } from './line-splitter.js';
import { ClassicFamilies, type OpenFamilies, OpenMetricsFamilies } from './open-families.js';
import type { ReadingContext } from './sample-columns.js';
import { SampleScanner } from './sample-scanner.js';
import { textOf } from './utf8.js';

/** Bytes between two looks at the clock: some dozen µs of work. */
const PORTION_BYTES = 8 * 1024;
const EOF = '# EOF';

export type ReadingRules = Omit<ReadingContext, 'seriesCount'>;

export class ExpositionReader {
  readonly context: ReadingContext;
  readonly #isClassic: boolean;
  readonly #scanner: SampleScanner;
  readonly #families: OpenFamilies;
  #line = 0;
  #lineStart = 0;
  #hasEnded = false;

  constructor({ format, limits, isLenient }: ReadingRules, isWhole: boolean) {
    this.context = { format, limits, isLenient, seriesCount: 0 };
    this.#isClassic = format === 'prometheus';
    this.#scanner = new SampleScanner({ isClassic: this.#isClassic, isLenient, maxLabels: limits.maxLabels });
    this.#families =
      this.#isClassic || isLenient ? new ClassicFamilies(this.context, isWhole) : new OpenMetricsFamilies(this.context);
  }

  /**
   * Reads some lines from `from` on and answers where the next one begins.
   *
   * @throws Fault
   */
  read({ bytes, to }: Lines, from: number): number {
    // What was read before may have been overwritten.
    this.#scanner.use(bytes);
    const until = Math.min(to, from + PORTION_BYTES);
    let at = from;
    try {
      while (at < until) {
        this.#line++;
        this.#lineStart = at;
        const end = this.#readLine(bytes, at);
        if (end - at > this.context.limits.maxLineBytes) throw limitFault('maxLineBytes', at);
        at = end + 1;
      }
    } catch (thrown) {
      throw this.#located(thrown, bytes);
    }
    return at;
  }

  takeComplete(): FamilyReader[] {
    return this.#families.takeComplete();
  }

  /**
   * Ends the text, `rest` being what stands behind its last line feed.
   *
   * @throws Fault
   */
  end(rest: Uint8Array): void {
    this.#line++;
    this.#lineStart = 0;
    try {
      const text = textOf(rest, 0, rest.length);
      if (text === EOF && !this.#isClassic && !this.#hasEnded) this.#hasEnded = true;
      else if (this.#isClassic ? /[^ \t]/.test(text) : text !== '') {
        throw new LineFault('The text ends within a line: a line feed is missing, and maybe more.', rest.length);
      }
      if (!this.#isClassic && !this.#hasEnded)
        throw new LineFault('The text ends without # EOF: a part of it is missing.', 0);
      this.#families.end();
    } catch (thrown) {
      throw this.#located(thrown, rest);
    }
  }

  /** The error of a text that goes beyond a limit in the line that comes next. */
  tooLarge(limit: keyof ExpositionLimits): Fault {
    const allowed = this.context.limits[limit];
    return new Fault({ kind: 'exposition_too_large', line: this.#line + 1, column: 1, limit, allowed });
  }

  /** Answers where the line feed is. */
  #readLine(bytes: Uint8Array, from: number): number {
    const start = this.#isClassic ? skipBlanks(bytes, from) : from;
    const byte = bytes[start]!;
    if (this.#hasEnded) throw new LineFault('Nothing stands behind # EOF.', from);
    if (byte === HASH) return this.#readComment(bytes, from);
    if (byte === LINE_FEED) {
      if (this.#isClassic) return start;
      throw new LineFault('OpenMetrics has no empty lines.', from);
    }
    const end = this.#scanner.scan(start);
    this.#families.add(this.#scanner, this.#sampleName, this.#line);
    return end;
  }

  #readComment(bytes: Uint8Array, from: number): number {
    const end = bytes.indexOf(LINE_FEED, from);
    const line = textOf(bytes, from, end);
    if (line === EOF && !this.#isClassic) {
      this.#hasEnded = true;
      return end;
    }
    const comment = this.#isClassic
      ? classicComment(line, from, this.context.isLenient)
      : openMetricsComment(line, from);
    if (comment === undefined) return end;
    const family = this.#families.named(comment.name, this.#line, from);
    if (comment.keyword === 'HELP') this.#setHelp(family, comment.text, from);
    else if (comment.keyword === 'UNIT') setUnit(family, comment.text, from);
    else this.#setType(family, comment.text, from);
    return end;
  }

  #setHelp(family: FamilyReader, text: string, at: number): void {
    if (family.help === undefined) family.help = text;
    else if (!this.context.isLenient) throw new LineFault('A family has one HELP line.', at);
  }

  #setType(family: FamilyReader, text: string, at: number): void {
    const type = typeNamed(text, this.context.format);
    if (type === undefined) throw new LineFault('This format has no metrics of such a type.', at);
    // Who repeats the line before every sample says the same each time.
    if (this.context.isLenient && (family.isTyped || family.columns !== undefined)) return;
    if (family.isTyped) throw new LineFault('A family has one TYPE line.', at);
    if (family.columns !== undefined) throw new LineFault('The TYPE line of a family stands before its samples.', at);
    family.setType(type);
    checkUnit(family, at);
    this.#families.typed(family, at);
  }

  /** The name of the sample that was scanned last. */
  readonly #sampleName = (): string => {
    const { source, nameFrom, nameTo, isNameEscaped } = this.#scanner;
    const text = textOf(source.bytes, nameFrom, nameTo);
    return isNameEscaped ? unescaped(text) : text;
  };

  #located(thrown: unknown, bytes: Uint8Array): unknown {
    if (!(thrown instanceof LineFault)) return thrown;
    const { limit, problem } = thrown;
    const before = Buffer.from(bytes.subarray(this.#lineStart, Math.max(this.#lineStart, thrown.at))).toString();
    const place = { line: this.#line, column: [...before].length + 1 };
    if (limit === undefined) return new Fault({ kind: 'malformed_exposition', ...place, problem });
    return new Fault({ kind: 'exposition_too_large', ...place, limit, allowed: this.context.limits[limit] });
  }
}

function setUnit(family: FamilyReader, unit: string, at: number): void {
  if (family.unit !== undefined) throw new LineFault('A family has one UNIT line.', at);
  if (unit !== '' && !family.name.endsWith(`_${unit}`)) {
    throw new LineFault('The unit has to be what the name of the family ends with, behind an underscore.', at);
  }
  family.unit = unit;
  checkUnit(family, at);
}

function checkUnit({ type, unit = '' }: FamilyReader, at: number): void {
  if (unit !== '' && (type === 'info' || type === 'stateset')) {
    throw new LineFault(`A family of the type ${type} has no unit.`, at);
  }
}
