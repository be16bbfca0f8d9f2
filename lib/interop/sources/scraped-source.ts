// A program that shows its metrics by HTTP, scraped whenever the collector is read. What it answers comes from outside:
// its size, its time and its ways are limited, and telltale's own strict parser reads it.
import * as http from 'node:http';
import * as https from 'node:https';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { networkFault } from '../../../storage/delivery/http-faults.js';
import { type HttpSettings, type HttpTargetOptions, httpSettings } from '../../../storage/delivery/http-options.js';
import type { Clock } from '../../clock.js';
import { describe } from '../../errors.js';
import type { ExpositionTextFormat } from '../../exposition/encode.js';
import type { ExpositionLimits } from '../../exposition/reading/limits.js';
import { parseExposition } from '../../exposition/reading/parse-exposition.js';
import type { MetricFamily } from '../../model/family.js';
import type { FamilySource } from '../../model/family-source.js';
import { BackOff } from './back-off.js';

/** A URL that is scraped, with what its server asks for. */
export interface ScrapeTarget extends Omit<HttpTargetOptions, 'timeoutMs'> {
  /** For a whole scrape. Default, and longest: the collector's `collectTimeoutSeconds`. */
  readonly timeoutSeconds?: number;
  /** What an answer may cost, once it is unpacked. Default: 64 MiB, and otherwise what `parseExposition` allows. */
  readonly limits?: Partial<ExpositionLimits>;
}

const MOST_BYTES = 2 ** 26;
const MOST_REDIRECTS = 3;
const ACCEPT = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';

export class ScrapedSource implements FamilySource {
  readonly shownUrl: string;
  readonly #settings: HttpSettings;
  readonly #limits: Partial<ExpositionLimits>;
  readonly #backOff: BackOff;

  /** @throws MetricDefinitionError `invalid_option` for options that could never work. */
  constructor({ timeoutSeconds = 5, limits = {}, ...target }: ScrapeTarget, clock: Clock) {
    this.#settings = httpSettings({ ...target, timeoutMs: timeoutSeconds * 1000 });
    this.#limits = { maxBytes: MOST_BYTES, ...limits };
    this.shownUrl = this.#settings.shownUrl;
    this.#backOff = new BackOff(clock);
  }

  /** Rejects with an Error that says what was wrong with the answer, or that the server is not asked for a while. */
  async collect(): Promise<readonly MetricFamily[]> {
    const { secondsLeft } = this.#backOff;
    if (secondsLeft > 0) {
      throw new Error(`it did not answer in time, and is asked again in ${Math.ceil(secondsLeft)} s`);
    }
    const signal = AbortSignal.timeout(this.#settings.timeoutMs);
    try {
      const families = await this.#scrape(signal);
      this.#backOff.answered();
      return families;
    } catch (cause) {
      if (!signal.aborted) this.#backOff.answered();
      else this.#backOff.hung();
      throw cause;
    }
  }

  async #scrape(signal: AbortSignal): Promise<readonly MetricFamily[]> {
    const response = await this.#answer(this.#settings.url, signal);
    try {
      const format = formatOf(response);
      const parsed = await parseExposition(bodyOf(response), { format, limits: this.#limits });
      if (parsed.isErr()) throw new Error(describe(parsed.error));
      return parsed.value.families;
    } finally {
      // Ends the connection, whatever still comes.
      response.destroy();
    }
  }

  /** The answer behind the redirects that stay on the same server. */
  async #answer(from: URL, signal: AbortSignal): Promise<http.IncomingMessage> {
    let url = from;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const response = await this.#get(url, signal);
      const { statusCode = 0, headers } = response;
      if (statusCode === 200) return response;
      response.destroy();
      const next = statusCode >= 300 && statusCode < 400 ? headers.location : undefined;
      if (next === undefined) throw new Error(`it answers ${statusCode} ${http.STATUS_CODES[statusCode] ?? ''}`.trim());
      if (!URL.canParse(next, url.href) || new URL(next, url).origin !== url.origin) {
        throw new Error('it redirects to another server, which is not followed: make the URL lead there directly');
      }
      url = new URL(next, url);
    }
    throw new Error(`it redirects more than ${MOST_REDIRECTS} times`);
  }

  #get(url: URL, signal: AbortSignal): Promise<http.IncomingMessage> {
    const { headers, tls, timeoutMs } = this.#settings;
    const options: https.RequestOptions = {
      // Connections of their own: a kept one may be closed by the server just while it is used again.
      agent: false,
      signal,
      headers: {
        accept: ACCEPT,
        'accept-encoding': 'gzip',
        'x-prometheus-scrape-timeout-seconds': String(timeoutMs / 1000),
        ...headers,
      },
      ...tls,
    };
    return new Promise((resolve, reject) => {
      const request = (url.protocol === 'https:' ? https : http).get(url, options, resolve);
      // Stays for good: a connection may fail a second time, when nobody is interested any more.
      request.on('error', (cause) =>
        reject(signal.aborted ? new Error('it did not answer in time') : networkFault(cause)),
      );
    });
  }
}

function formatOf({ headers }: http.IncomingMessage): ExpositionTextFormat {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/openmetrics-text') return 'openmetrics';
  if (type === 'text/plain' || type === undefined) return 'prometheus';
  throw new Error(`it answers ${JSON.stringify(type)} and no metrics: check the path of the URL`);
}

function bodyOf(response: http.IncomingMessage): AsyncIterable<Uint8Array> {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return response;
  if (encoding !== 'gzip')
    throw new Error(`it answers in the encoding ${JSON.stringify(encoding)} without being asked to`);
  // Unpacks no further than it is read, so that what is refused for its size never was in memory. What goes wrong before the
  // end comes out when it is read.
  return pipeline(response, createGunzip(), () => {});
}
