// What the engine has to say about an answer without refusing it: warnings and infos in Prometheus' words, each said once, with
// the place in the query that it is about: the last one, where there are several.
import type { Position } from '../language/expression.js';
import type { QueryNotes } from '../values/query-result.js';

/** More than this many of a kind are counted instead of listed. */
const MOST_LISTED = 10;

export class Annotations {
  readonly #query: string;
  readonly #warnings = new Map<string, Position>();
  readonly #infos = new Map<string, Position>();

  /** @param query - The text that positions are offsets into. */
  constructor(query: string) {
    this.#query = query;
  }

  /** @param text - Without "PromQL warning: " and the position, which are added. */
  warn(text: string, position: Position): void {
    noteAt(this.#warnings, text, position);
  }

  info(text: string, position: Position): void {
    noteAt(this.#infos, text, position);
  }

  notes(): QueryNotes {
    return { warnings: this.#listed(this.#warnings, 'warning'), infos: this.#listed(this.#infos, 'info') };
  }

  #listed(all: ReadonlyMap<string, Position>, kind: string): string[] {
    const listed = [...all].slice(0, MOST_LISTED);
    const texts = listed.map(([text, { start }]) => `PromQL ${kind}: ${text} (${this.#place(start)})`);
    if (all.size > MOST_LISTED) texts.push(`${all.size - MOST_LISTED} more ${kind} annotations omitted`);
    return texts;
  }

  /** Line and column, from 1. */
  #place(start: number): string {
    const before = this.#query.slice(0, start);
    const line = before.split('\n').length;
    return `${line}:${start - before.lastIndexOf('\n')}`;
  }
}

/** The last place is the one that Prometheus evaluates last: parts from left to right, and what they are parts of after them. */
function noteAt(notes: Map<string, Position>, text: string, position: Position): void {
  const known = notes.get(text);
  const { start, end } = position;
  if (known === undefined || known.end < end || (known.end === end && known.start > start)) notes.set(text, position);
}
