// What is asked of native histograms before PromQL computes with them: whether two fit together, and what is known of
// resets. The arithmetic stands beside this file.
import {
  CUSTOM_BOUNDS_SCHEMA,
  haveSameBounds,
  type NativeHistogram,
  type ResetHint,
} from '../../model/native-histogram.js';

/** A native histogram whose counts are any numbers. */
export type FloatHistogram = NativeHistogram;

/** Why two histograms cannot be added, subtracted or compared for rates. Callers say so in an annotation and leave them out. */
export type HistogramMismatch = 'exponential_and_custom' | 'different_bounds';

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
