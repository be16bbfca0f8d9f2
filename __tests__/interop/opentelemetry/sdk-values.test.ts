// The numbers of the SDK's enumerations are repeated in the library; here they are held against the SDK that is installed.
import { AggregationTemporality, AggregationType, DataPointType } from '@opentelemetry/sdk-metrics';
import { AGGREGATION, POINT_TYPE, TEMPORALITY } from '../../../lib/interop/opentelemetry/sdk-values.js';

describe('the values of the SDK', () => {
  it('are those that the library has', () => {
    expect(POINT_TYPE).toEqual({
      histogram: DataPointType.HISTOGRAM,
      exponentialHistogram: DataPointType.EXPONENTIAL_HISTOGRAM,
      gauge: DataPointType.GAUGE,
      sum: DataPointType.SUM,
    });
    expect(AGGREGATION).toEqual({
      default: AggregationType.DEFAULT,
      drop: AggregationType.DROP,
      sum: AggregationType.SUM,
      lastValue: AggregationType.LAST_VALUE,
      explicitBuckets: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
      exponential: AggregationType.EXPONENTIAL_HISTOGRAM,
    });
    expect(TEMPORALITY).toEqual({ delta: AggregationTemporality.DELTA, cumulative: AggregationTemporality.CUMULATIVE });
  });
});
