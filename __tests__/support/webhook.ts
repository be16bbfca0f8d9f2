// A receiver of webhooks on the loopback interface: keeps every message it gets, in the order in which they came, and answers as
// it is told to.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedMessage {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Parsed. */
  readonly body: unknown;
}

/** What it answers: a status, or nothing at all until it closes. */
export type WebhookAnswer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | 'nothing';

export interface Webhook {
  readonly url: string;
  /** All that came so far. */
  readonly messages: readonly ReceivedMessage[];
  /** From now on; 200 until it is said otherwise. */
  answer: WebhookAnswer;
  /** The first message, of those that have come or are still to come, that `accepts` takes. */
  next<T>(accepts: (body: T) => boolean): Promise<T>;
  close(): Promise<void>;
}

const MOST_WAIT_MS = 20_000;

export async function startWebhook(): Promise<Webhook> {
  const messages: ReceivedMessage[] = [];
  const listeners = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    messages.push({ method, path, headers, body: JSON.parse(await text(request)) });
    for (const listener of listeners) listener();
    if (webhook.answer === 'nothing') return;
    response.writeHead(webhook.answer.status, webhook.answer.headers).end(webhook.answer.body ?? '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const webhook: Webhook = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    answer: { status: 200 },
    next: <T>(accepts: (body: T) => boolean) =>
      new Promise<T>((resolve, reject) => {
        const look = (): void => {
          const found = messages.find(({ body }) => accepts(body as T));
          if (found === undefined) return;
          clearTimeout(timer);
          listeners.delete(look);
          resolve(found.body as T);
        };
        const timer = setTimeout(() => {
          listeners.delete(look);
          reject(new Error(`No such message came; those that did: ${JSON.stringify(messages).slice(0, 4_000)}`));
        }, MOST_WAIT_MS);
        listeners.add(look);
        look();
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return webhook;
}
