// Whether two histograms are the same, and whether a counter was reset between them. Both take histograms without empty
// buckets, as storages keep them and as results are.
import { coarserBuckets, haveSameIndexes, type NativeBuckets } from '../../model/native-buckets.js';
import { haveSameBounds, withZeroThreshold } from '../../model/native-histogram.js';
import { type FloatHistogram, mismatchOf, usesCustomBounds } from './float-histogram.js';

/** The same numbers in the same buckets: data are compared and not values, so that NaN equals NaN. Reset hints do not count. */
export function equalHistograms(a: FloatHistogram, b: FloatHistogram): boolean {
  return (
    a.schema === b.schema &&
    Object.is(a.count, b.count) &&
    Object.is(a.sum, b.sum) &&
    a.zeroThreshold === b.zeroThreshold &&
    Object.is(a.zeroCount, b.zeroCount) &&
    (!usesCustomBounds(a) || haveSameBounds(a, b)) &&
    equalBuckets(a.positive, b.positive) &&
    equalBuckets(a.negative, b.negative)
  );
}

/**
 * Whether a histogram started anew after `previous`: it says so itself, or it has less than that one in any bucket, or
 * buckets that only a new start can have (finer ones, a narrower zero bucket, other bounds).
 */
export function detectReset(histogram: FloatHistogram, previous: FloatHistogram): boolean {
  if (histogram.resetHint === 'reset') return true;
  if (histogram.resetHint === 'not_reset') return false;
  if (histogram.count < previous.count || mismatchOf(histogram, previous) !== undefined) return true;
  if (histogram.schema > previous.schema || histogram.zeroThreshold < previous.zeroThreshold) return true;
  const before = withZeroThreshold(previous, histogram.zeroThreshold);
  // It had to be widened, as the new zero bucket ends within one that had observations.
  if (before.zeroThreshold !== histogram.zeroThreshold || histogram.zeroCount < before.zeroCount) return true;
  const steps = previous.schema - histogram.schema;
  return (
    hasFewer(histogram.positive, coarserBuckets(before.positive, steps)) ||
    hasFewer(histogram.negative, coarserBuckets(before.negative, steps))
  );
}

/** Whether any bucket has fewer observations than it had, those included that are gone. */
function hasFewer(now: NativeBuckets, before: NativeBuckets): boolean {
  let at = 0;
  for (let i = 0; i < before.indexes.length; i++) {
    const index = before.indexes[i] as number;
    while (at < now.indexes.length && (now.indexes[at] as number) < index) at++;
    if (now.indexes[at] !== index || (now.counts[at] as number) < (before.counts[i] as number)) return true;
  }
  return false;
}

function equalBuckets(a: NativeBuckets, b: NativeBuckets): boolean {
  if (!haveSameIndexes(a.indexes, b.indexes)) return false;
  for (let i = 0; i < a.counts.length; i++) if (!Object.is(a.counts[i], b.counts[i])) return false;
  return true;
}
