// Default metrics that the operating system has about the process. The texts under /proc are read as prom-client reads them:
// in one go when a metric is collected.
import { readdirSync, readFileSync } from 'node:fs';
import { sampledSpan } from '../../../instruments/active-span.js';
import { Counter } from '../counter.js';
import { attempt, commonOf, type DefaultMetricsOptions, gaugesFor } from './definition.js';

const STATUS_GAUGES = [
  ['VmRSS', 'process_resident_memory_bytes', 'Resident memory size in bytes.'],
  ['VmSize', 'process_virtual_memory_bytes', 'Virtual memory size in bytes.'],
  ['VmData', 'process_heap_bytes', 'Process heap size in bytes.'],
] as const;

export function processCpuTotal(options: DefaultMetricsOptions): void {
  const { prefix, labels, labelNames, registers } = commonOf(options);
  const enableExemplars = options.enableExemplars ?? false;
  let last = process.cpuUsage();
  const counter = (name: string, help: string, collect?: () => void) =>
    new Counter({
      name: prefix + name,
      help,
      enableExemplars,
      labelNames,
      ...registers,
      ...(collect === undefined ? {} : { collect }),
    });
  const add = (to: Counter, seconds: number) => {
    if (enableExemplars) to.inc({ labels, value: seconds, exemplarLabels: sampledSpan() ?? {} });
    else to.inc(labels, seconds);
  };
  const user = counter('process_cpu_user_seconds_total', 'Total user CPU time spent in seconds.', () => {
    const usage = process.cpuUsage();
    const userSeconds = (usage.user - last.user) / 1e6;
    const systemSeconds = (usage.system - last.system) / 1e6;
    last = usage;
    add(user, userSeconds);
    add(system, systemSeconds);
    add(both, userSeconds + systemSeconds);
  });
  const system = counter('process_cpu_system_seconds_total', 'Total system CPU time spent in seconds.');
  const both = counter('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.');
}

export function processStartTime(options: DefaultMetricsOptions): void {
  const { gauge, labels } = gaugesFor(options);
  const started = Math.round(Date.now() / 1000 - process.uptime());
  const start = gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.', {
    aggregator: 'omit',
    collect: () => start.set(labels, started),
  });
}

export function osMemoryHeap(options: DefaultMetricsOptions): void {
  const { gauge, labels } = gaugesFor(options);
  if (process.platform !== 'linux') {
    const resident = gauge(STATUS_GAUGES[0][1], STATUS_GAUGES[0][2], {
      collect: () => resident.set(labels, process.memoryUsage.rss()),
    });
    return;
  }
  const gauges = STATUS_GAUGES.map(([, name, help], i) => gauge(name, help, i === 0 ? { collect } : {}));
  function collect(): void {
    const text = attempt(() => readFileSync('/proc/self/status', 'utf8')) ?? '';
    STATUS_GAUGES.forEach(([field], i) => {
      const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text);
      if (found !== null) gauges[i]?.set(labels, Number(found[1]) * 1024);
    });
  }
}

export function processOpenFileDescriptors(options: DefaultMetricsOptions): void {
  if (process.platform !== 'linux') return;
  const { gauge, labels } = gaugesFor(options);
  const open = gauge('process_open_fds', 'Number of open file descriptors.', {
    collect: () => {
      const names = attempt(() => readdirSync('/proc/self/fd'));
      // Not counting the one that the folder was read through.
      if (names !== undefined) open.set(labels, names.length - 1);
    },
  });
}

export function processMaxFileDescriptors(options: DefaultMetricsOptions): void {
  const text = attempt(() => readFileSync('/proc/self/limits', 'utf8')) ?? '';
  const found = /^Max open files\s+(\d+|unlimited)\s/m.exec(text);
  if (found === null) return;
  const most = found[1] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(found[1]);
  const { gauge, labels } = gaugesFor(options);
  const max = gauge('process_max_fds', 'Maximum number of open file descriptors.', {
    collect: () => max.set(labels, most),
  });
}
