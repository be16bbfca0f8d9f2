// What the core asks transports for and hands back to them, and the answers that take no scrape. Apart from the core so that
// transports need to know no more than this.
import { describe } from '../errors.js';
import type { Guard } from './authorization.js';
import type { ScrapeBody } from './scrape-body.js';

/** What the core needs to know of a request. */
export interface ScrapeRequest {
  readonly method: string;
  /** Looks up a header by its name in lower case. */
  header(name: string): string | undefined;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  /** Whether pieces of the body come back through `release`, so that lending them chunks of the pool is worth it. */
  readonly releases: boolean;
}

export interface ScrapeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream for a scrape, text for a refusal, undefined where there is no body. */
  readonly body: ScrapeBody | string | undefined;
}

/** For every answer. Label values come from users, so no browser may take them for anything but text. */
const COMMON_HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' } as const;

/** The head of a scrape. Both request headers named in `Vary` decide about the bytes. */
export function metricsHeaders(contentType: string, gzip: boolean): Record<string, string> {
  const headers = { ...COMMON_HEADERS, 'Content-Type': contentType, Vary: 'Accept, Accept-Encoding' };
  return gzip ? { ...headers, 'Content-Encoding': 'gzip' } : headers;
}

/** An answer that is one line of text, for people who look at why their scrape failed. */
export function textAnswer(status: number, text: string, headers: Record<string, string> = {}): ScrapeAnswer {
  const body = `${text}\n`;
  const about = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': `${Buffer.byteLength(body)}` };
  return { status, headers: { ...COMMON_HEADERS, ...about, ...headers }, body };
}

export function unauthorized(guard: Guard): ScrapeAnswer {
  return textAnswer(401, describe({ kind: 'unauthorized' }), { 'WWW-Authenticate': guard.challenge });
}

export function methodNotAllowed(): ScrapeAnswer {
  return textAnswer(405, 'This can only be read. Use GET or HEAD.', { Allow: 'GET, HEAD' });
}
