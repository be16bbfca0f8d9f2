// Which family a line belongs to. Each format has its own way: classic text lets the samples of a histogram have names of their own
// and families come in any order, OpenMetrics wants each of them in one piece and all names different.

import { VALUE } from './cells.js';
import { FamilyReader } from './family-reader.js';
import { LineFault, limitFault } from './fault.js';
import type { ReadingContext } from './sample-columns.js';
import type { SampleScanner } from './sample-scanner.js';

/** The families of a text while it is being read. `at` is always the place in the line that a fault would be about. */
export interface OpenFamilies {
  /** The one that a comment line is about. */
  named(name: string, line: number, at: number): FamilyReader;
  /** Tells that a comment line said of which type a family is. */
  typed(family: FamilyReader, at: number): void;
  /** Takes a sample. */
  add(scanner: SampleScanner, name: () => string, line: number): void;
  /** Those of which no line can come any more. */
  takeComplete(): FamilyReader[];
  /** Ends the text. */
  end(): void;
}

/** A family of the types that have samples of several names. */
const isFolded = ({ type }: FamilyReader) => type === 'histogram' || type === 'gaugehistogram' || type === 'summary';

/** Behind the names of families, in the names of their samples. */
const SUFFIXES = {
  prometheus: /_(?:bucket|sum|count)$/,
  openmetrics: /_(?:bucket|sum|count|gsum|gcount|total|created|info)$/,
} as const;

/** Of classic text, and of OpenMetrics where families may come in any order nevertheless. */
export class ClassicFamilies implements OpenFamilies {
  readonly #context: ReadingContext;
  readonly #isWhole: boolean;
  readonly #open = new Map<string, FamilyReader>();
  /** Families that are complete, and whether they were folded. */
  readonly #closed = new Map<string, boolean>();
  readonly #loose: LooseFamilies;
  #complete: FamilyReader[] = [];
  #current: FamilyReader | undefined;

  /** `isWhole`: families may go on after others, so that all of them are kept until the end. */
  constructor(context: ReadingContext, isWhole: boolean) {
    this.#context = context;
    this.#isWhole = isWhole;
    this.#loose = new LooseFamilies(context);
  }

  named(name: string, line: number, at: number): FamilyReader {
    const known = this.#open.get(name);
    return this.#enter(known ?? this.#begin(name, line, at));
  }

  typed(): void {}

  add(scanner: SampleScanner, name: () => string, line: number): void {
    const cell = this.#current?.cellFor(scanner) ?? this.#enterSample(name(), line, scanner.nameFrom);
    const isTaken = cell !== undefined && this.#current!.add(scanner, cell, line);
    if (!isTaken) this.#loose.add(scanner, name(), line);
  }

  takeComplete(): FamilyReader[] {
    if (this.#complete.length === 0) return this.#complete;
    return this.#complete.splice(0);
  }

  end(): void {
    this.#complete.push(...this.#open.values(), ...this.#loose.all());
    this.#open.clear();
  }

  /** Goes to the family of a sample that is none of the one before, and answers what it is there, if it has a place there. */
  #enterSample(name: string, line: number, at: number): number | undefined {
    const family = this.#enter(this.#familyOf(name, line, at));
    const cell = family.cellNamed(name);
    if (cell === undefined && !this.#context.isLenient)
      throw new LineFault(`A family of the type ${family.type} has no samples of just its name.`, at);
    return cell;
  }

  /** A name of its own comes before a part of another family. */
  #familyOf(name: string, line: number, at: number): FamilyReader {
    const exact = this.#open.get(name);
    if (exact !== undefined) return exact;
    const base = name.replace(SUFFIXES[this.#context.format], '');
    const folded = this.#open.get(base);
    if (folded?.cellNamed(name) !== undefined) return folded;
    if (this.#closed.get(base) === true) throw goesOn(base, at);
    return this.#begin(name, line, at);
  }

  #begin(name: string, line: number, at: number): FamilyReader {
    if (this.#closed.has(name)) throw goesOn(name, at);
    const family = beginFamily(name, line, this.#context, at);
    this.#open.set(name, family);
    return family;
  }

  #enter(family: FamilyReader): FamilyReader {
    const before = this.#current;
    this.#current = family;
    if (before === undefined || before === family || this.#isWhole) return family;
    this.#open.delete(before.name);
    this.#closed.set(before.name, isFolded(before));
    this.#complete.push(before);
    return family;
  }
}

function goesOn(name: string, at: number): LineFault {
  return new LineFault(`The family ${name} goes on here after others, which only parseExposition can read.`, at);
}

export class OpenMetricsFamilies implements OpenFamilies {
  readonly #context: ReadingContext;
  /** Names of families and of their samples, no two of which are the same. */
  readonly #names = new Set<string>();
  #complete: FamilyReader[] = [];
  #current: FamilyReader | undefined;

  constructor(context: ReadingContext) {
    this.#context = context;
  }

  named(name: string, line: number, at: number): FamilyReader {
    const current = this.#current;
    if (current?.name !== name) return this.#begin(name, line, at);
    if (current.columns !== undefined)
      throw new LineFault('The samples of a family stand behind all that is said of it.', at);
    return current;
  }

  typed(family: FamilyReader, at: number): void {
    for (const { suffix } of family.roles) if (suffix !== '') this.#claim(family.name + suffix, at);
  }

  add(scanner: SampleScanner, name: () => string, line: number): void {
    const cell = this.#current?.cellFor(scanner) ?? this.#enterSample(name(), line, scanner.nameFrom);
    this.#current!.add(scanner, cell, line);
  }

  takeComplete(): FamilyReader[] {
    if (this.#complete.length === 0) return this.#complete;
    return this.#complete.splice(0);
  }

  end(): void {
    if (this.#current !== undefined) this.#complete.push(this.#current);
    this.#current = undefined;
  }

  /** A sample that is none of the family above begins one of an unknown type. */
  #enterSample(name: string, line: number, at: number): number {
    const cell = this.#current?.cellNamed(name);
    return cell ?? this.#begin(name, line, at).roles[0]!.cell;
  }

  #begin(name: string, line: number, at: number): FamilyReader {
    this.end();
    this.#claim(name, at);
    this.#current = beginFamily(name, line, this.#context, at);
    return this.#current;
  }

  #claim(name: string, at: number): void {
    if (this.#names.has(name)) {
      throw new LineFault(
        `The name ${name} belongs to a family above. Each is in one piece, and has its names for itself.`,
        at,
      );
    }
    this.#names.add(name);
  }
}

/**
 * Samples that cannot be what their family says, such as a bucket without a bound: each is one of a family of its own, of an unknown
 * type and under its own name, beside the other of that name.
 */
class LooseFamilies {
  readonly #context: ReadingContext;
  readonly #byName = new Map<string, FamilyReader>();

  constructor(context: ReadingContext) {
    this.#context = context;
  }

  add(scanner: SampleScanner, name: string, line: number): void {
    let family = this.#byName.get(name);
    if (family === undefined) {
      family = beginFamily(name, line, this.#context, scanner.nameFrom);
      this.#byName.set(name, family);
    }
    family.add(scanner, VALUE, line);
  }

  all(): Iterable<FamilyReader> {
    return this.#byName.values();
  }
}

function beginFamily(name: string, line: number, context: ReadingContext, at: number): FamilyReader {
  if (++context.seriesCount > context.limits.maxSeries) throw limitFault('maxSeries', at);
  return new FamilyReader(name, line, context);
}
