// That a real Alertmanager starts, tells its webhook of an alert, forgets alerts when it is killed, and goes away.
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type Alertmanager, startAlertmanager } from './alertmanager.js';
import { describeWithServer } from './servers.js';
import { startWebhook, type Webhook } from './webhook.js';

interface Message {
  readonly status: string;
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

const dataDirectories = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('telltale-alertmanager-'));

describeWithServer('alertmanager', 'support/alertmanager', () => {
  let webhook: Webhook;
  let alertmanager: Alertmanager;

  beforeAll(async () => {
    webhook = await startWebhook();
    alertmanager = await startAlertmanager({ webhookUrl: `${webhook.url}/hook` });
  });

  afterAll(async () => {
    await alertmanager?.remove();
    await webhook.close();
  });

  const post = (alertname: string) =>
    fetch(`${alertmanager.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels: { alertname } }]),
    });

  describe('start', () => {
    it('has it tell the webhook of what it is told', async () => {
      expect((await post('First')).status).toBe(200);
      const message = await webhook.next<Message>(({ alerts }) => alerts[0]?.labels.alertname === 'First');
      expect(message).toMatchObject({ version: '4', status: 'firing', receiver: 'hook' });
      expect((await alertmanager.alerts()).map(({ labels }) => labels.alertname)).toEqual(['First']);
    });

    it('starts it again on the same port after it was killed, with nothing of what it held', async () => {
      await alertmanager.kill();
      await expect(alertmanager.alerts()).rejects.toThrow('fetch failed');
      await alertmanager.start();
      expect(await alertmanager.alerts()).toEqual([]);
    });
  });

  describe('startAlertmanager', () => {
    it('rejects with the reason, and leaves no data behind, when the configuration is wrong', async () => {
      const before = dataDirectories();
      const route = { no_such_field: 1 };
      await expect(startAlertmanager({ webhookUrl: webhook.url, route })).rejects.toThrow('no_such_field');
      expect(dataDirectories()).toEqual(before);
    });
  });
});
