// The parts of a shop for tests: time and chance are decided by the test. Each shop's collector becomes that of the process,
// where decorators and instrumentation record, and is strict: recording with wrong labels throws instead of being counted.
import { MetricsCollector, setMetricsCollector } from 'telltale';
import { Database } from '../../../../examples/shop/domain/database.js';
import { Inventory } from '../../../../examples/shop/domain/inventory.js';
import type { Nature } from '../../../../examples/shop/domain/latency.js';
import { OrderService } from '../../../../examples/shop/domain/orders.js';
import { Payments } from '../../../../examples/shop/domain/payments.js';
import { defineMetrics } from '../../../../examples/shop/metrics.js';

export interface PartsOptions {
  /** What each piece of pretended work waits for. Default: nothing. */
  readonly sleep?: Nature['sleep'];
  /** Default: always 0.5, which is a good day for everybody. */
  readonly random?: () => number;
  readonly uptime?: () => number;
  readonly pool?: { readonly size: number; readonly maxWaiting: number };
}

export function shopParts({ sleep = async () => {}, random = () => 0.5, uptime = () => 0, pool }: PartsOptions = {}) {
  const nature: Nature = { sleep, random };
  const collector = new MetricsCollector({ strict: true });
  setMetricsCollector(collector);
  const deliveries: (() => void)[] = [];
  const inventory = new Inventory({ schedule: (deliver) => deliveries.push(deliver) });
  const metrics = defineMetrics(collector, inventory);
  const database = new Database({ nature, ...pool });
  const payments = new Payments({ nature, uptime });
  const orders = new OrderService({ metrics, database, inventory, payments });
  return { collector, deliveries, inventory, metrics, database, payments, orders };
}

/** Work that goes on until the test says so. */
export function heldWork(): { readonly sleep: Nature['sleep']; readonly waiting: (() => void)[] } {
  const waiting: (() => void)[] = [];
  return { waiting, sleep: () => new Promise<void>((resolve) => waiting.push(resolve)) };
}

/** Answers the given numbers in turn, and then 0.5 for ever. */
export function chances(...numbers: readonly number[]): () => number {
  const left = [...numbers];
  return () => left.shift() ?? 0.5;
}

/** The lines of the exposition that start with this, in their order. */
export async function linesOf(collector: MetricsCollector, start: string): Promise<readonly string[]> {
  return (await collector.expose()).split('\n').filter((line) => line.startsWith(start));
}
