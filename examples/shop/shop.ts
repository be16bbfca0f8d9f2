// Puts the shop together and takes it apart again in the right order: what is measured starts first and ends before what
// reads the measurements, so that the last figures are complete.
import { err, ok, type Result } from 'neverthrow';
import { describe, MemoryStorage, MetricsCollector, setMetricsCollector } from 'telltale';
import { type Alert, callbackNotifier, RuleEvaluator, rulesApi } from 'telltale/alerts';
import { dashboard } from 'telltale/dashboard';
import { type MetricsServer, type Route, startMetricsServer } from 'telltale/http';
import { instrumentProcess } from 'telltale/instrumentation';
import { QueryEngine, queryApi } from 'telltale/query';
import { shopAlerts } from './alerts.js';
import { Database } from './domain/database.js';
import { Inventory } from './domain/inventory.js';
import { OrderService } from './domain/orders.js';
import { Payments } from './domain/payments.js';
import { type ShopServer, startShopServer } from './http/server.js';
import { defineMetrics } from './metrics.js';
import type { ShopOptions } from './options.js';
import { Board } from './view/board.js';
import { type Figures, readFigures } from './view/figures.js';

export interface Shop {
  readonly shopUrl: string;
  readonly metricsUrl: string;
  figures(): Promise<Figures>;
  /** Lets requests finish, collects for the last time, closes everything. Answers the last figures and what was stored. */
  close(): Promise<{ readonly figures: Figures; readonly samplesStored: number }>;
}

/** An hour of figures, one a second. */
const STORAGE = { retentionSeconds: 3600 };
const COLLECT_SECONDS = 1;

/** Who is told of alerts that begin and that end. */
export type Watcher = (alerts: readonly Alert[]) => void;

/** Opens the shop, or answers a sentence that says why not. */
export async function openShop({ port, shopPort }: ShopOptions, watcher: Watcher): Promise<Result<Shop, string>> {
  const storage = new MemoryStorage(STORAGE);
  const collector = new MetricsCollector({ storage });
  // What decorators and instrumentation record goes into the collector of the process.
  setMetricsCollector(collector);
  instrumentProcess();
  const inventory = new Inventory({
    onDelivery: (product, items) => metrics.deliveredItems.increment(items, { product }),
  });
  const metrics = defineMetrics(collector, inventory);
  const startedAt = performance.now();
  const uptimeSeconds = () => (performance.now() - startedAt) / 1000;
  const payments = new Payments({ uptime: uptimeSeconds });
  const orders = new OrderService({ metrics, database: new Database(), inventory, payments });
  const engine = new QueryEngine(storage);
  const notifiers = [callbackNotifier(watcher)];
  const rules = await RuleEvaluator.open({ engine, storage, groups: shopAlerts(metrics), notifiers });
  if (rules.isErr()) return err(describe(rules.error));
  const evaluator = rules.value;
  const board = new Board({ engine, now: Date.now, uptimeSeconds, alerts: () => evaluator.alerts });
  const figures = () => readFigures(board);

  const api = [queryApi(engine, { describes: collector }), ...rulesApi(evaluator)];
  const routes = [dashboard({ title: 'An order service' }), ...jsonRoutes(collector, figures), ...api];
  const metricsServer = await startMetricsServer(collector, { port, routes });
  if (metricsServer.isErr()) return err(`${describe(metricsServer.error)} For instance: npm start -- --port 0`);
  const shopServer = await openShopServer(() => startShopServer({ orders, port: shopPort }));
  if (shopServer.isErr()) {
    await metricsServer.value.close();
    return err(shopServer.error);
  }
  const collecting = collector.startCollecting({ intervalSeconds: COLLECT_SECONDS });
  evaluator.start();
  return ok({
    shopUrl: shopServer.value.url,
    metricsUrl: metricsServer.value.url,
    figures,
    close: async () => {
      await shopServer.value.close();
      await evaluator.close();
      // The final collection: every request has been counted by now.
      const stored = await collecting.stop();
      const last = await figures();
      await closeReaders(collector, metricsServer.value);
      return { figures: last, samplesStored: stored.unwrapOr(0) };
    },
  });
}

async function closeReaders(collector: MetricsCollector, server: MetricsServer): Promise<void> {
  await server.close({ timeoutSeconds: 5 });
  await collector.shutdown({ timeoutSeconds: 5 });
}

async function openShopServer(start: () => Promise<ShopServer>): Promise<Result<ShopServer, string>> {
  try {
    return ok(await start());
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return err(`The shop cannot open: ${problem}. Choose another --shop-port, or none for any that is free.`);
  }
}

/** What other dashboards may want: every sample, and the figures of the live view, as JSON. */
function jsonRoutes(collector: MetricsCollector, figures: () => Promise<Figures>): readonly Route[] {
  const route = (path: string, title: string, read: () => Promise<string>): Route => ({
    path,
    title,
    handle: async (_request, response) => {
      const body = await read();
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(body);
    },
  });
  return [
    route('/metrics.json', 'Metrics as JSON', () => collector.exportJson()),
    route('/live.json', 'Figures of the live view as JSON', async () => JSON.stringify(await figures())),
  ];
}
