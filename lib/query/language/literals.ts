// Numbers and durations, which are the same to PromQL: `5m` is 300 anywhere, and 300 is a range of five minutes.
import { LONGEST_SECONDS, readDuration } from './durations.js';
import type { NumberLiteral } from './expression.js';
import { readNumber } from './numbers.js';
import { parseFailure } from './place.js';
import type { Reading } from './reading.js';
import { quote } from './strings.js';
import type { SyntaxNode } from './syntax-tree.js';
import type { Token } from './token.js';

export function readLiteral({ kind, text, start, end }: Token, query: string): NumberLiteral {
  const position = { start, end };
  if (kind === 'number') {
    const value = readNumber(text) as number;
    if (value < Number.POSITIVE_INFINITY || /^[^\d.]/.test(text) || Number.isNaN(value)) {
      return { kind: 'number', value, isDuration: false, position };
    }
    throw parseFailure(query, start, `error parsing number: ${quote(text)}: value out of range`);
  }
  const duration = readDuration(text);
  if ('problem' in duration) throw parseFailure(query, start, duration.problem);
  return { kind: 'number', value: duration.ms / 1000, isDuration: true, position };
}

/** The seconds that a node says, a sign in front of them included. */
export function readSeconds(node: SyntaxNode, reading: Reading): number {
  const { value } = readLiteral(reading.lastToken(node), reading.text);
  return reading.text[node.from] === '-' ? -value : value;
}

/** Of a range or the step of a subquery. */
export function readPositiveMs(node: SyntaxNode, reading: Reading): number {
  const ms = readMs(node, reading);
  if (!(readSeconds(node, reading) > 0)) {
    throw parseFailure(reading.text, node.from, 'duration must be greater than 0');
  }
  return ms;
}

/** Whole milliseconds, of which Prometheus knows the nanoseconds and drops them, too. */
export function readMs(node: SyntaxNode, reading: Reading): number {
  const seconds = readSeconds(node, reading);
  if (!(Math.abs(seconds) <= LONGEST_SECONDS)) throw parseFailure(reading.text, node.from, 'duration out of range');
  return Math.trunc(Math.round(seconds * 1e9) / 1e6);
}
