// What the engine has to say about an answer without refusing it: warnings and infos in Prometheus' words, each said once,
// with the place in the query that it is about.
import type { Position } from '../language/expression.js';
import type { QueryNotes } from '../values/query-result.js';

/** More than this many of a kind are counted instead of listed. */
const MOST_LISTED = 10;

export class Annotations {
  readonly #query: string;
  readonly #warnings = new Set<string>();
  readonly #infos = new Set<string>();

  /** @param query - The text that positions are offsets into. */
  constructor(query: string) {
    this.#query = query;
  }

  /** @param text - Without "PromQL warning: " and the position, which are added. */
  warn(text: string, position: Position): void {
    this.#warnings.add(`PromQL warning: ${text} (${this.#place(position)})`);
  }

  info(text: string, position: Position): void {
    this.#infos.add(`PromQL info: ${text} (${this.#place(position)})`);
  }

  notes(): QueryNotes {
    return { warnings: listed(this.#warnings, 'warning'), infos: listed(this.#infos, 'info') };
  }

  /** Line and column, from 1. */
  #place({ start }: Position): string {
    const before = this.#query.slice(0, start);
    const line = before.split('\n').length;
    return `${line}:${start - before.lastIndexOf('\n')}`;
  }
}

function listed(all: ReadonlySet<string>, kind: string): string[] {
  const texts = [...all].slice(0, MOST_LISTED);
  if (all.size > MOST_LISTED) texts.push(`${all.size - MOST_LISTED} more ${kind} annotations omitted`);
  return texts;
}
