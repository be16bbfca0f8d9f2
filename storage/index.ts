// The entry point `telltale/storage`: where snapshots go, and what a storage of one's own implements.
export type { StorageError } from '../lib/errors.js';
export type {
  FamilyDescriptor,
  LabelDictionary,
  MetricFamily,
  MetricType,
  SeriesBlock,
  Snapshot,
} from '../lib/model/family.js';
export type { Labels } from '../lib/model/label-set.js';
export {
  type NativeBucketColumns,
  type NativeBuckets,
  type NativeColumns,
  type NativeHistogram,
  nativeHistogramAt,
} from '../lib/model/native-histogram.js';
export { countSamples, type MetricSample, samplesOf } from '../lib/model/samples.js';
export type {
  CircuitState,
  LabelMatcher,
  MetricsStorage,
  Queryable,
  SeriesData,
  StorageStatistics,
  TimeRange,
} from '../lib/model/storage.js';
export type { HttpTargetOptions, PushAuth, PushTls } from './delivery/http-options.js';
export { type FanOutOptions, FanOutStorage } from './fan-out/fan-out-storage.js';
export { FileHistory, type FileHistoryOptions } from './file/file-history.js';
export type { FileStorageOptions, FsyncPolicy } from './file/file-options.js';
export { FileStorage } from './file/file-storage.js';
export type { MemoryStorageOptions } from './memory/memory-options.js';
export { MemoryStorage } from './memory/memory-storage.js';
export type { MemoryUsage } from './memory/memory-store.js';
export type { GroupingKey, GroupingValue } from './pushgateway/grouping-key.js';
export {
  type PushgatewayOptions,
  PushgatewayStorage,
  PushgatewayStorage as PrometheusStorage,
} from './pushgateway/pushgateway-storage.js';
export type { RemoteWriteOptions } from './remote-write/remote-write-options.js';
export { RemoteWriteStorage } from './remote-write/remote-write-storage.js';
export type { TextfileStorageOptions } from './textfile/textfile-options.js';
export { TextfileStorage } from './textfile/textfile-storage.js';
