// Comparing as Go's templates do: only what is of one kind, and integers are not floats.
import { TemplateFailure } from './template-node.js';
import type { TemplateValue } from './template-value.js';

const COMPARABLE = new Set(['string', 'number', 'bigint', 'boolean']);

export function equal(a: TemplateValue, b: TemplateValue): boolean {
  if (a === undefined || b === undefined) return a === b;
  requireComparable(a, b);
  return a === b;
}

/** Negative where `a` is less; NaN is neither less nor equal. */
export function compare(a: TemplateValue, b: TemplateValue): number {
  requireComparable(a, b);
  if (typeof a === 'boolean') throw new TemplateFailure('invalid type for comparison');
  return (a as number) < (b as number) ? -1 : 1;
}

function requireComparable(a: TemplateValue, b: TemplateValue): void {
  if (!COMPARABLE.has(typeof a) || !COMPARABLE.has(typeof b)) throw new TemplateFailure('invalid type for comparison');
  if (typeof a !== typeof b) throw new TemplateFailure('incompatible types for comparison');
}
