// The entry point telltale/opentelemetry: OpenTelemetry's API records into a collector, and its exporters read from one.
export {
  type ConfiguredOpenTelemetry,
  configureFromEnvironment,
  type EnvironmentError,
  type EnvironmentOptions,
} from './environment.js';
export type { Environment } from './environment-variables.js';
export { TelltaleMeterProvider, type TelltaleMeterProviderOptions } from './meter-provider.js';
export { type MetricProducerOptions, metricProducer } from './metric-producer.js';
export type { ResourceAttributes } from './resource.js';
