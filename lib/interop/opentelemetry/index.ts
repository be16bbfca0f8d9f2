// The entry point telltale/opentelemetry: OpenTelemetry's API records into a collector, and its exporters read from one.
export { TelltaleMeterProvider, type TelltaleMeterProviderOptions } from './meter-provider.js';
export { type MetricProducerOptions, metricProducer } from './metric-producer.js';
export type { ResourceAttributes } from './resource.js';
