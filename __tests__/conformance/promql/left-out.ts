// The evaluations of the shared cases that are not run, one by one, each with its reason: all of them need what Prometheus 3.5
// has behind a feature flag, or does not have yet.

export interface LeftOut {
  readonly file: string;
  /** As its test is called, without the line. */
  readonly evaluation: string;
  readonly reason: string;
}

const AGGREGATION = 'limitk and limit_ratio need --enable-feature=promql-experimental-functions';
const PARAMETER =
  'later versions refuse NaN as a parameter even where there is nothing to rank; 3.5 looks at it with a sample only';
const MANY = 'later versions count the many before the comparison filters them; 3.5 refuses only what is left of them';
const NAMES =
  'needs --enable-feature=promql-delayed-name-removal: names are dropped at once without it, and then series are equal';

export const leftOut: readonly LeftOut[] = [
  { file: 'aggregators.test', evaluation: 'instant limitk(NaN, non_existent)', reason: AGGREGATION },
  { file: 'aggregators.test', evaluation: 'instant limit_ratio(NaN, non_existent)', reason: AGGREGATION },
  { file: 'aggregators.test', evaluation: 'instant topk(NaN, non_existent)', reason: PARAMETER },
  { file: 'operators.test', evaluation: 'instant many_side > on(job) one_side', reason: MANY },
  { file: 'operators.test', evaluation: 'instant many_side >= on(job) one_side', reason: MANY },
  { file: 'operators.test', evaluation: 'range -{job="api"}', reason: NAMES },
];
