// A monitored method's link to its collector, which is found at call time: the explicit one, else that of the process, so that
// the order in which modules are loaded does not matter.
import type { MetricsCollector } from '../lib/collector.js';
import { getMetricsCollector } from '../lib/global.js';
import { type RecordedMetrics, Recorder } from './recorder.js';

export class Monitor {
  /** Whether labels are made from the call. */
  readonly needsCall: boolean;
  readonly #metrics: RecordedMetrics;
  readonly #method: string;
  readonly #collector: MetricsCollector | undefined;
  #recorder: Recorder | undefined;
  /** Metrics that cannot be defined are not tried again at every call. */
  #refusal: { readonly collector: MetricsCollector; readonly error: unknown } | undefined;

  constructor(metrics: RecordedMetrics, collector: MetricsCollector | undefined, method: string) {
    this.#metrics = metrics;
    this.#collector = collector;
    this.#method = method;
    this.needsCall = typeof metrics.labels === 'function';
  }

  /** Undefined where the metrics cannot be defined, which is told as a dropped recording. Never throws. */
  recorder(): Recorder | undefined {
    let collector: MetricsCollector | undefined;
    try {
      collector = this.#collector ?? getMetricsCollector();
      const known = this.#recorder;
      if (known !== undefined && known.collector === collector) return known;
      return this.#define(collector);
    } catch (error) {
      dropUndefined(collector, error);
      return undefined;
    }
  }

  #define(collector: MetricsCollector): Recorder {
    if (this.#refusal?.collector === collector) throw this.#refusal.error;
    try {
      this.#recorder = new Recorder(collector, this.#metrics, this.#method);
      return this.#recorder;
    } catch (error) {
      this.#refusal = { collector, error };
      throw error;
    }
  }
}

function dropUndefined(collector: MetricsCollector | undefined, error: unknown): void {
  try {
    collector?.dropUndefined(error);
  } catch {
    // A collector that fails has nobody left to tell.
  }
}
