// A native histogram as PromQL computes with it: counts are any numbers, buckets may have bounds of the user's own, and it is
// known whether it counts up or is a gauge. Every histogram of the model is one; the arithmetic stands beside this file.
import type { NativeBuckets, NativeHistogram } from '../../model/native-histogram.js';

/** The schema of histograms whose buckets have `customBounds`. */
export const CUSTOM_BOUNDS_SCHEMA = -53;

/** What is known of a histogram and the one before it in its series. */
export type ResetHint = 'unknown' | 'reset' | 'not_reset' | 'gauge';

export interface FloatHistogram extends NativeHistogram {
  /**
   * Upper bounds, ascending, without +Inf; with `CUSTOM_BOUNDS_SCHEMA` only. Positive bucket i then ends at bound i, bucket
   * `customBounds.length` at +Inf, and there are neither negative buckets nor a zero bucket.
   */
  readonly customBounds?: Float64Array;
  /** Left out: unknown. */
  readonly resetHint?: ResetHint;
}

/** Why two histograms cannot be added, subtracted or compared for rates. Callers say so in an annotation and leave them out. */
export type HistogramMismatch = 'exponential_and_custom' | 'different_bounds';

export const NO_BUCKETS: NativeBuckets = { indexes: new Int32Array(0), counts: new Float64Array(0) };

export function usesCustomBounds({ schema }: FloatHistogram): boolean {
  return schema === CUSTOM_BOUNDS_SCHEMA;
}

export function resetHintOf({ resetHint }: FloatHistogram): ResetHint {
  return resetHint ?? 'unknown';
}

export function isGaugeHistogram({ resetHint }: FloatHistogram): boolean {
  return resetHint === 'gauge';
}

/** Undefined where two histograms can be computed with together. */
export function mismatchOf(a: FloatHistogram, b: FloatHistogram): HistogramMismatch | undefined {
  if (a.schema !== CUSTOM_BOUNDS_SCHEMA && b.schema !== CUSTOM_BOUNDS_SCHEMA) return undefined;
  if (a.schema !== b.schema) return 'exponential_and_custom';
  return haveSameBounds(a, b) ? undefined : 'different_bounds';
}

export function haveSameBounds({ customBounds: a }: FloatHistogram, { customBounds: b }: FloatHistogram): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
