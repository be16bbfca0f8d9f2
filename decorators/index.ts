// The entry point `telltale/decorators`: measuring methods without touching their bodies.
export type { EndedCall, LabelValues, MetricOptions, Outcome, TimingOptions } from './call.js';
export type { Catching, Returns } from './catching.js';
export type { CatchingDecorator, MethodDecorator } from './method-decorator.js';
export { type ClassDecorator, Monitored, type MonitoredOptions, Unmonitored } from './monitored-class.js';
export { monitored, PerformanceMonitored, type PerformanceOptions } from './performance-monitored.js';
export {
  CountErrors,
  Counted,
  type CountedOptions,
  type InFlightOptions,
  Timed,
  type TimedOptions,
  TrackInFlight,
} from './single-metric.js';
