// One request to a target, as Prometheus makes it, up to the stream of its page. What a hostile target could do with it is bounded
// here: where it may redirect to, and what it may answer in. How much it may answer is bounded by whoever reads the page.
import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ScrapeFault } from './scrape-error.js';
import type { Target } from './target.js';

export interface PageRequest {
  readonly target: Target;
  /** What formats to ask for. */
  readonly accept: string;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  readonly agents: Agents;
}

export interface Agents {
  readonly http: Agent;
  readonly https: Agent;
}

export interface Page {
  /** In lower case; empty where the target did not say. */
  readonly contentType: string;
  /** Not compressed any more. */
  readonly body: Readable;
}

const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** @throws ScrapeFault, and whatever the connection fails with. */
export async function fetchPage(asked: PageRequest): Promise<Page> {
  let { url } = asked.target;
  for (let redirects = 0; ; redirects++) {
    const response = await answerOf(url, asked);
    const { statusCode: status = 0, headers } = response;
    if (status === 200) return { contentType: (headers['content-type'] ?? '').toLowerCase(), body: plain(response) };
    // Neither read nor trusted with another request: the connection goes.
    response.destroy();
    if (!REDIRECTS.has(status)) throw new ScrapeFault({ kind: 'target_refused', status });
    url = redirected(url, headers.location ?? '', redirects);
  }
}

function answerOf(url: URL, { target, accept, timeoutSeconds, signal, agents }: PageRequest): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:';
  const headers = {
    Accept: accept,
    'Accept-Encoding': 'gzip',
    'User-Agent': 'telltale-watch',
    'X-Prometheus-Scrape-Timeout-Seconds': String(timeoutSeconds),
    ...(target.authorization !== undefined && { Authorization: target.authorization }),
  };
  const agent = isSecure ? agents.https : agents.http;
  return new Promise((resolve, reject) => {
    const request = isSecure
      ? httpsRequest(url, { agent, headers, signal }, resolve)
      : httpRequest(url, { agent, headers, signal }, resolve);
    request.on('error', reject).end();
  });
}

/** A page is asked for on behalf of whoever named the target: nobody else's answer may be taken for it. */
function redirected(from: URL, location: string, redirects: number): URL {
  const refused = (reason: string) => new ScrapeFault({ kind: 'redirect_refused', location, reason });
  if (!URL.canParse(location, from.href)) throw refused('it is no address');
  const url = new URL(location, from);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused('it is neither http nor https');
  if (url.hostname !== from.hostname) throw refused('it is another host; name that one as the target');
  if (from.protocol === 'https:' && url.protocol === 'http:') throw refused('it is not encrypted any more');
  if (redirects >= MOST_REDIRECTS) throw refused(`there were ${MOST_REDIRECTS} redirects before it`);
  return url;
}

function plain(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity' || encoding === '') return response;
  if (encoding === 'gzip' || encoding === 'x-gzip') {
    // Whoever stops reading destroys both; why the one failed is what the other fails with.
    return pipeline(response, createGunzip(), () => {});
  }
  response.destroy();
  throw new ScrapeFault({ kind: 'encoding_refused', encoding });
}
