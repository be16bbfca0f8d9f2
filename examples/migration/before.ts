// A service as it was written for prom-client and express-prom-bundle: orders are counted, timed and weighed, and the bundle
// measures its requests. `after.ts` is the same with one line changed. The port is the argument; 3000 without one.
import type { AddressInfo } from 'node:net';
import express from 'express';
import bundle from 'express-prom-bundle';
import client from 'prom-client';

client.collectDefaultMetrics();
const orders = new client.Counter({ name: 'orders_total', help: 'Orders taken', labelNames: ['kind', 'paid'] });
const open = new client.Gauge({ name: 'open_orders', help: 'Orders that wait' });
const items = new client.Histogram({ name: 'order_items', help: 'Items per order', buckets: [1, 2, 5, 10] });
const weight = new client.Summary({ name: 'order_weight_grams', help: 'Weight', percentiles: [0.5, 0.9] });

const app = express();
app.use(bundle({ includeMethod: true, includePath: true, promRegistry: client.register }));
app.post('/orders/:kind', express.json(), (request, response) => {
  const { count, grams } = request.body as { readonly count: number; readonly grams: number };
  orders.inc({ kind: request.params.kind, paid: String(grams > 100) });
  open.inc();
  items.observe(count);
  weight.observe(grams);
  response.status(201).json({ count });
});
app.delete('/orders', (_, response) => {
  open.dec();
  response.status(204).end();
});

const server = app.listen(Number(process.argv[2] ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
});
