// From offsets to lines and columns, and how the reader gives up with them. Apart, because every part of the reader does it.
import type { QueryError } from '../../errors.js';
import { QueryFailure } from '../evaluation/query-failure.js';

export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
}

export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** The text is no expression, from `offset` on. */
export function parseFailure(text: string, offset: number, problem: string): QueryFailure {
  return failure({ kind: 'parse_error', ...placeOf(text, offset), problem });
}

/** Parts of the text do not go together. */
export function typeFailure(text: string, offset: number, problem: string): QueryFailure {
  return failure({ kind: 'type_mismatch', ...placeOf(text, offset), problem });
}

/** The text uses what Prometheus has behind a feature flag. */
export function unsupportedFailure(text: string, offset: number, feature: string): QueryFailure {
  return failure({ kind: 'unsupported', ...placeOf(text, offset), feature });
}

function failure(error: QueryError): QueryFailure {
  return new QueryFailure(error);
}
