// AggregatorRegistry: the metrics of all workers of `node:cluster` as one text. The messages are prom-client's own, so that
// workers may have the one and the primary the other. For many series, `telltale/cluster` takes a fraction of the time.
import cluster, { type Worker } from 'node:cluster';
import { aggregators } from './aggregators.js';
import { oneKind } from './one-kind.js';
import { globalRegistry, Registry } from './registry.js';
import type { OpenMetricsContentType, PrometheusContentType, RegistryContentType } from './types.js';
import type { PlainMetric } from './values.js';

const REQUEST = 'prom-client:getMetricsReq';
const RESPONSE = 'prom-client:getMetricsRes';
const TIMEOUT_MS = 5000;

type AnyRegistry = Registry<PrometheusContentType> | Registry<OpenMetricsContentType>;

interface Message {
  readonly type?: unknown;
  readonly requestId?: unknown;
  readonly metrics?: readonly (readonly PlainMetric[])[];
  readonly error?: string;
}

/** One gathering under way. */
interface Gathering {
  readonly answers: (readonly PlainMetric[])[];
  pending: number;
  settle(error: Error | undefined): void;
}

let registries: readonly AnyRegistry[] = [globalRegistry];
let requests = 0;
let isListening = false;
const gatherings = new Map<unknown, Gathering>();

export class AggregatorRegistry<T extends RegistryContentType> extends Registry<T> {
  static {
    oneKind(AggregatorRegistry, 'AggregatorRegistry');
  }

  constructor(regContentType?: T) {
    super(regContentType);
    listen();
  }

  /** Asks all workers and answers what they make together. Rejects where one fails, or does not answer within 5 s. */
  async clusterMetrics(): Promise<string> {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker?.isConnected()) as Worker[];
    if (workers.length === 0) return '';
    const answers = await gather(workers);
    return AggregatorRegistry.aggregate(answers as object[], this.contentType).metrics();
  }

  /** A registry of what `getMetricsAsJSON` of several registries answered. */
  static aggregate<T extends RegistryContentType>(
    metricsArr: object[],
    registryType: RegistryContentType = Registry.PROMETHEUS_CONTENT_TYPE,
  ): Registry<T> {
    const aggregated = new Registry<T>(registryType as T);
    const byName = new Map<string, PlainMetric[]>();
    for (const metric of (metricsArr as readonly (readonly PlainMetric[])[]).flat()) {
      byName.set(metric.name, [...(byName.get(metric.name) ?? []), metric]);
    }
    for (const metrics of byName.values()) {
      const name = metrics[0]?.aggregator;
      const aggregator = Object.hasOwn(aggregators, name ?? '') ? aggregators[name as string] : undefined;
      if (aggregator === undefined) throw new Error(`'${name}' is not a defined aggregator.`);
      const metric = aggregator(metrics);
      if (metric !== undefined) aggregated.registerMetric({ ...metric, get: () => metric } as never);
    }
    return aggregated;
  }

  /** In a worker: which registries it answers with, instead of the global one. */
  static setRegistries(regs: AnyRegistry[] | AnyRegistry): void {
    const given = Array.isArray(regs) ? regs : [regs];
    for (const registry of given) {
      // Not by its class: there are two where the package is loaded as an ES module and as CommonJS.
      if (typeof registry?.getMetricsAsJSON !== 'function')
        throw new TypeError(`Expected Registry, got ${typeof registry}`);
    }
    registries = given;
  }
}

function gather(workers: readonly Worker[]): Promise<(readonly PlainMetric[])[]> {
  const requestId = requests++;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => gathering.settle(new Error('Operation timed out.')), TIMEOUT_MS);
    const gathering: Gathering = {
      answers: [],
      pending: workers.length,
      settle(error) {
        clearTimeout(timer);
        gatherings.delete(requestId);
        if (error === undefined) resolve(gathering.answers);
        else reject(error);
      },
    };
    gatherings.set(requestId, gathering);
    for (const worker of workers) worker.send({ type: REQUEST, requestId });
  });
}

function listen(): void {
  if (isListening) return;
  isListening = true;
  if (cluster.isPrimary) cluster.on('message', (_, message: Message) => take(message));
  else process.on('message', (message: Message) => answer(message));
}

/** In the primary. An answer that comes too late belongs to nothing any more. */
function take(message: Message): void {
  const gathering = message?.type === RESPONSE ? gatherings.get(message.requestId) : undefined;
  if (gathering === undefined) return;
  if (message.error !== undefined) return gathering.settle(new Error(message.error));
  gathering.answers.push(...(message.metrics ?? []));
  gathering.pending--;
  if (gathering.pending === 0) gathering.settle(undefined);
}

/** In a worker. */
async function answer(message: Message): Promise<void> {
  if (message?.type !== REQUEST) return;
  const head = { type: RESPONSE, requestId: message.requestId };
  try {
    process.send?.({ ...head, metrics: await Promise.all(registries.map((registry) => registry.getMetricsAsJSON())) });
  } catch (error) {
    process.send?.({ ...head, error: error instanceof Error ? error.message : String(error) });
  }
}
