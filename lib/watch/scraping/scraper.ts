// One target's scrapes, from the request to what the page says. It asks in the formats that Prometheus asks for, and only in
// classic text once the target has shown that its other pages break the rules of their formats.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { err, ok, type Result } from 'neverthrow';
import type { ExpositionFormat } from '../../exposition/encode.js';
import type { ExpositionLimits } from '../../exposition/reading/limits.js';
import { parseExposition, type ReadOptions } from '../../exposition/reading/parse-exposition.js';
import type { MetricFamily } from '../../model/family.js';
import { fetchPage, type Page } from './fetch-page.js';
import { type ScrapeError, ScrapeFault } from './scrape-error.js';
import type { Target } from './target.js';

export interface ScraperOptions {
  /** For the whole scrape, however often the target is asked in it. */
  readonly timeoutSeconds: number;
  /** What a page may cost; those that are not given have the defaults of pages. */
  readonly limits?: Partial<ExpositionLimits>;
  /** Takes pages that break rules as far as Prometheus does; strictly by default. */
  readonly isLenient?: boolean;
}

/** As Prometheus 3 asks when it takes native histograms, which only protobuf has. Names are read however they are written. */
const ANY_FORMAT = [
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;escaping=allow-utf-8;q=0.6',
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5',
  'application/openmetrics-text;version=0.0.1;q=0.4',
  'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3',
  'text/plain;version=0.0.4;q=0.2',
  '*/*;q=0.1',
].join(',');
const CLASSIC_TEXT = 'text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

/** Pages of a service have some hundred kilobytes; those of a whole machine park some megabytes. */
const PAGE_LIMITS: Partial<ExpositionLimits> = { maxBytes: 2 ** 25, maxLineBytes: 2 ** 18, maxSeries: 250_000 };

export class Scraper {
  readonly target: Target;
  readonly #options: ScraperOptions;
  readonly #agents = {
    http: new HttpAgent({ keepAlive: true, maxSockets: 2 }),
    https: new HttpsAgent({ keepAlive: true, maxSockets: 2 }),
  };
  #running: AbortController | undefined;
  #accept = ANY_FORMAT;

  constructor(target: Target, options: ScraperOptions) {
    this.target = target;
    this.#options = options;
  }

  /** Never rejects. */
  async scrape(): Promise<Result<readonly MetricFamily[], ScrapeError>> {
    const { timeoutSeconds } = this.#options;
    const running = new AbortController();
    this.#running = running;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      running.abort();
    }, timeoutSeconds * 1000);
    try {
      return ok(await this.#familiesOf(this.#accept, running.signal));
    } catch (thrown) {
      if (isLate) return err({ kind: 'target_timed_out', seconds: timeoutSeconds });
      if (thrown instanceof ScrapeFault) return err(thrown.error);
      return err({ kind: 'target_unreachable', cause: thrown });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Gives up what is running and every connection. */
  close(): void {
    this.#running?.abort();
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  async #familiesOf(accept: string, signal: AbortSignal): Promise<readonly MetricFamily[]> {
    const { timeoutSeconds, limits, isLenient = false } = this.#options;
    const page = await fetchPage({ target: this.target, accept, timeoutSeconds, signal, agents: this.#agents });
    const format = formatOf(page.contentType);
    const snapshot = await readPage(page, { format, limits: { ...PAGE_LIMITS, ...limits }, isLenient });
    if (snapshot.isOk()) return snapshot.value;
    if (snapshot.error.kind !== 'page_refused' || snapshot.error.cause.kind !== 'malformed_exposition') {
      throw new ScrapeFault(snapshot.error);
    }
    if (format === 'prometheus' || accept === CLASSIC_TEXT) throw new ScrapeFault(snapshot.error);
    const families = await this.#familiesOf(CLASSIC_TEXT, signal);
    this.#accept = CLASSIC_TEXT;
    return families;
  }
}

/** Pages that do not say what they are have always been taken for classic text. */
function formatOf(contentType: string): ExpositionFormat {
  if (contentType.startsWith('application/vnd.google.protobuf')) return 'protobuf';
  return contentType.startsWith('application/openmetrics-text') ? 'openmetrics' : 'prometheus';
}

async function readPage({ body }: Page, options: ReadOptions): Promise<Result<readonly MetricFamily[], ScrapeError>> {
  const read = await parseExposition(body, options);
  if (read.isOk()) return ok(read.value.families);
  // A page that was given up in its middle would go on arriving.
  body.destroy();
  if (read.error.kind === 'unreadable_exposition') return err({ kind: 'page_broke_off', cause: read.error.cause });
  return err({ kind: 'page_refused', cause: read.error });
}
