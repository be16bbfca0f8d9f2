// Texts with something wrong in them, or not: real expositions in which a few bytes, characters or lines were changed, always
// the same ones for the same seed.

/** What a text may be cut and mended with. */
const PIECES = [
  ' ',
  '\n',
  '"',
  '\\',
  '{',
  '}',
  ',',
  '=',
  '#',
  '# EOF\n',
  '0',
  '-1',
  '1.5',
  'NaN',
  '+Inf',
  '_total',
  '_sum',
  '_count',
  '_bucket',
  '_created',
  'le="1.0"',
  'quantile="0.5"',
  'a="b"',
  '# TYPE ',
  '# UNIT ',
  '# HELP ',
  ' 1',
  ' # {a="b"} 1',
  '\r',
  '\t',
  'é',
  '_',
  'x 1\n',
];

export class Mutator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** A text with one to three changes. */
  mutant(text: string): string {
    let mutated = text;
    for (let changes = 1 + this.below(3); changes > 0; changes--) mutated = this.#change(mutated);
    return mutated;
  }

  #change(text: string): string {
    const at = this.below(text.length + 1);
    switch (this.below(6)) {
      case 0:
        return text.slice(0, at) + text.slice(at + 1 + this.below(3));
      case 1:
        return text.slice(0, at) + this.pick(PIECES) + text.slice(at);
      case 2:
        return text.slice(0, at) + this.pick(PIECES) + text.slice(at + 1);
      default:
        return this.#changeLines(text.split('\n')).join('\n');
    }
  }

  /** Repeats, drops, moves a line, or puts one in place of another. */
  #changeLines(lines: string[]): string[] {
    const from = this.below(lines.length);
    const to = this.below(lines.length);
    const line = lines[from]!;
    const kind = this.below(4);
    if (kind === 0) lines.splice(from, 1);
    else if (kind === 1) lines.splice(to, 0, line);
    else if (kind === 2) lines.splice(to, 0, ...lines.splice(from, 1));
    else lines[to] = line;
    return lines;
  }
}
