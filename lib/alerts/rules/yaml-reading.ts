// YAML as the reader of rule files sees it: mappings of known fields, lists, texts and numbers, each with the place where it
// stands. What is of another shape is noted as a problem, and reading goes on, so that all mistakes are told at once.
import {
  Alias,
  type Document,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  type Scalar,
} from 'yaml';

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface TextProblem extends Place {
  readonly problem: string;
}

/** A field of a mapping: its value, and where its name stands. */
export interface Field {
  readonly name: string;
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

/** What stands for nothing, wherever it stands. */
const NULL = /^(?:~|null|Null|NULL|)$/;
const INTEGER = /^[-+]?(?:0|[1-9][0-9]*|0x[0-9a-fA-F]+|0o[0-7]+)$/;

export class YamlReading {
  readonly problems: TextProblem[] = [];
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  placeOf(node: Node | undefined): Place {
    const start = node?.range?.[0];
    if (start === undefined) return { line: 1, column: 1 };
    const { line, col } = this.#lines.linePos(start);
    return { line, column: col };
  }

  complain(node: Node | undefined, problem: string): void {
    this.problems.push({ ...this.placeOf(node), problem });
  }

  /** The fields of a mapping, by name; undefined for what is none. Names that are not known are a problem. */
  fields(node: Node | undefined, kind: string, known: readonly string[] | undefined): Map<string, Field> | undefined {
    const map = this.resolve(node);
    if (isNothing(map)) return new Map();
    if (!isMap(map)) {
      this.complain(node, `${describeNode(map)} is no ${kind}`);
      return undefined;
    }
    const fields = new Map<string, Field>();
    for (const pair of map.items as readonly Pair<Node, Node | null>[]) this.#takeField(pair, fields);
    for (const { name, key } of fields.values()) {
      if (known !== undefined && !known.includes(name)) this.complain(key, `field ${name} not found in ${kind}`);
    }
    return fields;
  }

  /** The items of a list; none for what is nothing. */
  items(node: Node | undefined, kind: string): readonly Node[] {
    const list = this.resolve(node);
    if (isNothing(list)) return [];
    if (isSeq(list)) return list.items as Node[];
    this.complain(node, `${describeNode(list)} is no list of ${kind}`);
    return [];
  }

  /** A text as it stands: `5` and `true` are texts too, and nothing is the empty one. */
  text(node: Node | undefined, kind: string): string {
    const scalar = this.resolve(node);
    if (isNothing(scalar)) return '';
    if (isScalar(scalar)) return textOf(scalar);
    this.complain(node, `${describeNode(scalar)} is no ${kind}`);
    return '';
  }

  integer(node: Node | undefined, kind: string): number {
    const scalar = this.resolve(node);
    if (isNothing(scalar)) return 0;
    if (isScalar(scalar) && isPlain(scalar) && INTEGER.test(textOf(scalar))) return Number(textOf(scalar));
    this.complain(node, `${describeNode(scalar)} is no ${kind}`);
    return 0;
  }

  isNothing(node: Node | undefined): boolean {
    return isNothing(this.resolve(node));
  }

  resolve(node: Node | undefined): Node | undefined {
    return node instanceof Alias ? (node.resolve(this.#document) as Node | undefined) : node;
  }

  #takeField(pair: Pair<Node, Node | null>, fields: Map<string, Field>): void {
    const name = this.text(pair.key, 'name of a field');
    const value = pair.value ?? undefined;
    if (name !== '<<' || !isScalar(pair.key) || !isPlain(pair.key)) {
      fields.set(name, { name, key: pair.key, value });
      return;
    }
    // What is merged in gives way to what stands there itself, before it or after it.
    const sources = this.resolve(value);
    for (const source of isSeq(sources) ? (sources.items as Node[]) : [value]) {
      for (const [inner, field] of this.fields(source, 'mapping', undefined) ?? []) {
        if (!fields.has(inner)) fields.set(inner, field);
      }
    }
  }
}

function isPlain({ type }: Scalar): boolean {
  return type === 'PLAIN' || type === undefined;
}

function textOf(scalar: Scalar): string {
  return isPlain(scalar) ? (scalar.source ?? String(scalar.value ?? '')) : String(scalar.value);
}

function isNothing(node: Node | undefined): boolean {
  return node === undefined || node === null || (isScalar(node) && isPlain(node) && NULL.test(textOf(node)));
}

function describeNode(node: Node | undefined): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  return isScalar(node) ? JSON.stringify(textOf(node).slice(0, 100)) : 'this';
}
