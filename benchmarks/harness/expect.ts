// The checks that make a figure count: a library that recorded something else than it was given did not do the work.

/** Floating-point sums differ in their last digits with the order of adding. */
export function expectTotal(what: string, actual: number, expected: number): void {
  if (Math.abs(actual - expected) <= Math.abs(expected) * 1e-9) return;
  throw new Error(`${what} should be ${expected}, but is ${actual}: the row does not measure what it says.`);
}

/** What a family holds in total, in the same terms for every library. */
export interface Tally {
  readonly series: number;
  /** Of values, or of observations. */
  readonly sum: number;
  /** Observations; 0 where there are none. */
  readonly count: number;
  /** All cumulative bucket counts added up; 0 where there are none. */
  readonly buckets: number;
}

export function expectTally(library: string, actual: Tally, expected: Tally): void {
  for (const part of ['series', 'sum', 'count', 'buckets'] as const) {
    expectTotal(`${part} of ${library}`, actual[part], expected[part]);
  }
}
