// The values of the SDK's enumerations, so that recording needs nothing but the API at run time. A test compares them with
// those of the SDK that is installed.
import type {
  AggregationTemporality,
  AggregationType,
  DataPointType,
  InstrumentType,
} from '@opentelemetry/sdk-metrics';

/** What an instrument was made as, in the SDK's words. */
export type InstrumentKind = `${InstrumentType}`;

export const POINT_TYPE = {
  histogram: 0 as DataPointType.HISTOGRAM,
  exponentialHistogram: 1 as DataPointType.EXPONENTIAL_HISTOGRAM,
  gauge: 2 as DataPointType.GAUGE,
  sum: 3 as DataPointType.SUM,
} as const;

export const AGGREGATION = {
  default: 0 as AggregationType.DEFAULT,
  drop: 1 as AggregationType.DROP,
  sum: 2 as AggregationType.SUM,
  lastValue: 3 as AggregationType.LAST_VALUE,
  explicitBuckets: 4 as AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
  exponential: 5 as AggregationType.EXPONENTIAL_HISTOGRAM,
} as const;

export const TEMPORALITY = {
  delta: 0 as AggregationTemporality.DELTA,
  cumulative: 1 as AggregationTemporality.CUMULATIVE,
} as const;
