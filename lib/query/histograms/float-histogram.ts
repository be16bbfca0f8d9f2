// A native histogram as PromQL computes with it: counts are any numbers, buckets may have bounds of the user's own, and it is
// known whether it counts up or is a gauge. Every histogram of the model is one; the arithmetic stands beside this file.
import type { NativeHistogram } from '../../model/native-histogram.js';

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
