// What ready-made rules are made with: seconds, numbers and texts of PromQL, looked at where options give them, so that no rule
// is made which nobody could evaluate.

import { describe, MetricDefinitionError } from '../../errors.js';
import type { Labels } from '../../model/label-set.js';
import { formatDuration } from '../../query/language/durations.js';
import { formatNumber } from '../../query/language/numbers.js';
import { parseExpression } from '../../query/language/parse-expression.js';
import { quote } from '../../query/language/strings.js';

/** Nobody takes a year for an average. */
const LONGEST_SECONDS = 366 * 86_400;

/** @throws MetricDefinitionError `invalid_option` for what is no expression. */
export function checkedExpression(option: string, text: string): string {
  const parsed = parseExpression(text);
  if (parsed.isOk()) return text;
  return refuseOption(option, JSON.stringify(text), `It gives no expression. ${describe(parsed.error)}`);
}

/** @throws MetricDefinitionError `invalid_option` for seconds that are none, or less than `least`. */
export function checkedSeconds(option: string, seconds: number, least = 0.001): number {
  if (typeof seconds === 'number' && seconds >= least && seconds <= LONGEST_SECONDS) return seconds;
  return refuseOption(option, String(seconds), `Give seconds, from ${least} to ${LONGEST_SECONDS} (a year).`);
}

/** As PromQL writes it: `5m`. @throws MetricDefinitionError `invalid_option` for seconds that are none. */
export function checkedWindow(option: string, seconds: number): string {
  return formatDuration(checkedSeconds(option, seconds) * 1000);
}

/** A number as PromQL reads it. @throws MetricDefinitionError `invalid_option` for none, or one that is not more than `above`. */
export function checkedNumber(option: string, value: number, above = 0): string {
  if (typeof value === 'number' && value > above && Number.isFinite(value)) return formatNumber(value);
  return refuseOption(option, String(value), `Give a number greater than ${above}.`);
}

/** `{job="shop",status_code=~"5.."}`; empty for no matchers. */
export function selectorOf(labels: Labels, ...matchers: readonly string[]): string {
  const given = Object.entries(labels).map(([name, value]) => `${name}=${quote(value)}`);
  const all = [...given, ...matchers];
  return all.length === 0 ? '' : `{${all.join(',')}}`;
}

/** ` by (job)`; empty for no labels, which is the same as all in one. */
export function grouping(by: readonly string[]): string {
  return by.length === 0 ? '' : ` by (${by.join(', ')})`;
}

export function refuseOption(option: string, value: string, rule: string): never {
  throw new MetricDefinitionError({ kind: 'invalid_option', option, value, rule });
}
