// What the engine has to say about an answer without refusing it: warnings and infos in Prometheus' words, each said once, with
// the place in the query that it is about: the last one, where that are several.
import type { Position } from '../language/expression.js';
import type { QueryNotes } from '../values/query-result.js';

/** More than this many of a kind are counted instead of listed. */
const MOST_LISTED = 10;

export class Annotations {
  readonly #query: string;
  /** By text, the offset of the place. */
  readonly #warnings = new Map<string, number>();
  readonly #infos = new Map<string, number>();

  /** @param query - The text that positions are offsets into. */
  constructor(query: string) {
    this.#query = query;
  }

  /** @param text - Without "PromQL warning: " and the position, which are added. */
  warn(text: string, { start }: Position): void {
    noteAt(this.#warnings, text, start);
  }

  info(text: string, { start }: Position): void {
    noteAt(this.#infos, text, start);
  }

  notes(): QueryNotes {
    return { warnings: this.#listed(this.#warnings, 'warning'), infos: this.#listed(this.#infos, 'info') };
  }

  #listed(all: ReadonlyMap<string, number>, kind: string): string[] {
    const listed = [...all].slice(0, MOST_LISTED);
    const texts = listed.map(([text, start]) => `PromQL ${kind}: ${text} (${this.#place(start)})`);
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

function noteAt(notes: Map<string, number>, text: string, start: number): void {
  const known = notes.get(text);
  if (known === undefined || known < start) notes.set(text, start);
}
