// Every metric of the shop, in one place: whoever wants to know what is measured, under which name and with which labels,
// reads this file and no other. The rest of the shop only records through what is defined here.
import { exponentialBuckets, type MetricsCollector } from 'telltale';
import type { Inventory } from './domain/inventory.js';
import { type EventLoopDelay, type ProcessFigures, watchProcess } from './process-figures.js';

/** Everything that can go wrong for a customer. A closed list, because it is the values of a label. */
export const ERROR_TYPES = [
  'invalid_order',
  'unknown_product',
  'unknown_order',
  'out_of_stock',
  'payment_declined',
  'payment_unavailable',
  'pool_exhausted',
  'query_failed',
  'unexpected',
] as const;
export type ErrorType = (typeof ERROR_TYPES)[number];

export type ShopMetrics = ReturnType<typeof defineMetrics>;

/** Defines the metrics of one shop in a collector. Called once, at the start: what is wrong here throws here. */
export function defineMetrics(collector: MetricsCollector, inventory: Inventory) {
  defineProcessMetrics(collector, watchProcess());
  return {
    ...defineHttpMetrics(collector),
    ...defineDatabaseMetrics(collector),
    ...defineBusinessMetrics(collector, inventory),
  };
}

function defineHttpMetrics(collector: MetricsCollector) {
  const errors = collector.counter('http_request_errors_total', {
    description: 'Requests that were refused or failed, by the type of the error.',
    labelNames: ['type'],
  });
  // Shown at zero from the start: a rate over a series that appears with its first error misses that error.
  for (const type of ERROR_TYPES) errors.labels({ type });
  return {
    errors,
    requests: collector.counter('http_requests_total', {
      description: 'Requests answered.',
      // The route is the pattern, never the path: "/products/:id" is one series, its thousand paths would be a thousand.
      labelNames: ['method', 'route', 'status_code'],
    }),
    requestDuration: collector.histogram('http_request_duration_seconds', {
      description: 'Time from the arrival of a request to the end of its answer.',
      unit: 'seconds',
      labelNames: ['method', 'route', 'status_code'],
      // Most answers take 5 to 200 ms: that is where the bounds stand close together.
      buckets: [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5],
    }),
    requestsInFlight: collector.gauge('http_requests_in_flight', {
      description: 'Requests that are being answered at this moment.',
    }),
    // A summary beside the histogram: quantiles of this one process over the last seconds, ready to be shown. The
    // histogram is what a Prometheus adds up over many processes and over any time.
    recentResponseTime: collector.summary('http_recent_response_time_seconds', {
      description: 'Response time of all routes over the last ten seconds.',
      unit: 'seconds',
      maxAge: 10,
      quantiles: [0.5, 0.95, 0.99],
    }),
  };
}

function defineDatabaseMetrics(collector: MetricsCollector) {
  return {
    poolSize: collector.gauge('db_pool_size', { description: 'Connections that the pool may open.' }),
    poolActive: collector.gauge('db_pool_active', { description: 'Connections that are running a query.' }),
    poolWaiting: collector.gauge('db_pool_waiting', { description: 'Queries that wait for a connection.' }),
    queryDuration: collector.histogram('db_query_duration_seconds', {
      description: 'Time that a query took, without the wait for a connection.',
      unit: 'seconds',
      labelNames: ['query'],
      buckets: exponentialBuckets(0.001, 2, 10),
    }),
    databaseErrors: collector.counter('db_errors_total', {
      description: 'Queries that failed or found no connection, by the type of the error.',
      labelNames: ['type'],
    }),
  };
}

function defineBusinessMetrics(collector: MetricsCollector, inventory: Inventory) {
  collector.gauge('stock_items', {
    description: 'Items of a product that can be sold.',
    labelNames: ['product'],
    // The inventory knows; asking it when somebody reads is simpler than telling the gauge about every change.
    collect: () => inventory.levels().map(({ product, items }) => ({ value: items, labels: { product } })),
  });
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
    paymentDuration: collector.histogram('payment_duration_seconds', {
      description: 'Time that the payment provider took to answer.',
      unit: 'seconds',
      buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
    }),
    deliveredItems: collector.counter('delivered_items_total', {
      description: 'Items that restocking has brought, by product.',
      labelNames: ['product'],
    }),
  };
}

function defineProcessMetrics(collector: MetricsCollector, figures: ProcessFigures): void {
  collector.counter('process_cpu_seconds_total', {
    description: 'CPU time of the process, in user and system mode.',
    collect: () => figures.cpuSeconds(),
  });
  collector.gauge('process_resident_memory_bytes', {
    description: 'Memory of the process that is in RAM.',
    unit: 'bytes',
    collect: () => figures.residentBytes(),
  });
  collector.gauge('nodejs_heap_used_bytes', {
    description: 'Memory that JavaScript objects take up.',
    unit: 'bytes',
    collect: () => figures.heapUsedBytes(),
  });
  collector.gauge('process_uptime_seconds', {
    description: 'Time since the start of the process.',
    unit: 'seconds',
    collect: () => figures.uptimeSeconds(),
  });
  collector.gauge('nodejs_event_loop_delay_seconds', {
    description: 'How late timers came over the last seconds.',
    unit: 'seconds',
    labelNames: ['statistic'],
    collect: () => {
      const delay = figures.eventLoopDelay();
      const statistics: readonly (keyof EventLoopDelay)[] = ['p50', 'p99', 'max'];
      return statistics.map((statistic) => ({ value: delay[statistic], labels: { statistic } }));
    },
  });
}
