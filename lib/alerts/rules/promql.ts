// PromQL in TypeScript: a tagged template that takes instruments for their names, so that a metric which is renamed or removed is
// an error of the compiler, and that writes values so that they can only be values.
import { format } from 'node:util';
import { describe, MetricDefinitionError } from '../../errors.js';
import { isMetricName } from '../../model/names.js';
import { formatDuration } from '../../query/language/durations.js';
import { formatNumber } from '../../query/language/numbers.js';
import { parseExpression } from '../../query/language/parse-expression.js';
import { quote } from '../../query/language/strings.js';

/** Anything that has a metric's name: every instrument. */
export interface Named {
  readonly name: string;
}

/** A piece of PromQL: an expression that has been read, or a duration. */
export class PromqlText {
  readonly text: string;
  /** Whether it can stand next to any operator without parentheses. */
  readonly isClosed: boolean;

  constructor(text: string, isClosed: boolean) {
    this.text = text;
    this.isClosed = isClosed;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a `promql` template: an instrument, an expression, a duration, a number, or the value of a label. */
export type PromqlPart = Named | PromqlText | number | string;

/**
 * Writes an expression. Instruments stand for their names, strings become quoted strings (values of labels), other expressions
 * are put in parentheses where they need them.
 *
 * @throws MetricDefinitionError `invalid_option` for what is no PromQL, with the place, and for a part within a string or a
 *   comment, where nothing would be quoted.
 *
 * @example
 * promql`sum(rate(${requests}{status=~${'5..'}}[${duration(300)}])) > ${0.5}`.text;
 * // sum(rate(http_requests_total{status=~"5.."}[5m])) > 0.5
 */
export function promql(strings: TemplateStringsArray, ...parts: readonly PromqlPart[]): PromqlText {
  let text = '';
  for (const [i, piece] of strings.raw.entries()) {
    text += piece;
    if (i === parts.length) break;
    // Parts are whole tokens, so what is open after a piece is open in the pieces alone.
    if (isWithinString(strings.raw.slice(0, i + 1).join(' '))) {
      throw invalid(
        text,
        'A part cannot stand within a string or a comment. Leave out the quotes: strings are quoted by themselves.',
      );
    }
    const part = written(parts[i]);
    // A power binds tighter than the sign of a number before it.
    text += part.startsWith('-') && /^\s*\^/.test(strings.raw[i + 1] ?? '') ? `(${part})` : part;
  }
  const parsed = parseExpression(text);
  if (parsed.isErr()) throw invalid(text, describe(parsed.error));
  const { kind } = parsed.value;
  return new PromqlText(text, kind !== 'binary' && kind !== 'unary');
}

/**
 * A duration for ranges and offsets in a `promql` template.
 *
 * @example
 * promql`increase(${orders}[${duration(3600)}])`.text; // increase(orders_total[1h])
 */
export function duration(seconds: number): PromqlText {
  if (!(seconds >= 0.001 && seconds < Number.POSITIVE_INFINITY)) {
    throw invalid(String(seconds), 'Give a duration of a millisecond or more, in seconds.');
  }
  return new PromqlText(formatDuration(Math.round(seconds * 1000)), true);
}

function written(part: PromqlPart | null | undefined): string {
  if (typeof part === 'number') return formatNumber(part);
  if (typeof part === 'string') return quote(part);
  if (part instanceof PromqlText) return part.isClosed ? part.text : `(${part.text})`;
  if (typeof part?.name !== 'string') {
    throw invalid(format(part), 'Give an instrument, a number, a string, a duration or another expression.');
  }
  if (!isMetricName(part.name)) {
    throw invalid(part.name, 'In PromQL this name is written in braces: write {"…"} with the name as a string.');
  }
  return part.name;
}

const STRINGS = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|`[^`]*`|#.*\n/g;

function isWithinString(text: string): boolean {
  return /["'`#]/.test(text.replace(STRINGS, ''));
}

function invalid(value: string, rule: string): MetricDefinitionError {
  return new MetricDefinitionError({ kind: 'invalid_option', option: 'promql', value, rule });
}
