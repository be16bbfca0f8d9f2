// Applications whose libraries import prom-client by themselves, as programs: each defines metrics of its own beside, listens on a
// free port and prints it. Nothing in them knows which prom-client they get.

const expressBundle = `
const express = require('express');
const bundle = require('express-prom-bundle');
const { Counter, register } = require('prom-client');
const app = express();
app.use(bundle({
  includeMethod: true, includePath: true, includeUp: true,
  customLabels: { project: 'shop' },
  promClient: { collectDefaultMetrics: {} },
}));
const orders = new Counter({ name: 'orders_total', help: 'Orders', labelNames: ['kind'] });
app.get('/orders/:id', (request, response) => { orders.inc({ kind: request.params.id }); response.json({}); });
app.get('/broken', (_, response) => response.status(500).end());
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

const expressSummary = `
const express = require('express');
const bundle = require('express-prom-bundle');
const app = express();
app.use(bundle({ metricType: 'summary', includeMethod: true, percentiles: [0.5], maxAgeSeconds: 60, ageBuckets: 3 }));
app.get('/orders/:id', (_, response) => response.json({}));
app.get('/broken', (_, response) => response.status(500).end());
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

const fastify = `
const { fastify } = require('fastify');
const metrics = require('fastify-metrics');
const app = fastify();
app.register(metrics, { endpoint: '/metrics', routeMetrics: { registeredRoutesOnly: false } });
app.get('/orders/:id', async () => ({}));
app.get('/broken', async () => { throw new Error('broken'); });
app.listen({ host: '127.0.0.1', port: 0 }).then(() => console.log(app.server.address().port));
`;

const nest = `
require('reflect-metadata');
const { Controller, Get, Inject, Module, Param } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { PrometheusModule, getToken, makeCounterProvider, makeGaugeProvider, makeHistogramProvider, makeSummaryProvider } =
  require('@willsoto/nestjs-prometheus');
class Orders {
  constructor(counter, gauge, histogram, summary) { Object.assign(this, { counter, gauge, histogram, summary }); }
  find(id) {
    this.counter.inc({ kind: id });
    this.gauge.set(Number(id));
    this.histogram.observe({ kind: id }, 0.3);
    this.summary.observe(2);
    return {};
  }
  broken() { throw new Error('broken'); }
}
const names = ['orders_total', 'open_orders', 'order_seconds', 'order_size'];
names.forEach((name, i) => Inject(getToken(name))(Orders, undefined, i));
const route = (path, method, ...parameters) => {
  Get(path)(Orders.prototype, method, Object.getOwnPropertyDescriptor(Orders.prototype, method));
  parameters.forEach((decorate, i) => decorate(Orders.prototype, method, i));
};
route('orders/:id', 'find', Param('id'));
route('broken', 'broken');
Controller()(Orders);
class App {}
Module({
  imports: [PrometheusModule.register({ defaultLabels: { app: 'shop' } })],
  controllers: [Orders],
  providers: [
    makeCounterProvider({ name: names[0], help: 'Orders', labelNames: ['kind'] }),
    makeGaugeProvider({ name: names[1], help: 'Open orders' }),
    makeHistogramProvider({ name: names[2], help: 'Duration', labelNames: ['kind'], buckets: [0.1, 0.5] }),
    makeSummaryProvider({ name: names[3], help: 'Size', percentiles: [0.5] }),
  ],
})(App);
NestFactory.create(App, { logger: false }).then(async (app) => {
  await app.listen(0, '127.0.0.1');
  console.log(app.getHttpServer().address().port);
});
`;

/** What libraries that use prom-client make of it. */
export const applications: Readonly<Record<string, string>> = {
  'express-prom-bundle': expressBundle,
  'express-prom-bundle with summaries': expressSummary,
  'fastify-metrics': fastify,
  '@willsoto/nestjs-prometheus': nest,
};

/** Loaded before a program, it hands out the drop-in wherever prom-client is asked for, and nothing of prom-client itself. */
export function redirectTo(file: string): string {
  return `
const Module = require('node:module');
const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const found = request === 'prom-client' ? ${JSON.stringify(file)} : resolve.call(this, request, ...rest);
  if (/node_modules.prom-client/.test(found)) throw new Error('This is prom-client itself: ' + found);
  return found;
};
`;
}
