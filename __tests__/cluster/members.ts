// Gatherer and workers within one thread, their messages cloned as a channel clones them: for what has to be shown step by step.
import { setImmediate } from 'node:timers/promises';
import { MetricsCollector } from 'telltale';
import { Gatherer } from '../../lib/cluster/gatherer.js';
import type { WorkerLink } from '../../lib/cluster/link.js';
import { WorkerEnd } from '../../lib/cluster/worker-end.js';
import type { MetricsError } from '../../lib/errors.js';

export interface Member {
  readonly metrics: MetricsCollector;
  readonly link: WorkerLink;
  /** Tells what changed, as its timers would. */
  report(): void;
  /** Gone without a word, as by SIGKILL. */
  die(): void;
}

export class Members {
  readonly errors: MetricsError[] = [];
  readonly metrics = new MetricsCollector({ onError: (error) => this.errors.push(error) });
  readonly gatherer: Gatherer;
  #count = 0;

  constructor(options: { readonly maxSeriesPerMetric?: number } = {}) {
    this.gatherer = new Gatherer({ metrics: this.metrics, timeoutSeconds: 1, maxSeriesPerMetric: 1000, ...options });
    this.metrics.readThrough((own) => this.gatherer.gather(own, () => {}));
  }

  /** A worker whose numbers are sent, as of a process, or read in place, as of a thread. */
  join(copies: boolean, metrics = new MetricsCollector()): Member {
    const end = new WorkerEnd(metrics, { shares: !copies, reportSeconds: 3600 });
    let isAlive = true;
    const link: WorkerLink = {
      worker: `w${++this.#count}`,
      copies,
      send: (order) => {
        if (isAlive) end.received(structuredClone(order));
      },
    };
    this.gatherer.joined(link);
    const send = (report: unknown) => {
      if (isAlive) this.gatherer.received(link, structuredClone(report));
    };
    end.connected({ copies, send });
    return {
      metrics,
      link,
      report: () => end.reportNow(),
      die: () => {
        isAlive = false;
        this.gatherer.left(link);
        end.close();
      },
    };
  }

  /** The lines of a metric, in order. */
  async shown(name: string): Promise<string[]> {
    // Workers tell of new series at the end of a turn.
    await setImmediate();
    const lines = (await this.metrics.expose()).split('\n');
    return lines.filter((line) => line.startsWith(name)).sort();
  }
}
