// collectDefaultMetrics: the metrics of prom-client that every process has, under the names and with the help texts that
// dashboards know.
import type { Registry } from '../registry.js';
import type { RegistryContentType } from '../types.js';
import { processHandles, processRequests, processResources } from './activity-metrics.js';
import type { DefaultMetricsOptions } from './definition.js';
import {
  osMemoryHeap,
  processCpuTotal,
  processMaxFileDescriptors,
  processOpenFileDescriptors,
  processStartTime,
} from './process-metrics.js';
import { eventLoopLag, gc, heapSizeAndUsed, heapSpacesSizeAndUsed, version } from './runtime-metrics.js';

export interface DefaultMetricsCollectorConfiguration<T extends RegistryContentType> {
  register?: Registry<T>;
  prefix?: string;
  gcDurationBuckets?: number[];
  eventLoopMonitoringPrecision?: number;
  labels?: object;
}

const definitions = {
  processCpuTotal,
  processStartTime,
  osMemoryHeap,
  processOpenFileDescriptors,
  processMaxFileDescriptors,
  eventLoopLag,
  processResources,
  processHandles,
  processRequests,
  heapSizeAndUsed,
  heapSpacesSizeAndUsed,
  version,
  gc,
};

/** Defines the default metrics in a registry, the global one unless it is told another. */
function collect<T extends RegistryContentType>(config?: DefaultMetricsCollectorConfiguration<T>): void {
  if (config !== null && config !== undefined && typeof config !== 'object') {
    throw new TypeError('config must be null, undefined, or an object');
  }
  for (const define of Object.values(definitions)) define((config ?? {}) as DefaultMetricsOptions);
}

export const collectDefaultMetrics = Object.assign(collect, { metricsList: Object.keys(definitions) });
