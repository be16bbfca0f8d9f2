// OpenTelemetry's own exporter of OTLP, in a thread of its own: it loads parts of Node when it first sends, which the modules
// of a test may not. What crosses over is the data that a reader hands its exporter, and whether it was delivered.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { AggregationTemporality, PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { root } from '../../setup/run-command.js';

const PROGRAM = `
  const { createRequire } = require('node:module');
  const { parentPort, workerData } = require('node:worker_threads');
  const { OTLPMetricExporter } = createRequire(workerData.from)('@opentelemetry/exporter-metrics-otlp-proto');
  const exporter = new OTLPMetricExporter({ url: workerData.url });
  parentPort.on('message', (metrics) => {
    exporter.export(metrics, ({ code, error }) => parentPort.postMessage({ code, error: error && String(error) }));
  });
`;

type Done = Parameters<PushMetricExporter['export']>[1];

export class RealExporter implements PushMetricExporter {
  readonly #worker: Worker;
  readonly #temporality: AggregationTemporality | undefined;
  readonly #waiting: Done[] = [];

  constructor(url: string, temporality?: AggregationTemporality) {
    this.#temporality = temporality;
    this.#worker = new Worker(PROGRAM, { eval: true, workerData: { from: join(root, 'package.json'), url } });
    this.#worker.on('message', ({ code, error }: { readonly code: 0 | 1; readonly error: string | undefined }) => {
      this.#waiting.shift()?.({ code, ...(error === undefined ? {} : { error: new Error(error) }) });
    });
  }

  export({ resource, scopeMetrics }: ResourceMetrics, done: Done): void {
    this.#waiting.push(done);
    // A resource has methods, which no thread can hand to another.
    this.#worker.postMessage({ resource: { attributes: { ...resource.attributes } }, scopeMetrics });
  }

  selectAggregationTemporality(): AggregationTemporality {
    return this.#temporality ?? 1;
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {
    await this.#worker.terminate();
  }
}
