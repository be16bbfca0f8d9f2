// The whole way: samples in a storage, ready-made rules over them, an evaluator on a clock that the test moves, a real Alertmanager
// that crashes in the middle, and the webhook behind it.
import { MemoryStorage } from 'telltale';
import { alertmanagerNotifier, RuleEvaluator, serviceAlerts, type WebhookMessage } from 'telltale/alerts';
import { QueryEngine } from 'telltale/query';
import { ManualClock } from 'telltale/testing';
import { type Alertmanager, startAlertmanager } from '../../support/alertmanager.js';
import { pollUntil } from '../../support/poll.js';
import { describeWithServer } from '../../support/servers.js';
import { startWebhook, type Webhook } from '../../support/webhook.js';

describeWithServer('alertmanager', 'from samples to the webhook', () => {
  let webhook: Webhook;
  let alertmanager: Alertmanager;
  // Alertmanager reads the time for itself, and takes no end for one that is still to come: this clock is 10 s behind. Turns are on
  // whole seconds.
  let clock: ManualClock;
  let storage: MemoryStorage;
  let evaluator: RuleEvaluator;

  beforeEach(async () => {
    webhook = await startWebhook();
    alertmanager = await startAlertmanager({ webhookUrl: webhook.url });
    clock = new ManualClock(Math.floor(Date.now() / 1000) * 1000 - 10_000);
    storage = new MemoryStorage({ clock });
    const notifier = alertmanagerNotifier({ urls: [alertmanager.url], clock, minBackoffMs: 20, maxBackoffMs: 50 });
    const groups = [
      serviceAlerts({
        intervalSeconds: 1,
        nothingHealthy: { forSeconds: 0, severity: 'page' },
        eventLoopDelay: { forSeconds: 2 },
      }),
    ];
    const engine = new QueryEngine(storage, { clock });
    const options = { engine, storage, groups, notifiers: [notifier], clock, externalUrl: 'http://shop.example' };
    evaluator = (await RuleEvaluator.open(options))._unsafeUnwrap();
  });

  afterEach(async () => {
    await evaluator.close();
    await alertmanager.remove();
    await webhook.close();
  });

  /** A second later. */
  async function turn(up: 0 | 1, lagSeconds: number): Promise<void> {
    clock.advance(1);
    storage.append({ __name__: 'up', job: 'shop' }, clock.now(), up);
    storage.append({ __name__: 'nodejs_eventloop_lag_p99_seconds', job: 'shop' }, clock.now(), lagSeconds);
    await evaluator.evaluateDue();
  }

  const message = (alertname: string, wanted: 'firing' | 'resolved') =>
    webhook.next<WebhookMessage>(({ alerts }) =>
      alerts.some(({ status, labels }) => status === wanted && labels.alertname === alertname),
    );

  it('tells of alerts as they fire and are resolved', async () => {
    await turn(0, 0.01);
    const { alerts } = await message('NothingHealthy', 'firing');
    expect(alerts).toMatchObject([
      {
        labels: { alertname: 'NothingHealthy', job: 'shop', severity: 'page' },
        startsAt: new Date(clock.now()).toISOString().replace(/\.?0*Z$/, 'Z'),
        generatorURL: expect.stringMatching(/^http:\/\/shop\.example\/graph\?g0\.expr=sum/),
      },
    ]);
    await turn(1, 0.01);
    await message('NothingHealthy', 'resolved');
  });

  it('brings what fires and what was resolved to an Alertmanager that crashed meanwhile', async () => {
    await turn(0, 0.01);
    await message('NothingHealthy', 'firing');
    await alertmanager.kill();
    // While it is away one alert ends, and another one is pending and then fires.
    await turn(1, 0.5);
    await turn(1, 0.5);
    await turn(1, 0.5);
    expect(evaluator.alerts.map(({ state, labels }) => `${labels.alertname} ${state}`)).toEqual([
      'EventLoopDelayed firing',
    ]);
    await alertmanager.start();
    await message('EventLoopDelayed', 'firing');
    await pollUntil({ what: 'holding the one that fires', timeoutMs: 10_000 }, async () =>
      (await alertmanager.alerts()).map(({ labels }) => labels.alertname).join() === 'EventLoopDelayed'
        ? true
        : undefined,
    );
  });
});
