// One set of figures that shows everything there is to show, for the tests of what is drawn from it.
import type { Figures } from '../../../../examples/shop/view/figures.js';

export const figures: Figures = {
  uptimeSeconds: 83,
  requests: 12_345,
  requestsPerSecond: 182.4,
  failures: 97,
  failureRatio: 0.0081,
  inFlight: 14,
  responseTime: { p50: 0.012, p95: 0.0841, p99: 0.14 },
  process: { cpuRatio: 0.314, residentBytes: 91.4e6, eventLoopP99: 0.0112 },
  pool: { size: 6, active: 6, waiting: 2 },
  orders: { paid: 2_103, rejected: 61, failed: 9, euros: 98_765.4 },
  stock: [
    { product: 'compass', items: 96, capacity: 160 },
    { product: 'sextant', items: 0, capacity: 40 },
  ],
  errors: [
    { type: 'payment_declined', count: 61 },
    { type: 'pool_exhausted', count: 9 },
  ],
  alerts: [
    { name: 'PaymentsUnavailable', state: 'firing', summary: '31% of payments find nobody there' },
    { name: 'SoldOut', state: 'pending', summary: 'sextant is sold out' },
  ],
  routes: [
    {
      method: 'GET',
      route: '/products',
      statusCode: '200',
      requests: 9,
      requestsPerSecond: 73.2,
      p50: 0.012,
      p95: 0.034,
    },
    { method: 'POST', route: '/orders', statusCode: '502', requests: 1, requestsPerSecond: 0.2, p50: 0.1, p95: 1.25 },
  ],
  history: {
    requestsPerSecond: [80, 120, 160, 182],
    failuresPerSecond: [0, 0, 3, 1],
    p95: [Number.NaN, 0.05, 0.08, 0.0841],
  },
};
