// Pushgateway, in prom-client's words: options go to Node's own requests as they are, and answers are Node's own.
// As defaults, so that what others put in the place of `request` is called here as well: recorders of traffic, mocks.
import http from 'node:http';
import https from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { gzipSync } from 'node:zlib';
import { oneKind } from './one-kind.js';
import { globalRegistry, type Registry } from './registry.js';
import type { RegistryContentType } from './types.js';

/** How long the gateway may be silent, unless the options say otherwise. */
const TIMEOUT_MS = 60_000;
/** What is kept of an answer: the gateway's own are a line. */
const MOST_BODY_CHARACTERS = 64 * 1024;

type Method = 'POST' | 'PUT' | 'DELETE';
type Answer = { resp?: unknown; body?: unknown };
type Headers = Readonly<Record<string, string>>;

export class Pushgateway<T extends RegistryContentType> {
  static {
    oneKind(Pushgateway, 'Pushgateway');
  }

  readonly registry: Registry<T>;
  readonly gatewayUrl: string;
  readonly requireJobName: boolean;
  readonly requestOptions: Readonly<http.RequestOptions>;

  /** With a header `Content-Encoding: gzip` among the options, what is pushed is compressed. */
  // biome-ignore lint/suspicious/noExplicitAny: declared like this
  constructor(url: string, options?: any, registry?: Registry<T>) {
    const { requireJobName = true, ...requestOptions } = (options ?? {}) as http.RequestOptions & {
      requireJobName?: boolean;
    };
    this.registry = registry ?? (globalRegistry as unknown as Registry<T>);
    this.gatewayUrl = url;
    this.requireJobName = requireJobName;
    this.requestOptions = requestOptions;
  }

  /** Adds to what the group has. @throws Error without a job. */
  pushAdd(params: Partial<Pushgateway.Parameters> = {}): Promise<Answer> {
    return this.#send('POST', params);
  }

  /** Replaces what the group has. */
  push(params: Partial<Pushgateway.Parameters> = {}): Promise<Answer> {
    return this.#send('PUT', params);
  }

  /** Deletes the group. */
  delete(params: Partial<Pushgateway.Parameters> = {}): Promise<Answer> {
    return this.#send('DELETE', params);
  }

  #send(method: Method, { jobName, groupings = {} }: Partial<Pushgateway.Parameters>): Promise<Answer> {
    if (this.requireJobName && !jobName) throw new Error('Missing jobName parameter');
    const group = jobName
      ? Object.entries({ job: jobName, ...groupings })
          .map(segment)
          .join('')
      : '';
    const url = new URL(this.gatewayUrl);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/metrics${group}`;
    return this.#request(method, url);
  }

  #request(method: Method, url: URL): Promise<Answer> {
    const headers = Object.entries((this.requestOptions.headers ?? {}) as Headers);
    const isEncoding = ([name]: [string, string]) => name.toLowerCase() === 'content-encoding';
    const isDelete = method === 'DELETE';
    const isZipped = !isDelete && headers.some((header) => isEncoding(header) && header[1] === 'gzip');
    const kept = isDelete ? headers.filter((header) => !isEncoding(header)) : headers;
    const target = urlToHttpOptions(url);
    const options = {
      timeout: TIMEOUT_MS,
      ...target,
      ...this.requestOptions,
      method,
      headers: Object.fromEntries(kept),
    };
    const text = isDelete ? Promise.resolve('') : this.registry.metrics();
    return exchange(options, isZipped ? text.then((plain) => gzipSync(plain)) : text);
  }
}

export declare namespace Pushgateway {
  interface Parameters {
    jobName: string;
    groupings?: { [key: string]: string };
  }
}

/** A part of the path; what cannot stand in one goes as base64, which the gateway knows by the name. */
function segment([name, value]: [string, string]): string {
  const text = String(value);
  const isPlain = text !== '' && !text.includes('/') && text !== '.' && text !== '..';
  if (isPlain) return `/${encodeURIComponent(name)}/${encodeURIComponent(text)}`;
  return `/${encodeURIComponent(name)}@base64/${Buffer.from(text).toString('base64url') || '='}`;
}

/** The request is made at once, as prom-client makes it, and its body sent when the metrics have been read. */
function exchange(options: http.RequestOptions, body: Promise<string | Uint8Array>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = options.protocol === 'https:' ? https.request : http.request;
    const request = send(options, (response) => {
      readAnswer(response).then(resolve, reject);
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('Pushgateway request timed out')));
    body.then(
      (bytes) => request.end(bytes),
      (cause) => request.destroy(cause),
    );
  });
}

async function readAnswer(resp: http.IncomingMessage): Promise<Answer> {
  resp.setEncoding('utf8');
  let body = '';
  for await (const chunk of resp) if (body.length < MOST_BODY_CHARACTERS) body += chunk;
  if ((resp.statusCode ?? 0) >= 400) throw new Error(`push failed with status ${resp.statusCode}, ${body}`);
  return { resp, body };
}
