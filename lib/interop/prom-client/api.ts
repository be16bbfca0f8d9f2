// Every name of prom-client 15. Apart from the entry point, which also hands all of them on as its default export.
import { Registry } from './registry.js';

export { AggregatorRegistry } from './aggregator-registry.js';
export { aggregators } from './aggregators.js';
export { exponentialBuckets, linearBuckets } from './buckets.js';
export { Counter, type CounterConfiguration } from './counter.js';
export {
  collectDefaultMetrics,
  type DefaultMetricsCollectorConfiguration,
} from './default-metrics/collect-default-metrics.js';
export { Gauge, type GaugeConfiguration } from './gauge.js';
export { Histogram, type HistogramConfiguration } from './histogram.js';
export { type MetricConfiguration, validateMetricName } from './metric.js';
export { Pushgateway } from './pushgateway.js';
export { contentType, globalRegistry as register, type Metric, Registry } from './registry.js';
export { Summary, type SummaryConfiguration } from './summary.js';
export type {
  Aggregator,
  Charset,
  CollectFunction,
  Collector,
  IncreaseDataWithExemplar,
  LabelValues,
  MetricObject,
  MetricObjectWithValues,
  MetricType,
  MetricValue,
  MetricValueWithName,
  ObserveDataWithExemplar,
  OpenMetricsContentType,
  OpenMetricsMIME,
  OpenMetricsVersion,
  PrometheusContentType,
  PrometheusMetricsVersion,
  PrometheusMIME,
  RegistryContentType,
} from './types.js';

export const prometheusContentType = Registry.PROMETHEUS_CONTENT_TYPE;
export const openMetricsContentType = Registry.OPENMETRICS_CONTENT_TYPE;
