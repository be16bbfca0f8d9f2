// What becomes of requests, and what is said of it, against servers that misbehave in every way there is.
import type { Socket } from 'node:net';
import { describe as explain, MetricDefinitionError, type StorageError } from '../../../lib/errors.js';
import type { HttpTargetOptions } from '../../../storage/delivery/http-options.js';
import { HttpTarget } from '../../../storage/delivery/http-target.js';
import { freePort } from '../../support/free-port.js';
import { answerText, type RawServer, startRawServer } from './http-servers.js';

const PUT = { method: 'PUT', path: '/x', body: Buffer.from('hello') };
const open: { close(): unknown }[] = [];

function targetAt(url: string, options: Partial<HttpTargetOptions> = {}): HttpTarget {
  const target = new HttpTarget({ url, ...options });
  open.push(target);
  return target;
}

async function server(...args: Parameters<typeof startRawServer>): Promise<RawServer> {
  const started = await startRawServer(...args);
  open.push(started);
  return started;
}

async function errorOf(target: HttpTarget): Promise<StorageError> {
  return (await target.send(PUT))._unsafeUnwrapErr();
}

/** Seen from the server; a test that waits here in vain is ended by its time limit. */
async function allClosed(sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) {
    if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  }
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

describe('HttpTarget', () => {
  describe('constructor', () => {
    it.each([
      ['no URL', { url: 'gateway:9091/x y' }, 'The option url is invalid (gateway:). '],
      ['nothing', { url: '' }, 'The option url is invalid (empty). '],
      ['a path', { url: '/metrics' }, 'The option url is invalid (not a URL). '],
      ['another protocol', { url: 'ftp://host' }, 'The option url is invalid (ftp:). '],
      ['no time', { timeoutMs: 0 }, 'The option timeoutMs is invalid (0). '],
      ['a time that is no number', { timeoutMs: Number.NaN }, 'The option timeoutMs is invalid (NaN). '],
      ['a header with a line break', { headers: { a: 'b\r\nEvil: 1' } }, 'The option headers is invalid ("a"). '],
      [
        'a header name with a line break',
        { headers: { 'a\r\nEvil': 'b' } },
        'The option headers is invalid ("a\\r\\nEvil"). ',
      ],
      [
        'the length of the body',
        { headers: { 'Content-Length': '3' } },
        'The option headers is invalid (Content-Length). ',
      ],
      [
        'a bearer token with a line break',
        { auth: { bearerToken: 'a\nb' } },
        'The option auth is invalid (a bearer token ',
      ],
      ['an empty bearer token', { auth: { bearerToken: '' } }, 'The option auth is invalid (a bearer token '],
      ['a user with a colon', { auth: { username: 'a:b', password: 'c' } }, 'The option auth is invalid (a user name '],
      [
        'credentials twice',
        { url: 'http://u:p@host', auth: { bearerToken: 'x' } },
        'The option auth is invalid (given twice). ',
      ],
      ['auth that is null', { auth: null as never }, 'The option auth is invalid (null). '],
      ['headers that are a text', { headers: 'a: b' as never }, 'The option headers is invalid (string). '],
      ['a user without a password', { auth: { username: 'a' } as never }, 'The option auth is invalid (a user name '],
      ['TLS without TLS', { tls: {} }, 'The option tls is invalid (given for http://). '],
      [
        'a certificate that is none',
        { url: 'https://host', tls: { ca: 'x', cert: 'y' } },
        'The option tls is invalid (',
      ],
    ] as const)('refuses %s', (_what, options, message) => {
      const create = () => new HttpTarget({ url: 'http://127.0.0.1:1', ...options });
      expect(create).toThrow(MetricDefinitionError);
      expect(create).toThrow(message);
    });

    it('repeats no secret of a URL that cannot be parsed', () => {
      expect(() => new HttpTarget({ url: 'http://user:secret@:x' })).toThrow(/^(?!.*secret)/);
    });

    it('leaves its options alone, and does not notice when they change', async () => {
      const heads: string[] = [];
      const { url } = await server((socket, { head }) => {
        heads.push(head);
        socket.write(answerText('200 OK'));
      });
      const headers: Record<string, string> = { 'X-Scope-OrgID': 'one' };
      const options = { url, headers, auth: { bearerToken: 'token' } };
      const before = structuredClone(options);
      const target = targetAt(url, options);
      await target.send(PUT);
      expect(options).toEqual(before);
      headers['X-Scope-OrgID'] = 'two';
      options.auth.bearerToken = 'other';
      await target.send(PUT);
      for (const head of heads) {
        expect(head).toMatch(/^x-scope-orgid: one\r$/m);
        expect(head).toMatch(/^authorization: Bearer token\r$/m);
      }
      expect(heads).toHaveLength(2);
    });
  });

  describe('send', () => {
    it('appends to the path of the URL, keeps its query, and sends the body with its length', async () => {
      let seen = '';
      const { url } = await server((socket, { head }) => {
        seen = head;
        socket.write(answerText('202 Accepted', 'fine', ['X-Answer: yes']));
      });
      const target = targetAt(`${url}/base/?tenant=1#part`);
      const answer = (
        await target.send({ ...PUT, path: '/a@base64/%2F', headers: { 'content-type': 'x' } })
      )._unsafeUnwrap();
      expect(seen).toMatch(/^PUT \/base\/a@base64\/%2F\?tenant=1 HTTP\/1\.1\r$/m);
      expect(seen).toMatch(/^content-length: 5\r$/m);
      expect(answer).toMatchObject({ status: 202, body: 'fine', headers: { 'x-answer': 'yes' } });
    });

    it('sends a user and a password of the URL as basic auth and shows them nowhere', async () => {
      let seen = '';
      const { port } = await server((socket, { head }) => {
        seen = head;
        socket.write(answerText('401 Unauthorized', 'who are you?'));
      });
      const error = await errorOf(targetAt(`http://alice:p%40ss@127.0.0.1:${port}/?key=geheim`));
      expect(seen).toContain(`authorization: Basic ${Buffer.from('alice:p@ss').toString('base64')}`);
      expect(JSON.stringify(error) + explain(error)).not.toMatch(/alice|p@ss|p%40|geheim/);
      expect(explain(error)).toContain('status 401: who are you? (check auth, ');
    });

    it('uses a connection again', async () => {
      const { url, sockets } = await server((socket) => socket.write(answerText('200 OK')));
      const target = targetAt(url);
      for (let i = 0; i < 3; i++) expect((await target.send(PUT)).isOk()).toBe(true);
      expect(sockets).toHaveLength(1);
    });

    it('says that nothing listens', async () => {
      const port = await freePort();
      const error = await errorOf(targetAt(`http://127.0.0.1:${port}`));
      expect(error.kind).toBe('push_unreachable');
      expect(explain(error)).toBe(
        `http://127.0.0.1:${port} cannot be reached: nothing listens there; start the server, or correct the port (connect ECONNREFUSED 127.0.0.1:${port}). Check the URL and that the server runs.`,
      );
    });

    it('says so of a name with several addresses, too', async () => {
      const error = await errorOf(targetAt(`http://localhost:${await freePort()}`));
      expect(explain(error)).toMatch(
        /nothing listens there; start the server, or correct the port \(.*ECONNREFUSED.*\)/,
      );
    });

    it('says that a name is unknown', async () => {
      const error = await errorOf(targetAt('http://gateway.invalid:9091'));
      expect(error.kind).toBe('push_unreachable');
      expect(explain(error)).toMatch(
        /the name (is unknown|cannot be looked up).*; check .*DNS of this machine \(.*gateway\.invalid\)/,
      );
    });

    it('gives up on a server that accepts and never answers', async () => {
      const { url, sockets } = await server(() => {});
      const error = await errorOf(targetAt(url, { timeoutMs: 50 }));
      expect(error).toEqual({ kind: 'push_timed_out', target: url, timeoutMs: 50 });
      expect(explain(error)).toContain('did not answer within 50 ms');
      await allClosed(sockets);
    });

    it('gives up on an answer that never ends', async () => {
      const { url } = await server((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'));
      expect((await errorOf(targetAt(url, { timeoutMs: 50 }))).kind).toBe('push_timed_out');
    });

    it('says that an answer is no HTTP', async () => {
      const { url } = await server((socket) => socket.end('220 mail.example ESMTP\r\n'));
      const error = await errorOf(targetAt(url));
      expect(error.kind).toBe('push_unreachable');
      expect(explain(error)).toMatch(/what it answers is not HTTP; check the port.* \(HPE_\w+: .*\)/);
    });

    it('says that a connection was closed without an answer, and does not try again', async () => {
      const { url, sockets } = await server((socket) => socket.end());
      const error = await errorOf(targetAt(url));
      expect(explain(error)).toContain(
        'it closed the connection without an answer; look at its log (ECONNRESET: socket hang up)',
      );
      expect(sockets).toHaveLength(1);
    });

    it.each(['400 Bad Request', '429 Too Many Requests', '500 Internal Server Error'])(
      'answers the reason of a %s',
      async (status) => {
        const { url } = await server((socket) => socket.write(answerText(status, '  the reason\n')));
        const error = await errorOf(targetAt(url));
        expect(error).toEqual({
          kind: 'push_rejected',
          target: url,
          status: Number.parseInt(status, 10),
          body: 'the reason',
        });
      },
    );

    it('names the status where there is no reason', async () => {
      const { url } = await server((socket) => socket.write(answerText('503 Whatever')));
      expect(await errorOf(targetAt(url))).toMatchObject({ status: 503, body: 'Service Unavailable' });
    });

    it('keeps the first 64 KB of an endless answer, and drops the connection', async () => {
      const { url, sockets } = await server((socket) => {
        socket.write('HTTP/1.1 500 Sorry\r\nTransfer-Encoding: chunked\r\n\r\n');
        const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
        const fill = () => {
          while (socket.writable && socket.write(chunk));
        };
        socket.on('drain', fill);
        fill();
      });
      const error = await errorOf(targetAt(url));
      expect(error.kind === 'push_rejected' && error.body.length).toBe(65_536);
      await allClosed(sockets);
    });

    it('takes the status of an answer that is cut off', async () => {
      const { url } = await server((socket) => socket.end('HTTP/1.1 400 No\r\nContent-Length: 100\r\n\r\nhalf a rea'));
      expect(await errorOf(targetAt(url))).toMatchObject({ kind: 'push_rejected', status: 400, body: 'half a rea' });
    });

    it('does not follow a redirect, and says where it leads', async () => {
      const other = await server((socket) => socket.write(answerText('200 OK')));
      const location = other.url.replace('//', '//user:pass@');
      const { url } = await server((socket) =>
        socket.write(answerText('308 Permanent Redirect', '', [`Location: ${location}/there?key=1`])),
      );
      const error = await errorOf(targetAt(url, { auth: { bearerToken: 'secret' } }));
      expect(error).toMatchObject({ kind: 'push_rejected', status: 308 });
      expect(explain(error)).toContain(
        `status 308: it redirects to ${other.url}/there, and redirects are not followed: make the URL lead there directly`,
      );
      expect(other.sockets).toHaveLength(0);
    });

    it('sends a request again when a kept connection turns out to be closed', async () => {
      const { url, sockets } = await server((socket, { ordinal }) => {
        // The second request comes on the first connection, which is reset unread, as by a server that just let it go.
        if (ordinal === 1) socket.resetAndDestroy();
        else socket.write(answerText('200 OK'));
      });
      const target = targetAt(url);
      expect((await target.send(PUT)).isOk()).toBe(true);
      expect((await target.send(PUT)).isOk()).toBe(true);
      expect(sockets).toHaveLength(2);
    });

    it('does so once', async () => {
      const { url, sockets } = await server((socket, { ordinal }) => {
        if (ordinal > 0) socket.resetAndDestroy();
        else socket.write(answerText('200 OK'));
      });
      const target = targetAt(url);
      await target.send(PUT);
      expect((await errorOf(target)).kind).toBe('push_unreachable');
      expect(sockets).toHaveLength(2);
    });

    it('does not when an answer had begun', async () => {
      const { url, sockets } = await server((socket, { ordinal }) => {
        if (ordinal === 0) socket.write(answerText('200 OK'));
        else socket.write('HTTP/1.1 2', () => socket.resetAndDestroy());
      });
      const target = targetAt(url);
      await target.send(PUT);
      expect((await errorOf(target)).kind).toBe('push_unreachable');
      expect(sockets).toHaveLength(1);
    });
  });

  describe('close', () => {
    it('ends idle connections and requests on their way, and refuses later ones', async () => {
      let arrived = (): void => {};
      const arrival = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      const { url, sockets } = await server((socket, { ordinal }) => {
        if (ordinal === 0) socket.write(answerText('200 OK'));
        else arrived();
      });
      const target = targetAt(url);
      await target.send(PUT);
      const waiting = errorOf(target);
      await arrival;
      target.close();
      expect(await waiting).toEqual({ kind: 'storage_closed', storage: url });
      expect(await errorOf(target)).toEqual({ kind: 'storage_closed', storage: url });
      await allClosed(sockets);
    });
  });
});
