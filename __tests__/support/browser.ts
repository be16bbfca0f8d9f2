// A real Chromium for the tests of pages, fetched like the servers. Every page that is opened here fails its test when the script
// throws, or when the page's own policy had to stop something.
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { serverComponent } from './servers.js';

/** Without a sandbox, because root has none; without a GPU and without shared memory, because containers have neither. */
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];

/** ~0.4 s. Close it when the suite ends. */
export function startBrowser(): Promise<Browser> {
  const { path, env } = serverComponent('chromium');
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return chromium.launch({ executablePath: path, args: ARGUMENTS, env: { ...Object.fromEntries(inherited), ...env } });
}

export interface WatchedPage {
  readonly page: Page;
  /** Errors that the script threw, and what the policy stopped, so far. */
  readonly complaints: readonly string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (/Content.Security.Policy|Trusted/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}
