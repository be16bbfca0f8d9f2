// That a real Pushgateway starts, takes a push and goes away.
import { type Pushgateway, startPushgateway } from './pushgateway.js';
import { describeWithServer } from './servers.js';

describeWithServer('pushgateway', 'support/pushgateway', () => {
  let gateway: Pushgateway;

  beforeAll(async () => {
    gateway = await startPushgateway();
  });

  afterAll(() => gateway.stop());

  describe('startPushgateway', () => {
    it('listens on a port of its own and is ready', async () => {
      const other = await startPushgateway();
      expect(other.port).not.toBe(gateway.port);
      expect((await fetch(`${gateway.url}/-/ready`)).status).toBe(200);
      await other.stop();
    });

    it('shows what was pushed', async () => {
      const url = `${gateway.url}/metrics/job/batch`;
      const response = await fetch(url, { method: 'PUT', body: '# TYPE rows gauge\nrows 42\n' });
      expect(response.status).toBe(200);
      expect(await gateway.metrics()).toContain('rows{instance="",job="batch"} 42\n');
    });

    it('rejects, with the reason, when a flag is unknown', async () => {
      await expect(startPushgateway(['--no-such-flag'])).rejects.toThrow('no-such-flag');
    });
  });

  describe('stop', () => {
    it('frees the port', async () => {
      const other = await startPushgateway();
      await other.stop();
      await expect(fetch(`${other.url}/-/ready`)).rejects.toThrow('fetch failed');
    });
  });
});
