// The page in a real Chromium, against a real server in this process: what it shows, that it follows, and that nothing in a label
// becomes more than text.
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { openPage, startBrowser } from '../support/browser.js';
import { startPrometheus } from '../support/prometheus.js';
import { describeWithServer } from '../support/servers.js';
import { describePage } from './support/page-stage.js';
import { fillHistory, startService } from './support/watched-service.js';

describePage('the dashboard in a browser', (stage) => {
  /** Waits until the chart of a panel says, as it does to screen readers, what it shows. */
  const says = (page: Page, panel: string, words: string) =>
    page.locator(`[data-panel="${panel}"] .chart[aria-label*=${JSON.stringify(words)}]`).waitFor();

  it('shows a counter as its rate, with the series apart', async () => {
    stage.service.metrics.counter('orders_total', { labelNames: ['kind'] }).increment(1, { kind: 'tea' });
    fillHistory(stage.service.storage, { __name__: 'orders_total', kind: 'tea' }, (seconds) => seconds * 3);
    fillHistory(stage.service.storage, { __name__: 'orders_total', kind: 'cake' }, (seconds) => seconds / 2);
    const page = await stage.open('#/metrics?range=300');
    await says(page, 'orders_total', '2 series');
    await says(page, 'orders_total', 'kind=tea 3/s');
    await says(page, 'orders_total', 'kind=cake 0.5/s');
  });

  it('shows gauges in units for people', async () => {
    stage.service.metrics.gauge('heap_size_bytes').set(1);
    fillHistory(stage.service.storage, { __name__: 'heap_size_bytes' }, () => 3 * 1024 * 1024);
    fillHistory(stage.service.storage, { __name__: 'delay_seconds' }, () => 0.0125);
    const page = await stage.open('#/metrics?range=300');
    await says(page, 'heap_size_bytes', '3 MiB');
    await says(page, 'delay_seconds', '12.5 ms');
  });

  it('shows a histogram as heat map, quantiles and rate', async () => {
    stage.service.metrics.histogram('wait_seconds', { buckets: [0.1, 0.2] });
    for (const [le, perSecond] of [
      ['0.1', 1],
      ['0.2', 4],
      ['+Inf', 4],
    ] as const) {
      fillHistory(stage.service.storage, { __name__: 'wait_seconds_bucket', le }, (seconds) => seconds * perSecond);
    }
    fillHistory(stage.service.storage, { __name__: 'wait_seconds_count' }, (seconds) => seconds * 4);
    const page = await stage.open('#/metrics?range=300');
    await says(page, 'wait_seconds:observations', 'heat map, 2 buckets');
    // Half of four a second is two: one lies below 0.1, the second of three between 0.1 and 0.2.
    await says(page, 'wait_seconds:quantiles', 'p50 133 ms');
    await says(page, 'wait_seconds:rate', 'observations 4/s');
    expect(await inkOf(page, 'wait_seconds:observations')).toBeGreaterThan(1000);
  });

  it('shows a native histogram as heat map and quantiles', async () => {
    const sizes = stage.service.metrics.histogram('body_bytes', { native: { growthFactor: 1.1, maxBuckets: 160 } });
    for (let round = 0; round < 3; round++) {
      for (const size of [900, 1000, 1100]) sizes.observe(size);
      await stage.service.metrics.collectAndStore();
    }
    const page = await stage.open('#/metrics?range=60');
    await says(page, 'body_bytes:observations', 'heat map');
    await says(page, 'body_bytes:quantiles', '3 series');
  });

  it('follows live changes', async () => {
    const depth = stage.service.metrics.gauge('queue_depth');
    depth.set(7);
    await stage.service.metrics.collectAndStore();
    const page = await stage.open('#/metrics?range=60');
    await says(page, 'queue_depth', 'queue_depth 7');
    depth.set(11);
    await stage.service.metrics.collectAndStore();
    await says(page, 'queue_depth', 'queue_depth 11');
    stage.service.metrics.gauge('new_one').set(5);
    await stage.service.metrics.collectAndStore();
    await says(page, 'new_one', 'new_one 5');
  });

  it('stands still while it is paused, and the link to it says so', async () => {
    const depth = stage.service.metrics.gauge('queue_depth');
    depth.set(7);
    await stage.service.metrics.collectAndStore();
    const page = await stage.open('#/metrics?range=60');
    await says(page, 'queue_depth', 'queue_depth 7');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.locator('.status[data-reach="paused"]').waitFor();
    expect(new URL(page.url()).hash).toMatch(/^#\/metrics\?range=60&end=\d+$/);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('.status[data-reach="live"]').waitFor();
  });

  it('says when the server is gone, and shows what the next one holds', async () => {
    stage.service.metrics.gauge('queue_depth').set(7);
    await stage.service.metrics.collectAndStore();
    const page = await stage.open('#/metrics?range=60');
    await says(page, 'queue_depth', 'queue_depth 7');
    const { port } = stage.service;
    await stage.stop();
    await page.locator('.status[data-reach="unreachable"]').waitFor();
    await stage.serve({ port });
    stage.service.metrics.gauge('queue_depth').set(23);
    await stage.service.metrics.collectAndStore();
    await page.locator('.status[data-reach="live"]').waitFor();
    await says(page, 'queue_depth', 'queue_depth 23');
  });

  it('shows hostile names, labels and descriptions as the text that they are', async () => {
    const hostile = [
      '"><script>window.pwned=1</script>',
      '<img src=x onerror="window.pwned=1">',
      "javascript:window.pwned=1//{{who}}$&$`$'",
      '\u202e\u0000</li></ul><style>*{display:none}</style>',
    ];
    const metrics = stage.service.metrics.gauge('hostile', {
      labelNames: ['who'],
      description: '<img src=x onerror=alert(1)>',
    });
    for (const who of hostile) metrics.set(1, { who });
    fillHistory(
      stage.service.storage,
      { __name__: 'ALERTS', alertname: '<img src=x>', alertstate: 'firing', x: '<b>' },
      () => 1,
    );
    await stage.service.metrics.collectAndStore();
    const page = await stage.open('#/metrics?range=60');
    await says(page, 'hostile', '4 series');
    const names = await page.locator('[data-panel="hostile"] .legend .name').allTextContents();
    expect(names.toSorted()).toEqual(hostile.map((who) => `who=${who}`).toSorted());
    await page.locator('[data-panel="hostile"] .u-over').hover();
    for (const view of ['overview', 'query?query=hostile', 'alerts']) {
      await page.goto(`${stage.url}#/${view}`);
      await page.locator('main section').first().waitFor();
    }
    await page.getByText('<img src=x> · x=<b>').waitFor();
    const markup = "[document.querySelectorAll('img, style, main script, b').length, 'pwned' in window]";
    expect(await page.evaluate(markup)).toEqual([0, false]);
  });

  it('shows one of several targets alone, and the link to it says so', async () => {
    const { storage, metrics } = stage.service;
    metrics.gauge('jobs_waiting');
    for (const [job, depth] of [
      ['shop', 3],
      ['<b>"$&', 4],
    ] as const) {
      fillHistory(storage, { __name__: 'up', job, instance: 'a:1' }, () => 1);
      fillHistory(storage, { __name__: 'jobs_waiting', job }, () => depth);
    }
    fillHistory(storage, { __name__: 'only_of_the_shop', job: 'shop' }, () => 1);
    const page = await stage.open('#/overview?range=300');
    await says(page, 'overview:in-flight', 'jobs_waiting 7');
    const targets = page.getByRole('combobox', { name: 'Targets' });
    await targets.selectOption('<b>"$&');
    await says(page, 'overview:in-flight', 'jobs_waiting 4');
    // Not from now on only.
    const inFlight = page.locator('[data-panel="overview:in-flight"]');
    await inFlight.locator('.chart').focus();
    await page.keyboard.press('Home');
    await inFlight.locator('[aria-live]', { hasText: /: jobs_waiting 4$/ }).waitFor({ state: 'attached' });
    await page.getByRole('link', { name: 'Metrics' }).click();
    await page.getByText('2 of 2 metrics').waitFor();
    await says(page, 'jobs_waiting', '1 series');
    expect(new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('job')).toBe('<b>"$&');
    await page.reload();
    await page.getByText('2 of 2 metrics').waitFor();
    expect(await targets.inputValue()).toContain('job=');
    await targets.selectOption('All targets');
    await page.getByText('3 of 3 metrics').waitFor();
    await says(page, 'jobs_waiting', '2 series');
  });

  it('offers the instances of a single job, and no choice where there is none', async () => {
    const { storage } = stage.service;
    for (const job of ['cleanup', 'backup']) fillHistory(storage, { __name__: 'runs', job }, () => 1);
    const page = await stage.open('#/metrics?range=300');
    await says(page, 'runs', '2 series');
    const targets = page.getByRole('combobox', { name: 'Targets' });
    expect(await targets.isVisible()).toBe(false);
    for (const instance of ['a:1', 'b:2']) fillHistory(storage, { __name__: 'up', job: 'shop', instance }, () => 1);
    await page.reload();
    await targets.selectOption('b:2');
    await page.getByText('1 of 1 metrics').waitFor();
    await page.getByRole('link', { name: 'Query' }).click();
    await targets.waitFor({ state: 'hidden' });
  });

  it('shows one series alone when its name is chosen', async () => {
    for (const kind of ['a', 'b']) fillHistory(stage.service.storage, { __name__: 'two', kind }, () => 1);
    const page = await stage.open('#/metrics?range=300');
    await page.locator('.legend button', { hasText: 'kind=a' }).click();
    await page.locator('.legend button[aria-pressed="false"]', { hasText: 'kind=b' }).waitFor();
    await page.locator('.legend button', { hasText: 'kind=a' }).click();
    await page.locator('.legend button[aria-pressed="true"]', { hasText: 'kind=b' }).waitFor();
  });

  it('reads the values aloud that the arrow keys lead to', async () => {
    fillHistory(stage.service.storage, { __name__: 'steady' }, () => 42);
    const page = await stage.open('#/metrics?range=300');
    await says(page, 'steady', 'steady 42');
    await page.locator('[data-panel="steady"] .chart').focus();
    await page.keyboard.press('ArrowLeft');
    await page
      .locator('[data-panel="steady"] [aria-live]', { hasText: /^\d\d:\d\d:\d\d: steady 42$/ })
      .waitFor({ state: 'attached' });
  });

  it('offers metrics, functions, labels and their values while a query is typed, and charts it', async () => {
    for (const kind of ['tea', 'te"a'])
      fillHistory(stage.service.storage, { __name__: 'orders_total', kind }, (seconds) => seconds);
    const page = await stage.open('#/metrics?range=300');
    await says(page, 'orders_total', '2 series');
    await page.getByRole('link', { name: 'Query' }).click();
    const field = page.getByRole('combobox', { name: 'Query in PromQL' });
    const option = (name: string) => page.getByRole('option', { name }).first().waitFor();
    await field.pressSequentially('rat');
    await option('rate function');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await field.pressSequentially('ord');
    await option('orders_total metric');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await field.pressSequentially('{ki');
    await option('kind label');
    await field.pressSequentially('nd="te');
    await option('te"a kind');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await field.pressSequentially('"}[1m])');
    await page.keyboard.press('Enter');
    await says(page, 'query', '1/s');
    expect(await field.inputValue()).toBe('rate(orders_total{kind="te\\"a"}[1m])');
    expect(decodeURIComponent(new URL(page.url()).hash)).toContain('query=rate(orders_total');
  });

  it('says what the field for queries can do while it is empty, and what a chart has not got', async () => {
    stage.service.metrics.histogram('wait_seconds', { buckets: [0.1] });
    fillHistory(stage.service.storage, { __name__: 'wait_seconds_bucket', le: '+Inf' }, () => 0);
    const page = await stage.open('#/query');
    await page.getByText('suggested while you type').waitFor();
    await page.goto(`${stage.url}#/query?query=wait_seconds_bucket`);
    await page.getByText('suggested while you type').waitFor({ state: 'hidden' });
    await page.goto(`${stage.url}#/metrics?range=300`);
    await page.locator('[data-panel="wait_seconds:observations"]').getByText('No samples in this range.').waitFor();
  });

  it('says what is wrong with a query, and marks where', async () => {
    const page = await stage.open('#/query?query=sum(x))');
    const mistake = page.getByRole('alert');
    await mistake.getByText('parse error: unexpected right parenthesis').waitFor();
    expect(await mistake.locator('code').textContent()).toBe('sum(x))');
    expect(await mistake.locator('mark').textContent()).toBe(')');
  });

  it.each(['light', 'dark'] as const)('gives axe nothing to complain of, in %s', async (colorScheme) => {
    stage.service.metrics.histogram('wait_seconds', { buckets: [0.1, 1], description: 'Waiting' }).observe(0.5);
    stage.service.metrics.info('build', { version: '1' });
    stage.service.metrics.counter('telltale_like_total').increment();
    fillHistory(stage.service.storage, { __name__: 'ALERTS', alertname: 'A', alertstate: 'pending' }, () => 1);
    await stage.service.metrics.collectAndStore();
    const page = await stage.open('', { colorScheme });
    for (const view of [
      'overview',
      'metrics',
      'query?query=wait_seconds_count',
      'query?query=sum(',
      'alerts',
      'health',
    ]) {
      await page.goto(`${stage.url}#/${view}`);
      await page.locator(`main section :is(canvas, code, .track, .empty:not(:empty))`).first().waitFor();
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
      expect([view, violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])]).toEqual([view, []]);
    }
  });

  it('fits on a phone', async () => {
    stage.service.metrics.gauge('a_rather_long_name_of_a_metric_that_no_phone_can_show_in_one_line').set(1);
    await stage.service.metrics.collectAndStore();
    const page = await stage.open('#/metrics');
    await page.setViewportSize({ width: 360, height: 640 });
    for (const view of ['overview', 'metrics', 'query?query=up', 'alerts', 'health']) {
      await page.goto(`${stage.url}#/${view}`);
      await page.locator('main section').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    }
  });
});

/** How many pixels of the chart's own picture are painted strongly. */
function inkOf(page: Page, panel: string): Promise<number> {
  // Text, because the compiler of the tests knows no canvas.
  return page.evaluate(`(() => {
    const canvas = document.querySelector('[data-panel="${panel}"] canvas');
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels.filter((value, index) => index % 4 === 3 && value > 60).length;
  })()`);
}

describeWithServer(['chromium', 'prometheus'], 'the dashboard on a real Prometheus', () => {
  it('shows what it holds, from another origin', async () => {
    const service = await startService();
    const prometheus = await startPrometheus();
    const browser = await startBrowser();
    try {
      const { page, complaints } = await openPage(
        browser,
        `${service.url}/dashboard?api=${prometheus.url}#/query?query=vector(7)`,
      );
      await page.locator('[data-panel="query"] .chart[aria-label*=" 7."]').waitFor();
      await page.goto(`${service.url}/dashboard?api=${prometheus.url}#/health`);
      await page.getByText(/^http:\/\/127\.0\.0\.1:\d+ · Prometheus, API of Prometheus 2\.\d/).waitFor();
      await page.locator('.status[data-reach="live"]').waitFor();
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await prometheus.stop();
      await service.close();
    }
  });
});
