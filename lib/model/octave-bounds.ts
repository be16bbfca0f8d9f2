// Where the buckets of native histograms end within one power of two. They are the doubles that Prometheus uses, last bit
// included: with any others, a value that lies on a bound would be counted on one side of it here and on the other there.

/** 2^(1/2) as Go's library computes it, one bit below the nearest double; the roots of it are the nearest doubles. */
const ROOT_OF_TWO = Math.SQRT2 - 2 ** -52;

const known: Float64Array[] = [Float64Array.of(1)];

/**
 * The 2^schema bounds from 1 (included) to 2 (not included) of a schema from 0 to 8. Do not change them.
 *
 * Source: the note on nativeHistogramBounds in client_golang: every other bound is one of the schema below, and those
 * between are the bound before times the factor by which bounds grow.
 */
export function octaveBounds(schema: number): Float64Array {
  const before = known[schema];
  if (before !== undefined) return before;
  const coarser = octaveBounds(schema - 1);
  const factor = schema === 1 ? ROOT_OF_TWO : 2 ** (2 ** -schema);
  const bounds = Float64Array.from({ length: 2 ** schema }, (_, k) => {
    const below = coarser[k >> 1] as number;
    return k % 2 === 0 ? below : below * factor;
  });
  known[schema] = bounds;
  return bounds;
}
