// Alerts on their way through a real Alertmanager to the webhook behind it: fired, resolved, killed and started again, away for a
// while. What reaches the webhook is also the measure for our own webhook notifier.
import type { Alert, Notifier } from '../../../lib/alerts/alert.js';
import { alertmanagerNotifier } from '../../../lib/alerts/notifiers/alertmanager-notifier.js';
import { type WebhookMessage, webhookMessage } from '../../../lib/alerts/notifiers/webhook-message.js';
import { type Alertmanager, startAlertmanager } from '../../support/alertmanager.js';
import { pollUntil } from '../../support/poll.js';
import { describeWithServer } from '../../support/servers.js';
import { startWebhook, type Webhook } from '../../support/webhook.js';
import { ended, firing } from './given-alerts.js';

describeWithServer('alertmanager', 'a real Alertmanager, and the webhook behind it', () => {
  let webhook: Webhook;
  let servers: Alertmanager[];
  let notifier: Notifier;

  beforeEach(async () => {
    webhook = await startWebhook();
    const options = { webhookUrl: `${webhook.url}/hook` };
    servers = await Promise.all([startAlertmanager(options), startAlertmanager(options)]);
    notifier = alertmanagerNotifier({
      urls: servers.map(({ url }) => url),
      externalUrl: 'http://shop.example',
      minBackoffMs: 20,
      maxBackoffMs: 50,
      // Ends are resent by the test itself.
      resendDelaySeconds: 3_600,
    });
  });

  afterEach(async () => {
    await notifier.close();
    await Promise.all(servers.map((server) => server.remove()));
    await webhook.close();
  });

  /** The next message in which these alerts, and no others, have this status. */
  const message = (status: 'firing' | 'resolved', names: readonly string[]) =>
    webhook.next<WebhookMessage>(({ alerts }) => {
      const those = alerts.filter((alert) => alert.status === status).map(({ labels }) => labels.alertname);
      return those.sort().join() === names.join();
    });

  const tell = async (...alerts: readonly Alert[]): Promise<void> => {
    expect((await notifier.notify(alerts))._unsafeUnwrap()).toBeUndefined();
  };

  const held = async (server: Alertmanager | undefined) => {
    return (await server?.alerts())?.map(({ labels }) => labels.alertname);
  };

  it('tells the webhook of alerts that fire and of those that are resolved', async () => {
    const now = Date.now();
    const [slow, failing] = [
      firing('Slow', now - 5_000),
      firing('Failing', now - 5_000, { labels: { severity: 'page' } }),
    ];
    await tell(slow, failing);
    expect(await message('firing', ['Failing', 'Slow'])).toMatchObject({ status: 'firing', receiver: 'hook' });
    await tell(ended(slow, now));
    const { alerts } = await message('resolved', ['Slow']);
    expect(alerts.find(({ status }) => status === 'resolved')?.endsAt).toBe(
      new Date(now).toISOString().replace(/0*Z$/, 'Z'),
    );
    expect(await held(servers[0])).toEqual(['Failing']);
    expect(await held(servers[1])).toEqual(['Failing']);
  });

  it('tells both, and the one that was killed what is the case as soon as it is back', async () => {
    const now = Date.now();
    const [slow, failing] = [firing('Slow', now), firing('Failing', now)];
    await tell(slow);
    await servers[0]?.kill();
    await tell(failing);
    await tell(ended(failing, now + 1));
    expect(await held(servers[1])).toEqual(['Slow']);
    await servers[0]?.start();
    // What it knew has died with it: it hears of that with the next telling, and the rest is tried all the time.
    await tell(slow, firing('Late', now));
    await pollUntil({ what: 'hearing of both', timeoutMs: 10_000 }, async () =>
      (await held(servers[0]))?.join() === 'Late,Slow' ? true : undefined,
    );
  });

  it('has an end told that came while both were away', async () => {
    const now = Date.now();
    const slow = firing('Slow', now);
    await tell(slow);
    await message('firing', ['Slow']);
    await Promise.all(servers.map((server) => server.kill()));
    expect((await notifier.notify([firing('Late', now)]))._unsafeUnwrapErr().kind).toBe('notify_failed');
    await notifier.notify([ended(slow, now + 1)]);
    await Promise.all(servers.map((server) => server.start()));
    await message('firing', ['Late']);
    for (const server of servers) {
      await pollUntil({ what: 'hearing of what fires', timeoutMs: 10_000 }, async () =>
        (await held(server))?.join() === 'Late' ? true : undefined,
      );
    }
  });

  it('has its own webhook message differ from that of Alertmanager in nothing but names', async () => {
    const now = Date.now();
    const shared = { labels: { severity: 'page', city: 'Kraków' }, generatorUrl: '/graph?g0.expr=up' };
    const alerts = [
      firing('Slow', now - 5_000, shared),
      ended(firing('Over', now - 5_000, { ...shared, annotations: { summary: 'Slow is the case' } }), now - 1_000),
    ];
    await tell(...alerts.map((alert) => ({ ...alert, state: 'firing' }) as const));
    await message('firing', ['Over', 'Slow']);
    await tell(...alerts);
    const theirs = await message('resolved', ['Over']);
    const ours = webhookMessage(alerts, { receiver: 'hook', externalUrl: 'http://shop.example', maxAlerts: 10 });
    const comparable = (one: WebhookMessage) => ({
      ...one,
      externalURL: '',
      alerts: [...one.alerts]
        .sort((a, b) => a.fingerprint.localeCompare(b.fingerprint))
        .map((alert) => ({
          ...alert,
          startsAt: Date.parse(alert.startsAt),
          endsAt: Date.parse(alert.endsAt),
        })),
    });
    expect(comparable(ours)).toEqual(comparable(theirs));
  });
});
