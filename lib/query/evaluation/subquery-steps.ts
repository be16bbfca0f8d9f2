// The steps of a subquery: those of its own, not of the query around it, so that the same samples are looked at whenever it is
// asked.
import type { Steps } from '../values/steps.js';
import type { Moments } from './moments.js';

/** The multiples of the step that are in any of the windows, which are left-open; undefined where there are none. */
export function subquerySteps(moments: Moments, rangeMs: number, stepMs: number): Steps | undefined {
  const startMs = stepMs * (Math.floor((moments.firstMs - rangeMs) / stepMs) + 1);
  const count = Math.floor((moments.lastMs - startMs) / stepMs) + 1;
  return count > 0 ? { startMs, stepMs, count } : undefined;
}
