// The core of every handler: facts of a request in, status, headers and body out. It knows no transport, so that node:http,
// Express, Fastify and fetch servers cannot differ in what they answer.
import type { MetricsCollector } from '../collector.js';
import { type ExpositionFormat, encodeFamilies, negotiate } from '../exposition/index.js';
import type { Escaping } from '../model/escaping.js';
import type { MetricFamily } from '../model/family.js';
import { acceptsGzip } from './accept-encoding.js';
import { type Guard, guardOf } from './authorization.js';
import { ChunkPool } from './chunk-pool.js';
import { gzipped } from './gzip.js';
import { type MetricsHandlerOptions, maxConcurrentScrapesOf } from './options.js';
import {
  methodNotAllowed,
  metricsHeaders,
  type ScrapeAnswer,
  type ScrapeRequest,
  textAnswer,
  unauthorized,
} from './scrape-answer.js';
import { ScrapeBody } from './scrape-body.js';
import { secondsToAnswer, within } from './scrape-limit.js';
import {
  CLIENT_LEFT,
  type EndOfScrape,
  noScrapeMetrics,
  type ScrapeMetrics,
  scrapeMetricsOf,
} from './scrape-metrics.js';

/** Far beyond what a reader needs that is still there, and short enough to give its place to another one. */
const STALL_MS = 30_000;

interface Representation {
  readonly format: ExpositionFormat;
  readonly escaping: Escaping;
  readonly gzip: boolean;
  readonly headers: Record<string, string>;
}

interface Opening {
  readonly request: ScrapeRequest;
  readonly representation: Representation;
  readonly onEnd: EndOfScrape;
}

/** What tests watch or shorten. */
interface ScraperParts {
  readonly stallMs?: number;
  readonly pool?: ChunkPool;
}

export class Scraper {
  readonly #collector: MetricsCollector;
  readonly #guard: Guard | undefined;
  readonly #gzip: boolean;
  readonly #maxInFlight: number;
  readonly #metrics: ScrapeMetrics;
  readonly #pool: ChunkPool;
  readonly #stallMs: number;
  #inFlight = 0;

  constructor(collector: MetricsCollector, options: MetricsHandlerOptions, { stallMs, pool }: ScraperParts = {}) {
    this.#collector = collector;
    this.#guard = guardOf(options.auth);
    this.#gzip = options.gzip ?? true;
    this.#maxInFlight = maxConcurrentScrapesOf(options);
    this.#metrics = options.selfMetrics === false ? noScrapeMetrics : scrapeMetricsOf(collector);
    this.#pool = pool ?? new ChunkPool();
    this.#stallMs = stallMs ?? STALL_MS;
  }

  /** Never rejects. A body that is a stream has to be read to its end or abandoned. */
  async answer(request: ScrapeRequest): Promise<ScrapeAnswer> {
    const refusal = this.#refusalOf(request);
    if (refusal !== undefined) {
      this.#metrics.answered(refusal.status);
      return request.method === 'HEAD' ? { ...refusal, body: undefined } : refusal;
    }
    const representation = this.#representationFor(request);
    if (request.method === 'GET') return this.#scrape(request, representation);
    this.#metrics.answered(200);
    return { status: 200, headers: representation.headers, body: undefined };
  }

  /** Credentials come first, so that nothing else is told to whoever has none. */
  #refusalOf(request: ScrapeRequest): ScrapeAnswer | undefined {
    const guard = this.#guard;
    if (guard?.admits(request.header('authorization')) === false) return unauthorized(guard);
    if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed();
    if (request.method === 'GET' && this.#inFlight >= this.#maxInFlight) {
      const text = `${this.#inFlight} scrapes are running, which is the limit. Try again once one has ended, or raise maxConcurrentScrapes.`;
      return textAnswer(503, text, { 'Retry-After': '1' });
    }
    return undefined;
  }

  #representationFor(request: ScrapeRequest): Representation {
    const { format, escaping, contentType } = negotiate(request.header('accept'));
    const gzip = this.#gzip && acceptsGzip(request.header('accept-encoding'));
    const headers = metricsHeaders(contentType, gzip);
    return { format, escaping: this.#collector.escapingFor(escaping), gzip, headers };
  }

  async #scrape(request: ScrapeRequest, representation: Representation): Promise<ScrapeAnswer> {
    const seconds = secondsToAnswer(request.header('x-prometheus-scrape-timeout-seconds'));
    const onEnd = this.#begin();
    try {
      const families = await within(this.#collector.collect(), { seconds, signal: request.signal });
      if (families === 'timed_out') {
        onEnd(503);
        return textAnswer(503, tooSlow(seconds));
      }
      if (families === 'abandoned') {
        onEnd(CLIENT_LEFT);
        return textAnswer(CLIENT_LEFT, 'The client left before the metrics were collected.');
      }
      const body = await this.#open(families, { request, representation, onEnd });
      return { status: 200, headers: withLength(representation.headers, body.length), body };
    } catch (cause) {
      onEnd(500, cause);
      return textAnswer(500, `The metrics could not be written: ${(cause as Error | undefined)?.message}`);
    }
  }

  #open(families: readonly MetricFamily[], { request, representation, onEnd }: Opening): Promise<ScrapeBody> {
    const { format, escaping, gzip } = representation;
    const { acquire, release } = this.#pool;
    const options = { signal: request.signal, stallMs: this.#stallMs, onEnd };
    const lends = gzip || request.releases;
    const text = encodeFamilies(families, { format, escaping, ...(lends ? { acquireChunk: acquire } : {}) });
    // Compressed pieces are none of the pool's; the text behind them goes back as soon as it has been compressed.
    return gzip
      ? ScrapeBody.open(gzipped(text, release), { ...options, release: () => {} })
      : ScrapeBody.open(text, { ...options, release });
  }

  /** Takes a place among the running scrapes; the function gives it back, the first time that it is called. */
  #begin(): EndOfScrape {
    const end = this.#metrics.begin();
    let running = true;
    this.#inFlight++;
    return (code, cause) => {
      if (!running) return;
      running = false;
      this.#inFlight--;
      end(code);
      if (cause !== undefined) this.#collector.onError({ kind: 'scrape_failed', cause });
    };
  }
}

function withLength(headers: Record<string, string>, length: number | undefined): Record<string, string> {
  return length === undefined ? headers : { ...headers, 'Content-Length': `${length}` };
}

function tooSlow(seconds = 0): string {
  return `Collecting took longer than the ${Number(seconds.toFixed(3))} s that the scraper leaves for it. Make the collect callbacks faster, or raise its scrape_timeout.`;
}
