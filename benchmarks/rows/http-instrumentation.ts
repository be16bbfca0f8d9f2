// A request to a server that is measured, beside one that is not ("by hand" is the application alone) and one that is measured
// by what its users take so far: express-prom-bundle and fastify-metrics, both on prom-client. Requests come pipelined over a few
// connections, so that the server has as much of the time as can be; the client's part is the same for all.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import express, { type RequestHandler } from 'express';
import prometheusBundle from 'express-prom-bundle';
import fastify, { type FastifyInstance } from 'fastify';
import fastifyPrometheus from 'fastify-metrics';
import { type Metric, Registry } from 'prom-client';
import { expressMetrics, fastifyMetrics } from 'telltale/instrumentation';
import { expectTotal } from '../harness/expect.js';
import { faster, type Library, type Row } from '../harness/row.js';
import { type Contender, timed } from '../harness/timing.js';
import { newCollector, promTallyOf, tallyOf } from '../libraries.js';

const CONNECTIONS = 8;
const PIPELINED = 25;
const REQUESTS = CONNECTIONS * PIPELINED;
const NAME = 'http_request_duration_seconds';
const END = 'the end of a user';

/** A server and how many requests its metrics have counted; undefined where nothing counts. */
interface Served {
  readonly server: Server;
  readonly counted?: () => Promise<number>;
  close?(): Promise<void>;
}

/** Sends a batch over one connection and resolves with the last answer. */
class Client {
  readonly #socket: Socket;
  readonly #batch: Buffer;
  #missing = 0;
  #done: () => void = () => {};

  constructor(socket: Socket, first: number) {
    const requests = Array.from(
      { length: PIPELINED },
      (_, i) => `GET /api/users/${first + i} HTTP/1.1\r\nHost: a\r\n\r\n`,
    );
    this.#batch = Buffer.from(requests.join(''));
    this.#socket = socket.on('data', (piece: Buffer) => {
      const text = piece.toString('latin1');
      for (let at = text.indexOf(END); at >= 0; at = text.indexOf(END, at + END.length)) this.#missing--;
      if (this.#missing === 0) this.#done();
    });
  }

  send(): Promise<void> {
    this.#missing = PIPELINED;
    this.#socket.write(this.#batch);
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

async function serving(library: Library, { server, counted, close }: Served): Promise<Contender> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clients = await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, i) => {
      const socket = connect(port, '127.0.0.1').setNoDelay();
      await once(socket, 'connect');
      return new Client(socket, i * PIPELINED);
    }),
  );
  let sent = 0;
  return {
    library,
    run: async (passes) => {
      for (let pass = 0; pass < passes; pass++) await Promise.all(clients.map((client) => client.send()));
      sent += passes * REQUESTS;
    },
    check: async () => {
      // The last responses have been read before their server hears that they have left.
      await new Promise((resolve) => setImmediate(resolve));
      if (counted !== undefined) expectTotal(`the requests counted by ${library}`, await counted(), sent);
    },
    close: async () => {
      for (const client of clients) client.close();
      server.close();
      await close?.();
    },
  };
}

function expressServer(measure?: RequestHandler): Server {
  const app = express().disable('x-powered-by').disable('etag');
  if (measure !== undefined) app.use(measure);
  const users = express.Router().get('/:id', (_request, response) => {
    response.end(END);
  });
  app.use('/api/users', users);
  return createServer(app);
}

function expressContenders(): Promise<readonly Contender[]> {
  const collector = newCollector();
  const promRegistry = new Registry();
  const bundle = prometheusBundle({ includeMethod: true, includePath: true, autoregister: false, promRegistry });
  const counted = async () => (await promTallyOf(promRegistry.getSingleMetric(NAME) as Metric)).count;
  return Promise.all([
    serving('telltale', {
      server: expressServer(expressMetrics({ collector })),
      counted: async () => (await tallyOf(collector, NAME)).count,
    }),
    serving('prom-client', { server: expressServer(bundle), counted }),
    serving('by hand', { server: expressServer() }),
  ]);
}

async function fastifyServer(measure?: (app: FastifyInstance) => unknown): Promise<Served> {
  const app = fastify();
  await measure?.(app);
  const users = async (scope: FastifyInstance) => {
    scope.get('/:id', (_request, reply) => void reply.send(END));
  };
  app.register(users, { prefix: '/api/users' });
  await app.ready();
  return { server: app.server, close: () => app.close() };
}

async function fastifyContenders(): Promise<readonly Contender[]> {
  const collector = newCollector();
  let registry = new Registry();
  const measured = await fastifyServer((app) => app.register(fastifyMetrics({ collector })));
  const other = await fastifyServer(async (app) => {
    // Its summary is left out: the histogram is what both record.
    await app.register(fastifyPrometheus.default, {
      endpoint: null,
      defaultMetrics: { enabled: false },
      routeMetrics: { enabled: { histogram: true, summary: false }, overrides: { histogram: { name: NAME } } },
      clearRegisterOnInit: true,
    });
    registry = app.metrics.client.register as Registry;
  });
  const counted = async () => (await promTallyOf(registry.getSingleMetric(NAME) as Metric)).count;
  return Promise.all([
    serving('telltale', { ...measured, counted: async () => (await tallyOf(collector, NAME)).count }),
    serving('prom-client', { ...other, counted }),
    serving('by hand', await fastifyServer()),
  ]);
}

export const httpInstrumentationRows: readonly Row[] = [
  timed({
    id: 'http-express',
    title: 'Express request, measured (by hand: not measured)',
    targets: [faster('prom-client', 1)],
    operations: REQUESTS,
    contenders: expressContenders,
  }),
  timed({
    id: 'http-fastify',
    title: 'Fastify request, measured (by hand: not measured)',
    targets: [faster('prom-client', 1)],
    operations: REQUESTS,
    contenders: fastifyContenders,
  }),
];
