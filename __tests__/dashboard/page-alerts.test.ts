// The view of alerts in a real Chromium: rules with their states, the history, and what it says where one of them is missing.
import type { Request } from 'playwright-core';
import type { Route } from 'telltale/http';
import { describePage } from './support/page-stage.js';
import { fillHistory } from './support/watched-service.js';

interface ToldAlert {
  readonly activeAt?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

describePage('the view of alerts in a browser', (stage) => {
  const firing = (labels: Readonly<Record<string, string>>) => {
    const alert = { __name__: 'ALERTS', alertstate: 'firing', ...labels };
    fillHistory(stage.service.storage, alert, () => 1);
  };

  it('shows alerts with their history, and how many are firing', async () => {
    firing({ alertname: 'TooSlow', severity: 'page' });
    const page = await stage.open('#/alerts?range=300');
    await page.getByRole('img', { name: /^TooSlow severity=page: firing from/ }).waitFor();
    await page.locator('nav .count', { hasText: '1' }).waitFor();
  });

  it('shows the rules where the API tells them', async () => {
    await stage.serve({ routes: [rulesRoute([{}])] });
    const page = await stage.open('#/alerts');
    const card = page.locator('[data-alert="TooSlow"]');
    await card.getByText('firing').first().waitFor();
    await card.getByText('Answers take <b>2 s</b>').waitFor();
    await card.getByText(/^2 since \d\d:\d\d:\d\d$/).waitFor();
    await card.getByText('for 5 min').waitFor();
    expect(await page.locator('[data-alert]').count()).toBe(1);
  });

  it('says since which day, where it was another one', async () => {
    const activeAt = new Date(Date.now() - 86_400_000).toISOString();
    await stage.serve({ routes: [rulesRoute([{ activeAt }])] });
    const page = await stage.open('#/alerts');
    await page.getByText(/^2 since \d\d-\d\d \d\d:\d\d$/).waitFor();
  });

  it('shows the first alerts of a rule that has many, and how many more there are', async () => {
    const alerts = Array.from({ length: 25 }, (_, i) => ({ labels: { i: `${i}` } }));
    await stage.serve({ routes: [rulesRoute(alerts)] });
    const page = await stage.open('#/alerts');
    await page.locator('[data-alert="TooSlow"]').getByText('and 5 more').waitFor();
    expect(await page.locator('[data-alert="TooSlow"] .alert').count()).toBe(20);
  });

  it('says how to have rules told, and asks for them no more than now and then', async () => {
    firing({ alertname: 'TooSlow' });
    let asked = 0;
    const page = await stage.visit('about:blank');
    page.on('request', (request) => {
      if (request.url().includes('/api/v1/rules')) asked++;
    });
    const histories = () => page.waitForRequest((request) => request.postData()?.includes('query=ALERTS&') === true);
    await page.goto(`${stage.url}#/alerts?range=30`);
    await page.getByText('mount rulesApi(evaluator)').waitFor();
    for (let i = 0; i < 8; i++) await histories();
    // When the view is opened, and whenever the catalog was read.
    expect(asked).toBeLessThanOrEqual(4);
  });

  it('keeps what it shows while the server is away, and says that it is', async () => {
    await stage.serve({ routes: [rulesRoute([{}])] });
    firing({ alertname: 'TooSlow' });
    const page = await stage.open('#/alerts?range=60');
    const card = page.locator('[data-alert="TooSlow"]');
    const track = page.getByRole('img', { name: /^TooSlow/ });
    await card.waitFor();
    await track.waitFor();
    const { port } = stage.service;
    await stage.stop();
    await page.getByText(/^http:\S+ cannot be reached\.$/).waitFor();
    await page.locator('.status[data-reach="unreachable"]').waitFor();
    const isCatalog = (request: Request) => request.url().includes('/api/v1/label/');
    for (let i = 0; i < 2; i++) await page.waitForEvent('requestfailed', isCatalog);
    const count = page.locator('nav .count', { hasText: '1' });
    expect(await Promise.all([card, track, count].map((shown) => shown.isVisible()))).toEqual([true, true, true]);
    await stage.serve({ port });
    await page.locator('.status[data-reach="live"]').waitFor();
    await page.getByText('No alert was pending or firing in this range.').waitFor();
    await card.waitFor({ state: 'detached' });
  });

  it('leaves a text alone that is being selected', async () => {
    let number = 0;
    await stage.serve({ routes: [rulesRoute([{}], () => `latency > ${number++}`)] });
    const page = await stage.open('#/alerts?range=30');
    const code = page.locator('[data-alert="TooSlow"] code');
    await code.waitFor();
    const select = "getSelection().selectAllChildren(document.querySelector('[data-alert] code'))";
    const selected = String(await page.evaluate(`${select}; String(getSelection())`));
    // The catalog is read anew, which tells every view so.
    await page.waitForRequest((request) => request.url().includes('/api/v1/label/'), { timeout: 30_000 });
    expect(await page.evaluate('String(getSelection())')).toBe(selected);
    await page.evaluate('getSelection().removeAllRanges()');
    await page.locator('[data-alert="TooSlow"] code').filter({ hasNotText: selected }).waitFor();
  });
});

/** As an evaluator tells of a rule with these alerts. */
function rulesRoute(alerts: readonly ToldAlert[], query = () => 'latency > 1'): Route {
  return {
    path: '/api/v1/rules',
    handle: (_, response) => {
      const rule = {
        type: 'alerting',
        name: 'TooSlow',
        duration: 300,
        query: query(),
        state: 'firing',
        alerts: alerts.map(({ labels = {}, activeAt = new Date().toISOString() }) => ({
          labels: { alertname: 'TooSlow', severity: 'page', ...labels },
          annotations: { summary: 'Answers take <b>2 s</b>' },
          state: 'firing',
          activeAt,
          value: '2e+00',
        })),
      };
      const groups = [{ rules: [rule, { type: 'recording', name: 'job:x', query: 'x' }] }];
      const body = JSON.stringify({ status: 'success', data: { groups } });
      response.setHeader('Content-Type', 'application/json').end(body);
    },
  };
}
