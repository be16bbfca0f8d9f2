// Small steps of the tests of the dashboard that are no test of their own.

/** What must be there, or the test fails here and not three lines later. */
export function memberOf<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('What the test needs is not there.');
  return value;
}
