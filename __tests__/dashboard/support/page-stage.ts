// What every suite of the page needs: a real Chromium, for each test a service with its dashboard, and no page that complains.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openPage, startBrowser, type WatchedPage } from '../../support/browser.js';
import { describeWithServer } from '../../support/servers.js';
import { type ServiceOptions, startService, type WatchedService } from './watched-service.js';

export class PageStage {
  #browser: Browser | undefined;
  #service: WatchedService | undefined;
  #opened: WatchedPage | undefined;

  get browser(): Browser {
    return this.#browser as Browser;
  }

  /** The one that is served now. */
  get service(): WatchedService {
    return this.#service as WatchedService;
  }

  get url(): string {
    return `${this.service.url}/dashboard`;
  }

  /** Another service than the one that was there. */
  async serve(options?: ServiceOptions): Promise<WatchedService> {
    await this.stop();
    this.#service = await startService(options);
    return this.#service;
  }

  async stop(): Promise<void> {
    await this.#service?.close();
    this.#service = undefined;
  }

  async open(fragment: string, options?: BrowserContextOptions): Promise<Page> {
    return this.visit(this.url + fragment, options);
  }

  async visit(url: string, options?: BrowserContextOptions): Promise<Page> {
    this.#opened = await openPage(this.browser, url, options);
    return this.#opened.page;
  }

  async begin(): Promise<void> {
    this.#browser = await startBrowser();
  }

  async leave(): Promise<void> {
    const complaints = this.#opened?.complaints ?? [];
    await this.#opened?.page.context().close();
    this.#opened = undefined;
    await this.stop();
    expect(complaints).toEqual([]);
  }

  async end(): Promise<void> {
    await this.#browser?.close();
  }
}

export function describePage(title: string, suite: (stage: PageStage) => void): void {
  describeWithServer('chromium', title, () => {
    const stage = new PageStage();
    beforeAll(() => stage.begin());
    beforeEach(async () => {
      await stage.serve();
    });
    afterEach(() => stage.leave());
    afterAll(() => stage.end());
    suite(stage);
  });
}
