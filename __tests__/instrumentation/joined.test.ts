// Two modules that measure what they share: nothing is counted twice, and it is measured until both have let go of it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { createPool } from 'generic-pool';
import { MetricsCollector } from 'telltale';
import {
  type Instrumentation,
  instrumentCache,
  instrumentCircuitBreaker,
  instrumentHttpClient,
  instrumentPool,
  instrumentRateLimiter,
  instrumentTcpServer,
} from 'telltale/instrumentation';
import { afterTest, fetchRaw, listen } from '../http/support/connections.js';
import { settled } from './http/support/recorded.js';

interface Shared {
  readonly metric: string;
  /** Measures the one thing. */
  measure(): Instrumentation;
  /** Uses it once. */
  use(): Promise<unknown>;
}

const things: Readonly<Record<string, (collector: MetricsCollector) => Shared | Promise<Shared>>> = {
  cache(collector) {
    const cache = new Map([[1, 'one']]);
    return {
      metric: 'cache_hits_total',
      measure: () => instrumentCache(cache, { name: 'a', collector }),
      use: async () => cache.get(1),
    };
  },
  pool(collector) {
    const pool = createPool({ create: async () => ({}), destroy: async () => {} });
    afterTest(() => pool.drain().then(() => pool.clear()));
    return {
      metric: 'pool_use_duration_seconds_count',
      measure: () => instrumentPool(pool, { name: 'a', collector }),
      use: async () => pool.release(await pool.acquire()),
    };
  },
  'circuit breaker'(collector) {
    const breaker = new (require('opossum'))(async () => 'well');
    afterTest(() => breaker.shutdown());
    return {
      metric: 'circuit_breaker_calls_total',
      measure: () => instrumentCircuitBreaker(breaker, { name: 'a', collector }),
      use: () => breaker.fire(),
    };
  },
  'rate limiter'(collector) {
    const limiter = { consume: () => true };
    return {
      metric: 'rate_limiter_requests_total',
      measure: () => instrumentRateLimiter(limiter, { name: 'a', method: 'consume', collector }),
      use: async () => limiter.consume(),
    };
  },
  async 'TCP server'(collector) {
    const server = createTcpServer((socket) => void socket.end());
    await listen(server);
    return {
      metric: 'tcp_server_connections_total',
      measure: () => instrumentTcpServer(server, { collector }),
      use: () => once(connect((server.address() as AddressInfo).port, '127.0.0.1').resume(), 'close'),
    };
  },
  async 'HTTP client'(collector) {
    const url = await listen(createServer((_request, response) => void response.end()));
    return {
      metric: 'http_client_request_duration_seconds_count',
      measure: () => instrumentHttpClient({ collector }),
      use: async () => {
        await fetchRaw(url);
        await settled(collector, 'http_client_requests_in_flight');
      },
    };
  },
};

describe.each(Object.entries(things))('a %s that is measured twice', (_, make) => {
  it('is counted once, until the last one lets go of it', async () => {
    const collector = new MetricsCollector({ strict: true });
    const { metric, measure, use } = await make(collector);
    const counted = async () => {
      const samples = (await collector.getAllMetrics()).filter(({ name }) => name === metric);
      return samples.reduce((sum, { value }) => sum + value, 0);
    };
    const measuring = [measure(), measure()] as const;
    await use();
    expect(await counted()).toBe(1);
    measuring[0].remove();
    measuring[0].remove();
    await use();
    expect(await counted()).toBe(2);
    measuring[1].remove();
    await use();
    expect(await counted()).toBe(2);
    const again = measure();
    await use();
    expect(await counted()).toBe(3);
    again.remove();
  });
});

describe('a cache that is measured under two names', () => {
  it('is counted under both', async () => {
    const collector = new MetricsCollector({ strict: true });
    const cache = new Map([[1, 'one']]);
    for (const name of ['a', 'b']) instrumentCache(cache, { name, collector });
    cache.get(1);
    const hits = collector.counter('cache_hits_total', { labelNames: ['cache'] });
    expect(['a', 'b'].map((name) => hits.getValue({ cache: name }))).toEqual([1, 1]);
  });
});
