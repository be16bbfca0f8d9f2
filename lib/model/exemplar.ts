// Exemplars as readers see them: for a few observations, what led to them, mostly the trace in which they were made.
import type { Labels } from './label-set.js';

/** The longest that names and values of an exemplar's labels may be together, in code points. */
export const MOST_EXEMPLAR_CODE_POINTS = 128;

export interface Exemplar {
  /** Which number of the series' row it belongs to: a histogram's bucket, 0 for a counter. */
  readonly column: number;
  readonly labels: Labels;
  /** What was observed, or by how much a counter was incremented. */
  readonly value: number;
  /** Milliseconds since the epoch; NaN where a text that was read does not tell. */
  readonly timestampMs: number;
}
