// The route of the dashboard: three files from memory, under a strict policy. It knows no metrics: the page asks the query
// API for everything, from the browser.
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { MetricDefinitionError } from '../errors.js';
import type { Route } from '../http/index.js';
import { contentPolicy, originOf } from './content-policy.js';
import { type PageBundle, pageBundle } from './page-bundle.js';

export interface DashboardOptions {
  /** Where the page is mounted. Default: /dashboard. */
  readonly path?: string;
  /**
   * Where the query API is: a path on the same server, or the URL of a Prometheus, which must then allow the page's origin by CORS
   * (Prometheus does by default). Default: /api/v1.
   */
  readonly api?: string;
  /** What the page is called, in its heading and in the browser's tab. Default: telltale. */
  readonly title?: string;
}

interface Asset {
  readonly type: string;
  readonly body: Buffer;
  readonly tag: string;
  zipped?: Promise<Buffer>;
}

const compress = promisify(gzip);
const SECURITY_HEADERS = { 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' };

/**
 * The page that shows everything a collector holds, live: an overview found from the metrics that exist, a chart for every
 * metric, queries, alerts, and the health of storage and scrapes. It asks the query API only, so mount that beside it; `auth` of
 * the server holds for both. `?api=http://prometheus:9090` in its address shows that Prometheus instead.
 *
 * @throws MetricDefinitionError `invalid_option` for an `api` that is neither a path nor an http(s) URL.
 *
 * @example
 * await startMetricsServer(metrics, { routes: [queryApi(metrics), dashboard()] });
 * // open http://127.0.0.1:9464/dashboard
 */
export function dashboard(options: DashboardOptions = {}): Route {
  const { path = '/dashboard', api = '/api/v1', title = 'telltale' } = options;
  const origin = originOf(api);
  if (origin === undefined && !/^\/(?!\/)/.test(api)) {
    const rule = 'Give a path that starts with a slash, as in /api/v1, or an http or https URL.';
    throw new MetricDefinitionError({ kind: 'invalid_option', option: 'api', value: api, rule });
  }
  const assets = assetsOf(pageBundle, { path, api: origin === undefined ? relativeTo(path, api) : api, title });
  return {
    path,
    title: 'Dashboard',
    handle: async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, { Allow: 'GET, HEAD' });
      // Links in the page are relative to the path without a slash at its end.
      if (url.pathname === `${path}/`) return refuse(response, 308, { Location: `../${lastPart(path)}${url.search}` });
      const asset = assets.get(url.pathname);
      if (asset === undefined) return refuse(response, 404, {});
      const asked = originOf(url.searchParams.get('api') ?? '');
      const origins = [origin, asked].filter((candidate) => candidate !== undefined);
      await send(asset, { request, response, policy: contentPolicy(origins) });
    },
  };
}

function assetsOf(bundle: PageBundle, where: { path: string; api: string; title: string }): Map<string, Asset> {
  const { path, api, title } = where;
  const html = bundle.html
    .replaceAll('{{base}}', () => escapeAttribute(lastPart(path)))
    .replaceAll('{{api}}', () => escapeAttribute(api))
    .replaceAll('{{title}}', () => escapeAttribute(title));
  return new Map([
    [path, asset('text/html; charset=utf-8', html)],
    [`${path}/page.js`, asset('text/javascript; charset=utf-8', bundle.script)],
    [`${path}/page.css`, asset('text/css; charset=utf-8', bundle.style)],
  ]);
}

function asset(type: string, text: string): Asset {
  const body = Buffer.from(text);
  return { type, body, tag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

interface Sending {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly policy: string;
}

async function send(asset: Asset, { request, response, policy }: Sending): Promise<void> {
  if (asset.body.length === 0) return refuse(response, 503, {}, 'The page was not built: run npm run build.');
  const headers = {
    ...SECURITY_HEADERS,
    'Content-Type': asset.type,
    'Content-Security-Policy': policy,
    'Cache-Control': 'no-cache',
    ETag: asset.tag,
    Vary: 'Accept-Encoding',
  };
  if (request.headers['if-none-match'] === asset.tag) {
    response.writeHead(304, headers).end();
    return;
  }
  const isZipped = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(request.headers['accept-encoding'] ?? ''));
  if (isZipped) asset.zipped ??= compress(asset.body, { level: 9 });
  const body = isZipped ? await (asset.zipped as Promise<Buffer>) : asset.body;
  const encoding = isZipped ? { 'Content-Encoding': 'gzip' } : {};
  response.writeHead(200, { ...headers, ...encoding, 'Content-Length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string>, text = ''): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(text);
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The path `api` as a link from the page at `path`, so that both may stand behind a proxy that adds a prefix. */
function relativeTo(path: string, api: string): string {
  return '../'.repeat(path.split('/').length - 2) + api.slice(1);
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
