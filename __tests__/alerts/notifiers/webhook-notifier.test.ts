// When a webhook is told, and what it reads: changes at once, the rest seldom, everything in one group. That the message is
// Alertmanager's is tried beside a real one, in alertmanager-servers.test.ts.
import type { WebhookMessage } from '../../../lib/alerts/notifiers/webhook-message.js';
import { webhookNotifier } from '../../../lib/alerts/notifiers/webhook-notifier.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { startWebhook, type Webhook } from '../../support/webhook.js';
import { ended, firing } from './given-alerts.js';

const NOW = Date.UTC(2026, 0, 1);

describe('webhookNotifier', () => {
  let clock: ManualClock;
  let webhook: Webhook;

  beforeEach(async () => {
    clock = new ManualClock(NOW);
    webhook = await startWebhook();
  });

  afterEach(() => webhook.close());

  const statuses = (): readonly string[][] =>
    webhook.messages.map(({ body }) =>
      (body as WebhookMessage).alerts.map(({ labels, status }) => `${labels.alertname} ${status}`),
    );

  it.each([
    ['no URL', { url: '' }, 'url'],
    ['repeating all the time', { url: 'http://a', repeatSeconds: 0 }, 'repeatSeconds'],
  ])('throws for %s', (_what, options, option) => {
    expect(() => webhookNotifier(options)).toThrow(
      expect.objectContaining({ detail: expect.objectContaining({ kind: 'invalid_option', option }) }),
    );
  });

  describe('notify', () => {
    it('posts the whole of it to the path and with the credentials that it was given', async () => {
      const notifier = webhookNotifier({
        url: `${webhook.url}/alerts?team=shop`,
        clock,
        receiver: 'pager',
        externalUrl: 'http://shop.example/',
        auth: { username: 'ada', password: 'secret' },
      });
      await notifier.notify([firing('Slow', NOW - 1_000, { labels: { city: 'Oslo' }, generatorUrl: '/graph' })]);
      const [message] = webhook.messages;
      expect(message).toMatchObject({ method: 'POST', path: '/alerts?team=shop' });
      expect(message?.headers).toMatchObject({
        authorization: 'Basic YWRhOnNlY3JldA==',
        'content-type': 'application/json',
      });
      expect(message?.body).toEqual({
        version: '4',
        groupKey: '{}:{}',
        truncatedAlerts: 0,
        status: 'firing',
        receiver: 'pager',
        groupLabels: {},
        commonLabels: { alertname: 'Slow', city: 'Oslo' },
        commonAnnotations: { summary: 'Slow is the case' },
        externalURL: 'http://shop.example',
        alerts: [
          {
            status: 'firing',
            labels: { alertname: 'Slow', city: 'Oslo' },
            annotations: { summary: 'Slow is the case' },
            startsAt: '2025-12-31T23:59:59.000Z',
            endsAt: '0001-01-01T00:00:00Z',
            generatorURL: 'http://shop.example/graph',
            fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
          },
        ],
      });
      await notifier.close();
    });

    it('posts when an alert begins or ends, with all that fires, and nothing in between', async () => {
      const notifier = webhookNotifier({ url: webhook.url, clock });
      const [slow, late] = [firing('Slow', NOW), firing('Late', NOW)];
      await notifier.notify([slow]);
      await notifier.notify([slow]);
      await notifier.notify([slow, late]);
      await notifier.notify([slow, ended(late, NOW)]);
      await notifier.notify([slow, ended(late, NOW)]);
      await notifier.notify([ended(slow, NOW)]);
      expect(statuses()).toEqual([
        ['Slow firing'],
        ['Slow firing', 'Late firing'],
        ['Slow firing', 'Late resolved'],
        ['Slow resolved'],
      ]);
      expect(webhook.messages.map(({ body }) => (body as WebhookMessage).status)).toEqual([
        'firing',
        'firing',
        'firing',
        'resolved',
      ]);
      await notifier.close();
    });

    it('posts again what still fires, four hours after the last message', async () => {
      const notifier = webhookNotifier({ url: webhook.url, clock });
      const tell = () => notifier.notify([firing('Slow', NOW)]);
      await tell();
      clock.advance(4 * 3_600 - 1);
      await tell();
      expect(statuses()).toHaveLength(1);
      clock.advance(1);
      await tell();
      await tell();
      expect(statuses()).toEqual([['Slow firing'], ['Slow firing']]);
      await notifier.close();
    });

    it('tells what is the case when the webhook is back, once', async () => {
      const notifier = webhookNotifier({ url: webhook.url, clock, minBackoffMs: 60_000 });
      webhook.answer = { status: 502 };
      const [slow, late] = [firing('Slow', NOW), firing('Late', NOW)];
      expect((await notifier.notify([slow, late])).isErr()).toBe(true);
      await notifier.notify([ended(late, NOW)]);
      webhook.answer = { status: 200 };
      clock.advance(60);
      expect((await notifier.notify([slow])).isOk()).toBe(true);
      expect((await notifier.notify([slow])).isOk()).toBe(true);
      expect(statuses()).toEqual([
        ['Slow firing', 'Late firing'],
        ['Slow firing', 'Late resolved'],
      ]);
      await notifier.close();
    });

    it('waits as long as the webhook asks for', async () => {
      const notifier = webhookNotifier({ url: webhook.url, clock, minBackoffMs: 1_000 });
      webhook.answer = { status: 429, headers: { 'retry-after': '120' } };
      await notifier.notify([firing('Slow', NOW)]);
      clock.advance(119);
      expect((await notifier.notify([firing('Slow', NOW)])).isErr()).toBe(true);
      expect(webhook.messages).toHaveLength(1);
      webhook.answer = { status: 200 };
      clock.advance(1);
      expect((await notifier.notify([firing('Slow', NOW)])).isOk()).toBe(true);
      await notifier.close();
    });
  });
});
