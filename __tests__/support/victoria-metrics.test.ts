// That a real VictoriaMetrics starts, takes samples, and has them still after it was started again.
import { describeWithServer } from './servers.js';
import { startVictoriaMetrics, type VictoriaMetrics } from './victoria-metrics.js';

describeWithServer('victoria-metrics', 'support/victoria-metrics', () => {
  let server: VictoriaMetrics;

  beforeAll(async () => {
    server = await startVictoriaMetrics();
  });

  afterAll(() => server.remove());

  it('shows what was imported, also after it was started again', async () => {
    const timestampMs = Date.now() - 60_000;
    await fetch(`${server.url}/api/v1/import/prometheus?timestamp=${timestampMs}`, {
      method: 'POST',
      body: 'x{a="b"} 4\n',
    });
    const stored = [{ labels: { __name__: 'x', a: 'b' }, points: [{ timestampMs, value: 4 }] }];
    expect(await server.exported('x')).toEqual(stored);
    await server.stop();
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
    await server.start();
    expect(await server.exported('x')).toEqual(stored);
  });

  it('answers the API of Prometheus', async () => {
    expect(await server.queryValue('1 + 1')).toBe(2);
  });

  it('rejects when a flag is unknown', async () => {
    await expect(startVictoriaMetrics(['-noSuchFlag'])).rejects.toThrow('VictoriaMetrics ended before it was ready');
  });
});
