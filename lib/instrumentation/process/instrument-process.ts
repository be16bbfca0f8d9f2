// One call for everything that a process can tell about itself: the `process_*` figures of the operating system and the
// `nodejs_*` figures of the runtime, each group with a callback of its own so that one that fails costs no other.
import type { MetricsCollector } from '../../collector.js';
import { collectorOf, type Instrumentation, type InstrumentationOptions } from '../instrumentation.js';
import { joined } from '../joined.js';
import { activeResources } from '../runtime/active-resources.js';
import { eventLoop } from '../runtime/event-loop.js';
import { garbageCollection } from '../runtime/garbage-collection.js';
import { heap } from '../runtime/heap.js';
import { version } from '../runtime/version.js';
import { cpu } from './cpu.js';
import { diskIo } from './disk-io.js';
import { fileDescriptors } from './file-descriptors.js';
import { memory } from './memory.js';
import { networkIo } from './network-io.js';
import type { Part } from './part.js';
import { startAndUptime } from './start-time.js';

export interface ProcessOptions extends InstrumentationOptions {
  /** How often the event loop's delay is sampled. Whole milliseconds above 0; default 10. */
  readonly eventLoopResolutionMs?: number;
  /** Upper bounds of `nodejs_gc_duration_seconds`. Default: 0.001 0.01 0.1 1 2 5. */
  readonly gcDurationBuckets?: readonly number[];
  /** Where the system tells about the process. Default: /proc/self. What is not there is left out. */
  readonly procDirectory?: string;
}

type Settings = Required<Omit<ProcessOptions, 'collector'>>;

const PARTS: readonly ((collector: MetricsCollector, settings: Settings) => Part | undefined)[] = [
  cpu,
  startAndUptime,
  (collector, { procDirectory }) => memory(collector, procDirectory),
  (collector, { procDirectory }) => fileDescriptors(collector, procDirectory),
  (collector, { procDirectory }) => diskIo(collector, procDirectory),
  (collector, { procDirectory }) => networkIo(collector, procDirectory),
  (collector, { eventLoopResolutionMs }) => eventLoop(collector, eventLoopResolutionMs),
  (collector, { gcDurationBuckets }) => garbageCollection(collector, gcDurationBuckets),
  heap,
  activeResources,
  version,
];

/**
 * Measures this process and its runtime, under the names that dashboards for Node.js know. What the platform does not tell
 * is left out. Asking again for the same collector joins the measuring that runs, which ends with the last `remove()`.
 *
 * `remove()` ends the sampling of the event loop, the observer of garbage collections and all open files; nothing of this
 * keeps the process alive before that. Figures that are read go from the exposition, the histogram stays.
 *
 * Cost: 0.2 ms of work per reading, and one sample of the event loop every 10 ms.
 *
 * @throws MetricDefinitionError `invalid_buckets`, or `family_conflict` where a name is taken.
 * @example
 * const measuring = instrumentProcess({ collector });
 * // process_cpu_seconds_total 0.217
 * // process_resident_memory_bytes 61513728
 * // nodejs_eventloop_lag_p99_seconds 0.0112
 */
export function instrumentProcess(options: ProcessOptions = {}): Instrumentation {
  const collector = collectorOf(options);
  return joined({ target: collector, collector, as: 'process' }, () => start(collector, settingsOf(options)));
}

function settingsOf({
  eventLoopResolutionMs = 10,
  gcDurationBuckets = [0.001, 0.01, 0.1, 1, 2, 5],
  procDirectory = '/proc/self',
}: ProcessOptions): Settings {
  return { eventLoopResolutionMs, gcDurationBuckets, procDirectory };
}

function start(collector: MetricsCollector, settings: Settings): Instrumentation {
  const stops: (() => void)[] = [];
  const stop = () => {
    for (const one of stops.splice(0)) one();
  };
  try {
    for (const make of PARTS) {
      const part = make(collector, settings);
      if (part === undefined) continue;
      if (part.stop !== undefined) stops.push(part.stop);
      if (part.instruments.length > 0) stops.push(collector.collectTogether(part.instruments, part.read).remove);
    }
  } catch (error) {
    // A definition that was refused must leave nothing running.
    stop();
    throw error;
  }
  return { remove: stop };
}
