// Pushes over TLS: who is trusted, who has to show a certificate, and what is said when that goes wrong.
import { once } from 'node:events';
import { createServer, type Server, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createPlainServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { describe as explain } from '../../../lib/errors.js';
import type { PushTls } from '../../../storage/delivery/http-options.js';
import { HttpTarget } from '../../../storage/delivery/http-target.js';
import { type Certificates, makeCertificates } from '../../support/https.js';

describe('HttpTarget over TLS', () => {
  let certificates: Certificates;
  let servers: Server[];

  beforeAll(async () => {
    certificates = await makeCertificates();
  });

  afterAll(() => certificates.remove());

  beforeEach(() => {
    servers = [];
  });

  afterEach(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  });

  async function secureServer(options: ServerOptions = {}): Promise<number> {
    const { cert, key } = certificates;
    const server = createServer({ cert, key, ...options }, (_request, response) => response.end('fine'));
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** How a push went, in words. */
  async function push(url: string, tls?: PushTls): Promise<string> {
    const target = new HttpTarget({ url, ...(tls === undefined ? {} : { tls }) });
    const answer = await target.send({ method: 'POST', body: Buffer.alloc(100_000) });
    target.close();
    return answer.match(({ body }) => body, explain);
  }

  it('reaches a server whose issuer it was told to trust', async () => {
    expect(await push(`https://127.0.0.1:${await secureServer()}`, { ca: certificates.ca })).toBe('fine');
  });

  it('refuses one whose issuer it does not know, and says what to give', async () => {
    const url = `https://127.0.0.1:${await secureServer()}`;
    expect(await push(url)).toMatch(
      /its certificate is not trusted; give its issuer's certificate as tls\.ca \(UNABLE_TO_VERIFY_LEAF_SIGNATURE: /,
    );
  });

  it('talks to it all the same where it is told that anybody will do', async () => {
    expect(await push(`https://127.0.0.1:${await secureServer()}`, { rejectUnauthorized: false })).toBe('fine');
  });

  it('refuses a certificate for another name, and takes it for the name that it was told', async () => {
    const port = await secureServer();
    const { ca } = certificates;
    expect(await push(`https://127.0.0.1:${port}`, { ca, servername: 'elsewhere.example' })).toMatch(
      /its certificate is for another name; .* tls\.servername \(ERR_TLS_CERT_ALTNAME_INVALID: /,
    );
    expect(await push(`https://127.0.0.1:${port}`, { ca, servername: 'localhost' })).toBe('fine');
  });

  it('shows its own certificate where the server asks for one', async () => {
    const { ca, clientCert, clientKey } = certificates;
    const url = `https://127.0.0.1:${await secureServer({ ca, requestCert: true, rejectUnauthorized: true })}`;
    expect(await push(url, { ca, cert: clientCert, key: clientKey })).toBe('fine');
    expect(await push(url, { ca })).toMatch(
      /cannot be reached: (TLS was refused; check tls\.cert|it closed the connection)/,
    );
  });

  it.each([
    ['cuts', (socket: TLSSocket) => socket.destroy()],
    ['ends', (socket: TLSSocket) => socket.end()],
  ])('sends a request again when the server %s a kept connection instead of answering', async (_how, cut) => {
    let requests = 0;
    const { cert, key, ca } = certificates;
    const server = createServer({ cert, key }, (request, response) => {
      if (requests++ === 1) cut(request.socket as TLSSocket);
      else response.end('fine');
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const target = new HttpTarget({ url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, tls: { ca } });
    for (let i = 0; i < 2; i++) {
      expect((await target.send({ method: 'PUT' }))._unsafeUnwrap().body).toBe('fine');
    }
    expect(requests).toBe(3);
    target.close();
  });

  it('says that a server does not speak TLS', async () => {
    const server = createPlainServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await push(`https://127.0.0.1:${port}`)).toMatch(/it does not speak TLS; use http:\/\//);
    server.close();
    await once(server, 'close');
  });
});
