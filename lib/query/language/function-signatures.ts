// The functions of PromQL and their types, against which calls are checked. Data, so that the reader knows all names and
// nothing of what they do.
import type { FunctionSignature, ValueType } from './expression.js';

const ofVector = takes('vector');
const ofRange = takes('matrix');
const ofMoment = takes('vector', { optional: 1 });
const experimentalOfRange = takes('matrix', { isExperimental: true });

/**
 * All functions of Prometheus 3.5, experimental ones too, which calls are refused of.
 *
 * Source: https://prometheus.io/docs/prometheus/3.5/querying/functions/
 */
export const functionSignatures: ReadonlyMap<string, FunctionSignature> = new Map(
  Object.entries({
    abs: ofVector,
    absent: ofVector,
    absent_over_time: ofRange,
    acos: ofVector,
    acosh: ofVector,
    asin: ofVector,
    asinh: ofVector,
    atan: ofVector,
    atanh: ofVector,
    avg_over_time: ofRange,
    ceil: ofVector,
    changes: ofRange,
    clamp: takes('vector scalar scalar'),
    clamp_max: takes('vector scalar'),
    clamp_min: takes('vector scalar'),
    cos: ofVector,
    cosh: ofVector,
    count_over_time: ofRange,
    day_of_month: ofMoment,
    day_of_week: ofMoment,
    day_of_year: ofMoment,
    days_in_month: ofMoment,
    deg: ofVector,
    delta: ofRange,
    deriv: ofRange,
    double_exponential_smoothing: takes('matrix scalar scalar', { isExperimental: true }),
    exp: ofVector,
    floor: ofVector,
    histogram_avg: ofVector,
    histogram_count: ofVector,
    histogram_fraction: takes('scalar scalar vector'),
    histogram_quantile: takes('scalar vector'),
    histogram_stddev: ofVector,
    histogram_stdvar: ofVector,
    histogram_sum: ofVector,
    hour: ofMoment,
    idelta: ofRange,
    increase: ofRange,
    info: takes('vector vector', { optional: 1, isExperimental: true }),
    irate: ofRange,
    label_join: takes('vector string string string', { optional: -1 }),
    label_replace: takes('vector string string string string'),
    last_over_time: ofRange,
    ln: ofVector,
    log10: ofVector,
    log2: ofVector,
    mad_over_time: experimentalOfRange,
    max_over_time: ofRange,
    min_over_time: ofRange,
    minute: ofMoment,
    month: ofMoment,
    pi: takes('', { returns: 'scalar' }),
    predict_linear: takes('matrix scalar'),
    present_over_time: ofRange,
    quantile_over_time: takes('scalar matrix'),
    rad: ofVector,
    rate: ofRange,
    resets: ofRange,
    round: takes('vector scalar', { optional: 1 }),
    scalar: takes('vector', { returns: 'scalar' }),
    sgn: ofVector,
    sin: ofVector,
    sinh: ofVector,
    sort: ofVector,
    sort_by_label: takes('vector string', { optional: -1, isExperimental: true }),
    sort_by_label_desc: takes('vector string', { optional: -1, isExperimental: true }),
    sort_desc: ofVector,
    sqrt: ofVector,
    stddev_over_time: ofRange,
    stdvar_over_time: ofRange,
    sum_over_time: ofRange,
    tan: ofVector,
    tanh: ofVector,
    time: takes('', { returns: 'scalar' }),
    timestamp: ofVector,
    ts_of_last_over_time: experimentalOfRange,
    ts_of_max_over_time: experimentalOfRange,
    ts_of_min_over_time: experimentalOfRange,
    vector: takes('scalar'),
    year: ofMoment,
  }),
);

/** Answers a vector, unless it is said otherwise. */
function takes(types: string, more: Partial<FunctionSignature> = {}): FunctionSignature {
  const args = types.split(' ').filter((type) => type !== '') as ValueType[];
  return { args, optional: 0, returns: 'vector', ...more };
}
