// The shop over a real socket: what each outcome is as an answer, and what every request leaves behind in the figures.
import { connect } from 'node:net';
import type { MetricsCollector } from 'telltale';
import { type ShopServer, startShopServer } from '../../../../examples/shop/http/server.js';
import { heldWork, linesOf, type PartsOptions, shopParts } from '../support/shop-parts.js';

const servers: ShopServer[] = [];

async function open(options: PartsOptions = {}) {
  const parts = shopParts(options);
  const server = await startShopServer({ ...parts, port: 0 });
  servers.push(server);
  const get = (path: string, init: RequestInit = {}) => fetch(server.url + path, init);
  const post = (body: string) => get('/orders', { method: 'POST', body });
  return { ...parts, server, get, post };
}

const inFlightOf = (collector: MetricsCollector) => collector.gauge('http_requests_in_flight').getValue();

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close(0)));
});

describe('startShopServer', () => {
  it('lists products, takes orders and finds them again', async () => {
    const { get, post } = await open();
    const products = (await (await get('/products')).json()) as readonly { readonly id: string }[];
    expect(products[0]).toMatchObject({ id: 'compass', priceEuros: 34.5 });
    expect(await (await get('/products/rope')).json()).toMatchObject({ title: 'Mooring rope' });
    const placed = await post('{"items":[{"product":"rope","quantity":2}]}');
    expect([placed.status, await placed.json()]).toEqual([
      201,
      expect.objectContaining({ id: '1', amountEuros: 25.6 }),
    ]);
    expect(await (await get('/orders/1')).json()).toMatchObject({ amountEuros: 25.6 });
  });

  it('counts a request under the pattern of its route, and all paths that nobody offers under one value', async () => {
    const { get, post, collector } = await open();
    for (const path of ['/products/rope', '/products/chart', '/wp-login.php', '/1/.env', '/products/a/b']) {
      await (await get(path)).text();
    }
    await (await get('/orders', { method: 'PUT' })).text();
    await (await post('no json')).text();
    expect(await linesOf(collector, 'http_request_duration_seconds_count')).toEqual([
      'http_request_duration_seconds_count{method="GET",route="/products/:id",status_code="200"} 2',
      'http_request_duration_seconds_count{method="GET",route="unmatched",status_code="404"} 3',
      'http_request_duration_seconds_count{method="PUT",route="/orders",status_code="405"} 1',
      'http_request_duration_seconds_count{method="POST",route="/orders",status_code="400"} 1',
    ]);
  });

  it('counts errors by type', async () => {
    const { post, get, collector } = await open();
    expect(await (await post('{"items":[]}')).json()).toEqual({
      error: 'invalid_order',
      problem: '"items" is a list of 1 to 20 entries.',
    });
    expect((await get('/products/anchor')).status).toBe(404);
    expect((await get('/orders/7')).status).toBe(404);
    const tooLong = JSON.stringify({ items: [{ product: 'rope', quantity: 1 }], note: 'x'.repeat(20_000) });
    expect((await post(tooLong)).status).toBe(400);
    expect(await linesOf(collector, 'order_service_errors_total')).toEqual([
      'order_service_errors_total{method="place",error_type="invalid_order"} 2',
      'order_service_errors_total{method="product",error_type="unknown_product"} 1',
      'order_service_errors_total{method="order",error_type="unknown_order"} 1',
    ]);
  });

  it('answers 500 for what nobody foresaw, and goes on', async () => {
    let good = false;
    const sleep = async () => {
      if (!good) throw new RangeError('nobody foresaw this');
    };
    const { get, collector } = await open({ sleep });
    expect((await get('/products')).status).toBe(500);
    good = true;
    expect((await get('/products/rope')).status).toBe(200);
    expect(await linesOf(collector, 'order_service_errors_total')).toEqual([
      'order_service_errors_total{method="products",error_type="RangeError"} 1',
    ]);
  });

  it('knows how many requests are in flight, and lets them finish when it closes', async () => {
    const { sleep, waiting } = heldWork();
    const { get, collector, server } = await open({ sleep });
    const answers = ['/products', '/products/rope'].map((path) => get(path));
    while (waiting.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(inFlightOf(collector)).toBe(2);
    const closed = server.close();
    for (const finish of waiting) finish();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    await closed;
    expect(inFlightOf(collector)).toBe(0);
  });

  it('counts a client that leaves early, and is not in flight any more', async () => {
    const { sleep, waiting } = heldWork();
    const { server, collector } = await open({ sleep });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('GET /products HTTP/1.1\r\nHost: shop\r\n\r\n');
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    while (inFlightOf(collector) > 0) await new Promise((resolve) => setImmediate(resolve));
    waiting[0]?.();
    expect(await linesOf(collector, 'http_request_duration_seconds_count')).toEqual([
      'http_request_duration_seconds_count{method="GET",route="/products",status_code="499"} 1',
    ]);
  });

  it('rejects when the port is taken', async () => {
    const { server, ...parts } = await open();
    await expect(startShopServer({ ...parts, port: Number(new URL(server.url).port) })).rejects.toThrow('EADDRINUSE');
  });
});
