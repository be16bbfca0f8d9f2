// The main thread's side of the scraper: hands out orders, one at a time.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ScrapeOrder, ScrapeReport } from '../children/scraper.js';

export class ScrapeClient {
  readonly #worker = new Worker(new URL('../children/scraper.js', import.meta.url));

  /** Asks for classic text unless something else is said. */
  async scrape(order: Omit<ScrapeOrder, 'accept'> & Partial<ScrapeOrder>): Promise<ScrapeReport> {
    this.#worker.postMessage({ accept: 'text/plain', ...order });
    const [report] = (await once(this.#worker, 'message')) as [ScrapeReport];
    return report;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
