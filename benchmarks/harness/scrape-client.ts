// The main thread's side of the scraper: hands out orders, one at a time.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ScrapeOrder, ScrapeReport } from '../children/scraper.js';

export class ScrapeClient {
  readonly #worker = new Worker(new URL('../children/scraper.js', import.meta.url));

  async scrape(order: ScrapeOrder): Promise<ScrapeReport> {
    this.#worker.postMessage(order);
    const [report] = (await once(this.#worker, 'message')) as [ScrapeReport];
    return report;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
