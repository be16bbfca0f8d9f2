// A server of node:https: sizes are those of what is encrypted, and not of the records that it travels in.
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { MetricsCollector } from '../../../lib/collector.js';
import { instrumentHttpServer } from '../../../lib/instrumentation/http/node-server.js';
import { listen } from '../../http/support/connections.js';
import { type Certificates, makeCertificates } from '../../support/https.js';
import { countsOf, settled, sumsOf } from './support/recorded.js';

describe('instrumentHttpServer with node:https', () => {
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = await makeCertificates();
  });
  afterAll(() => certificates.remove());

  it('counts requests and the bytes of their bodies', async () => {
    const { ca, cert, key } = certificates;
    const collector = new MetricsCollector({ strict: true });
    const server = createServer({ cert, key }, (_request, response) => void response.end('x'.repeat(100_000)));
    instrumentHttpServer(server, { collector });
    await listen(server);
    const { port } = server.address() as AddressInfo;
    const length = await new Promise<number>((resolve, reject) => {
      get({ host: '127.0.0.1', port, ca, agent: false }, async (response) => {
        let received = 0;
        for await (const piece of response) received += (piece as Buffer).length;
        resolve(received);
      }).on('error', reject);
    });
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET unmatched 200': 1 });
    expect(await sumsOf(collector, 'http_response_size_bytes')).toEqual({ 'GET unmatched 200': length });
  });
});
