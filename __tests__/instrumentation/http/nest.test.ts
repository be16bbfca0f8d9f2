// NestJS with both of its adapters: measured by the middleware and by the plugin of what it stands on. Decorators are called
// by hand here, because the test suite is compiled for those of the language.
import 'reflect-metadata';
import { Controller, Get, type INestApplication, Module, NotFoundException, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { MetricsCollector } from '../../../lib/collector.js';
import { expressMetrics } from '../../../lib/instrumentation/http/express.js';
import { fastifyMetrics } from '../../../lib/instrumentation/http/fastify.js';
import { afterTest, fetchRaw, requestText, sendRaw } from '../../http/support/connections.js';
import { countsOf, inFlight, settled } from './support/recorded.js';

class Cats {
  fails(): void {
    throw new Error('no');
  }

  missing(): void {
    throw new NotFoundException();
  }

  waits(): Promise<never> {
    return new Promise(() => {});
  }

  // Last, because it takes every path that is left.
  one(id: string): string {
    return `cat ${id}`;
  }
}

function route(name: keyof Cats, path: string): void {
  const descriptor = Object.getOwnPropertyDescriptor(Cats.prototype, name) as PropertyDescriptor;
  Get(path)(Cats.prototype, name, descriptor);
}

Param('id')(Cats.prototype, 'one', 0);
route('fails', 'fails');
route('missing', 'missing');
route('waits', 'waits');
route('one', ':id');
Controller('cats')(Cats);

class Shelter {}
Module({ controllers: [Cats] })(Shelter);

const adapters: readonly {
  readonly name: string;
  make(collector: MetricsCollector): Promise<INestApplication>;
}[] = [
  {
    name: 'Express',
    async make(collector) {
      const app = await NestFactory.create(Shelter, new ExpressAdapter(), { logger: false });
      app.use(expressMetrics({ collector }));
      return app;
    },
  },
  {
    name: 'Fastify',
    async make(collector) {
      const app = await NestFactory.create<NestFastifyApplication>(Shelter, new FastifyAdapter(), { logger: false });
      await app.register(fastifyMetrics({ collector }) as never);
      return app;
    },
  },
];

describe.each(adapters)('the metrics of NestJS on $name', ({ make }) => {
  it('name the routes of controllers with the global prefix, and count what fails and who leaves', async () => {
    const collector = new MetricsCollector({ strict: true });
    const app = await make(collector);
    app.setGlobalPrefix('api');
    await app.listen(0, '127.0.0.1');
    afterTest(() => app.close());
    const url = await app.getUrl();
    expect((await fetchRaw(`${url}/api/cats/7`)).text).toBe('cat 7');
    for (const path of ['/api/cats/8', '/api/cats/fails', '/api/cats/missing', '/wp-admin']) await fetchRaw(url + path);
    const client = await sendRaw(url, requestText('/api/cats/waits'));
    await inFlight(collector, 1);
    client.socket.destroy();
    await settled(collector);
    expect(await countsOf(collector)).toEqual({
      'GET /api/cats/:id 200': 2,
      'GET /api/cats/fails 500': 1,
      'GET /api/cats/missing 404': 1,
      'GET /api/cats/waits 499': 1,
      'GET unmatched 404': 1,
    });
  });
});
