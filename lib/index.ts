// The public surface of the package: explicit names, no logic, so that what users may rely on is one short page.
export {
  CountErrors,
  Counted,
  Monitored,
  monitored,
  PerformanceMonitored,
  type PerformanceOptions,
  Timed,
  TrackInFlight,
  Unmonitored,
} from '../decorators/index.js';
export { type FanOutOptions, FanOutStorage } from '../storage/fan-out/fan-out-storage.js';
export { FileStorage } from '../storage/file/file-storage.js';
export { MemoryStorage } from '../storage/memory/memory-storage.js';
export {
  PushgatewayStorage,
  PushgatewayStorage as PrometheusStorage,
} from '../storage/pushgateway/pushgateway-storage.js';
export { TextfileStorage } from '../storage/textfile/textfile-storage.js';
export { type Clock, systemClock } from './clock.js';
export type { Attachment } from './collector/attachments.js';
export type { ExitEvent } from './collector/exit-hooks.js';
export type { CollectingOptions, CollectorOptions } from './collector/options.js';
export type { Collecting } from './collector/periodic.js';
export { type Collectable, type ExposeOptions, MetricsCollector } from './collector.js';
export {
  type AlertError,
  type CollectError,
  type DefinitionError,
  describe,
  type ExpositionParseError,
  type HttpError,
  type JobError,
  MetricDefinitionError,
  MetricRecordingError,
  type MetricsError,
  type QueryError,
  type RecordingError,
  type SourceError,
  type StorageError,
  type UnreadError,
} from './errors.js';
export type { Escaping, ExpositionFormat, ExpositionTextFormat } from './exposition/index.js';
export {
  getMetricsCollector,
  recordCounter,
  recordGauge,
  recordHistogram,
  recordSummary,
  setMetricsCollector,
} from './global.js';
export { type MetricsHandlerOptions, type MetricsServer, metricsHandler, startMetricsServer } from './http/index.js';
export { DEFAULT_BUCKETS, exponentialBuckets, linearBuckets } from './instruments/buckets.js';
export type { Counter } from './instruments/counter.js';
export type { GaugeOptions, HistogramOptions, StateSetOptions, SummaryOptions } from './instruments/create.js';
export type { InstrumentOptions, Observed } from './instruments/definition.js';
export type { Gauge } from './instruments/gauge.js';
export type { RecordingOptions } from './instruments/given-exemplar.js';
export type { Histogram } from './instruments/histogram.js';
export type { Info } from './instruments/info.js';
export type { Labels, LabelValue } from './instruments/labels.js';
export type { NativeOptions } from './instruments/native/native-options.js';
export type { StateSet } from './instruments/state-set.js';
export type { Summary, SummaryStatistics } from './instruments/summary.js';
export type { MetricProducerLike } from './interop/sources/collecting-source.js';
export type { RegistryLike } from './interop/sources/registry-source.js';
export type { ScrapeTarget } from './interop/sources/scraped-source.js';
export type { Attachable } from './interop/sources/source-of.js';
export { type JobOptions, runJob } from './jobs/run-job.js';
export type { Exemplar } from './model/exemplar.js';
export type {
  FamilyDescriptor,
  GaugeAggregation,
  LabelDictionary,
  MetricFamily,
  MetricType,
  SeriesBlock,
  Snapshot,
} from './model/family.js';
export type { FamilySource } from './model/family-source.js';
export type { NameRule } from './model/names.js';
export type {
  NativeBucketColumns,
  NativeBuckets,
  NativeColumns,
  NativeHistogram,
  ResetHint,
} from './model/native-histogram.js';
export type { MetricSample } from './model/samples.js';
export type {
  CircuitState,
  LabelMatcher,
  MetricsStorage,
  Queryable,
  SeriesData,
  StorageStatistics,
  TimeRange,
} from './model/storage.js';
