// What all default metrics are made with: where they go, under which prefix, with which labels.
import { Gauge, type GaugeConfiguration } from '../gauge.js';
import type { Register } from '../register.js';

export interface DefaultMetricsOptions {
  readonly register?: Register | undefined;
  readonly prefix?: string | undefined;
  readonly labels?: Readonly<Record<string, string | number>> | undefined;
  readonly gcDurationBuckets?: number[] | undefined;
  readonly eventLoopMonitoringPrecision?: number | undefined;
  readonly enableExemplars?: boolean | undefined;
}

/** What every metric of a call has in common. */
export function commonOf({ register, prefix = '', labels = {} }: DefaultMetricsOptions) {
  return {
    prefix,
    labels,
    labelNames: Object.keys(labels),
    registers: register ? { registers: [register] } : {},
  };
}

type GaugeOptions = Omit<GaugeConfiguration<string>, 'name' | 'help' | 'registers'>;

/** Defines gauges in the words of one call. */
export function gaugesFor(options: DefaultMetricsOptions) {
  const { prefix, labels, labelNames, registers } = commonOf(options);
  return {
    labels,
    gauge: (name: string, help: string, { labelNames: own = [], ...rest }: GaugeOptions = {}): Gauge =>
      new Gauge({ name: prefix + name, help, labelNames: [...own, ...labelNames], ...registers, ...rest }),
  };
}

/** Reads what not every platform has; nothing where it cannot be had. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
