// How one gets at values in a real Chromium: with a mouse, a finger and the keyboard; and how one gets back.
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describePage } from './support/page-stage.js';
import { fillHistory } from './support/watched-service.js';

const CHART = '[data-panel="steady"] .chart';
const TOOLTIP = '[data-panel="steady"] .tooltip';

describePage('values in a browser', (stage) => {
  beforeEach(() => fillHistory(stage.service.storage, { __name__: 'steady' }, () => 42));

  async function open(fragment: string, options?: BrowserContextOptions): Promise<Page> {
    const page = await stage.open(fragment, options);
    await page.locator(`${CHART}[aria-label*="steady 42"]`).waitFor();
    return page;
  }

  it('are shown under the pointer or at the keys, until Escape is pressed or the focus goes', async () => {
    const page = await open('#/metrics?range=300');
    await page.locator(`${CHART} .u-over`).hover();
    await page.locator(TOOLTIP, { hasText: /^\d\d:\d\d:\d\dsteady42$/ }).waitFor();
    await page.locator(CHART).focus();
    await page.keyboard.press('Escape');
    await page.locator(TOOLTIP).waitFor({ state: 'hidden' });
    await page.keyboard.press('ArrowLeft');
    await page.locator(TOOLTIP).waitFor();
    await page.getByRole('combobox', { name: 'Theme' }).focus();
    await page.locator(TOOLTIP).waitFor({ state: 'hidden' });
  });

  it('are shown where one taps, until one taps elsewhere', async () => {
    const page = await open('#/metrics?range=30', {
      hasTouch: true,
      isMobile: true,
      viewport: { width: 360, height: 640 },
    });
    const over = page.locator(`${CHART} .u-over`);
    await over.tap();
    await page.locator(TOOLTIP).waitFor();
    // Through a refresh, and longer than a finger stays.
    for (let i = 0; i < 2; i++) await page.waitForResponse((response) => response.url().includes('query_range'));
    expect(await page.locator(TOOLTIP).isVisible()).toBe(true);
    await page.locator('.count-note').tap();
    await page.locator(TOOLTIP).waitFor({ state: 'hidden' });
  });

  it('of heat maps are read aloud from the fullest buckets', async () => {
    stage.service.metrics.histogram('wait_seconds', { buckets: [0.1, 0.2] });
    for (const [le, perSecond] of [
      ['0.1', 1],
      ['0.2', 4],
      ['+Inf', 4],
    ] as const) {
      fillHistory(stage.service.storage, { __name__: 'wait_seconds_bucket', le }, (seconds) => seconds * perSecond);
    }
    const page = await open('#/metrics?range=300');
    const panel = page.locator('[data-panel="wait_seconds:observations"]');
    await panel.locator('.chart[aria-label*="2 buckets"]').waitFor();
    await panel.locator('.chart').focus();
    await page.keyboard.press('ArrowLeft');
    const spoken = panel.locator('[aria-live]', { hasText: /: 100 ms – 200 ms \d+, 0 s – 100 ms \d+$/ });
    await spoken.waitFor({ state: 'attached' });
  });

  it('are there where the clock of the browser is an hour behind or ahead', async () => {
    for (const aheadMs of [-3_600_000, 3_600_000]) {
      const context = await stage.browser.newContext();
      await context.addInitScript(`{ const now = Date.now; Date.now = () => now.call(Date) + ${aheadMs}; }`);
      const page = await context.newPage();
      await page.goto(`${stage.url}#/metrics?range=300`);
      await page.locator(`${CHART}[aria-label*="steady 42"]`).waitFor();
      await context.close();
    }
  });

  it('are no more what a series says when it ended long ago', async () => {
    stage.service.storage.append({ __name__: 'ended' }, Date.now() - 1_500_000, 7);
    const page = await open('#/metrics?range=3600');
    await page.locator('[data-panel="ended"] .chart[aria-label*="ended –"]').waitFor();
  });

  it('are found again with the button that goes back', async () => {
    const page = await open('#/metrics?range=300');
    await page.getByRole('combobox', { name: 'Time range' }).selectOption('Last hour');
    await page.getByRole('link', { name: 'Query' }).click();
    const field = page.getByRole('combobox', { name: 'Query in PromQL' });
    for (const query of ['steady', 'steady + 1']) {
      await field.fill(query);
      await page.keyboard.press('Enter');
      await page.locator('[data-panel="query"] h3', { hasText: query }).waitFor();
    }
    await page.goBack();
    await page.waitForFunction("document.querySelector('[role=combobox]').value === 'steady'");
    await page.goBack();
    await page.goBack();
    expect(new URL(page.url()).hash).toBe('#/metrics?range=3600');
    await page.goBack();
    expect(new URL(page.url()).hash).toBe('#/metrics?range=300');
  });
});
