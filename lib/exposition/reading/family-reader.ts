// One family while its lines are being read: what its comment lines say, the names of its samples, and where those are kept.
import type { MetricType } from '../../model/family.js';
import { rolesOf, type SampleRole } from './family-types.js';
import { type ReadingContext, SampleColumns } from './sample-columns.js';
import type { SampleScanner } from './sample-scanner.js';

/** A name of samples, as bytes, and which number of their series they are. */
interface SampleName {
  readonly bytes: Uint8Array;
  readonly cell: number;
}

export class FamilyReader {
  /** As comment lines have it: in OpenMetrics without the suffix of the samples. */
  readonly name: string;
  /** Where the family begins. */
  readonly line: number;
  /** What no line has told yet is undefined. */
  help: string | undefined;
  unit: string | undefined;
  readonly #context: ReadingContext;
  #type: MetricType | undefined;
  #columns: SampleColumns | undefined;
  #names: readonly SampleName[] = [];

  constructor(name: string, line: number, context: ReadingContext) {
    this.name = name;
    this.line = line;
    this.#context = context;
  }

  get type(): MetricType {
    return this.#type ?? 'unknown';
  }

  get isTyped(): boolean {
    return this.#type !== undefined;
  }

  setType(type: MetricType): void {
    this.#type = type;
    this.#names = [];
  }

  /** Its samples; undefined as long as there are none. */
  get columns(): SampleColumns | undefined {
    return this.#columns;
  }

  get roles(): readonly SampleRole[] {
    return rolesOf(this.type, this.#context.format);
  }

  /** Which number of its series the sample is that was scanned last; undefined when it is none of this family. */
  cellFor(scanner: SampleScanner): number | undefined {
    const { source, nameFrom, nameTo, isNameEscaped, repeatsName, taker, takenAs } = scanner;
    if (repeatsName && taker === this) return takenAs;
    if (isNameEscaped) return undefined;
    if (this.#names.length === 0) this.#names = this.#sampleNames();
    for (const { bytes: known, cell } of this.#names) if (isText(known, source.bytes, nameFrom, nameTo)) return cell;
    return undefined;
  }

  /** Which number of its series a sample of this name is. */
  cellNamed(name: string): number | undefined {
    return this.roles.find(({ suffix }) => this.name + suffix === name)?.cell;
  }

  /**
   * Answers whether the sample is one that the family can have.
   *
   * @throws LineFault
   */
  add(scanner: SampleScanner, cell: number, line: number): boolean {
    this.#columns ??= new SampleColumns(this.name, this.type, this.#context);
    if (!this.#columns.add(scanner, cell, line)) return false;
    scanner.taker = this;
    scanner.takenAs = cell;
    return true;
  }

  #sampleNames(): SampleName[] {
    return this.roles.map(({ suffix, cell }) => {
      return { bytes: new Uint8Array(Buffer.from(this.name + suffix)), cell };
    });
  }
}

function isText(text: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  const { length } = text;
  if (to - from !== length) return false;
  // From the end: names of one family differ there.
  for (let i = length - 1; i >= 0; i--) if (text[i] !== bytes[from + i]) return false;
  return true;
}
