// Takes docs/images/dashboard.png and dashboard-dark.png of a shop that is running:
//   npm start                                  in one terminal, for a quarter of an hour
//   node docs/images/dashboard.mjs             in another one
// The browser is the one of the tests: node scripts/fetch-servers.mjs brings it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const folder = fileURLToPath(new URL('.', import.meta.url));
const servers = join(folder, '../../.cache/servers');
const { path, libraries = [] } = JSON.parse(readFileSync(join(servers, 'manifest.json'), 'utf8')).components.chromium;
const url = process.argv[2] ?? 'http://127.0.0.1:9464';

const browser = await chromium.launch({
  executablePath: join(servers, path),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  env: { ...process.env, LD_LIBRARY_PATH: libraries.map((each) => join(servers, each)).join(':') },
});
for (const [colorScheme, name] of [
  ['light', 'dashboard.png'],
  ['dark', 'dashboard-dark.png'],
]) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 760 }, colorScheme });
  const page = await context.newPage();
  await page.goto(`${url}/dashboard`);
  await page.locator('canvas').nth(5).waitFor();
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(folder, name) });
  await context.close();
}
await browser.close();
