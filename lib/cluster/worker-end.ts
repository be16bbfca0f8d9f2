// What a worker does for whoever gathers it: hears orders, answers questions, and tells by itself what changed. The same for
// threads and processes.
import type { MetricsCollector } from '../collector.js';
import { Exporter } from './exporter.js';
import type { Order, Report } from './protocol.js';

/** Where reports go. */
export interface ReportTarget {
  readonly copies: boolean;
  send(report: Report): void;
}

/** What a carrier brings to a worker. */
export interface Joining {
  connected(target: ReportTarget): void;
  received(order: Order): void;
  disconnected(): void;
}

export class WorkerEnd implements Joining {
  readonly #metrics: MetricsCollector;
  readonly #timer: NodeJS.Timeout;
  #exporter: Exporter | undefined;
  #isDue = false;
  #isReporting = false;
  /** Asked by a gatherer that heard of this worker before this worker knew that it was heard. */
  #earlyQuestion: number | undefined;
  #setReady: () => void = () => {};
  /** Resolves once somebody listens. */
  readonly ready = new Promise<void>((resolve) => {
    this.#setReady = resolve;
  });

  constructor(metrics: MetricsCollector, { shares, reportSeconds }: { shares: boolean; reportSeconds: number }) {
    this.#metrics = metrics;
    const { memory } = metrics.inPlace;
    memory.watch({
      allocate: shares ? sharedNumbers : (length) => new Float64Array(length),
      changed: () => this.#changed(),
    });
    if (shares) for (const family of metrics.inPlace.families()) for (const group of family.groups()) group.relocate();
    this.#timer = setInterval(() => void this.#report(), reportSeconds * 1000).unref();
  }

  connected({ copies, send }: ReportTarget): void {
    this.#exporter?.forget();
    this.#exporter = new Exporter({ metrics: this.#metrics, copies, send });
    this.#exporter.reportSeries();
    this.#setReady();
    if (this.#earlyQuestion !== undefined) void this.#answer(this.#earlyQuestion);
    this.#earlyQuestion = undefined;
  }

  received(order: Order): void {
    if (order.kind === 'acknowledge') this.#exporter?.acknowledge(order.sequence);
    else void this.#answer(order.question);
  }

  disconnected(): void {
    this.#exporter?.forget();
    this.#exporter = undefined;
    this.#earlyQuestion = undefined;
  }

  /** Tells all that changed, at once. */
  reportNow(): void {
    this.#exporter?.reportNow();
  }

  close(): void {
    clearInterval(this.#timer);
    this.disconnected();
    this.#metrics.inPlace.memory.watch(undefined);
  }

  /** Skipped where the last one still runs: on a busy machine they would add up, and delay each other and every answer. */
  async #report(): Promise<void> {
    if (this.#isReporting) return;
    this.#isReporting = true;
    await this.#exporter?.report();
    this.#isReporting = false;
  }

  async #answer(question: number): Promise<void> {
    const collected = await this.#metrics.collectOwn();
    if (this.#exporter === undefined) this.#earlyQuestion = question;
    else await this.#exporter.answer(question, collected);
  }

  /** All changes of a turn are told together. */
  #changed(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#exporter?.reportSeries();
      if (this.#exporter === undefined) this.#reuseAll();
    }).unref();
  }

  /** With nobody listening, nobody reads places that became free. */
  #reuseAll(): void {
    for (const family of this.#metrics.inPlace.families()) {
      for (const group of family.groups()) group.reuse(family.takeRetired(group));
    }
  }
}

function sharedNumbers(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}
