// The values of the business, in one place: they are no calls and no requests, so nobody but the shop knows them. How long
// things take, how often and how they fail is measured where it happens: by decorators in domain/, by one call for the
// server, the pool and the process each.
import type { MetricsCollector } from 'telltale';
import type { Inventory } from './domain/inventory.js';

export type ShopMetrics = ReturnType<typeof defineMetrics>;

/** Defines the metrics of one shop in a collector. Called once, at the start: what is wrong here throws here. */
export function defineMetrics(collector: MetricsCollector, inventory: Inventory) {
  return {
    orders: collector.counter('orders_total', {
      description:
        'Orders by their outcome: paid, rejected (a reason of the customer) or failed (a reason of the shop).',
      labelNames: ['outcome'],
    }),
    orderAmount: collector.histogram('order_amount_euros', {
      description: 'Amounts of the paid orders.',
      unit: 'euros',
      buckets: [10, 25, 50, 100, 200, 400, 800],
    }),
    stock: collector.gauge('stock_items', {
      description: 'Items of a product that can be sold.',
      labelNames: ['product'],
      // The inventory knows; asking it when somebody reads is simpler than telling the gauge about every change.
      collect: () => inventory.levels().map(({ product, items }) => ({ value: items, labels: { product } })),
    }),
    deliveredItems: collector.counter('delivered_items_total', {
      description: 'Items that restocking has brought, by product.',
      labelNames: ['product'],
    }),
  };
}
