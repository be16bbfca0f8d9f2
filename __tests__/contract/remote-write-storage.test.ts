// RemoteWriteStorage keeps the storage contract, read back from a real Prometheus and from a real VictoriaMetrics.
import { randomUUID } from 'node:crypto';
import { RemoteWriteStorage } from 'telltale/storage';
import { type ContractSubject, describeStorageContract } from 'telltale/storage/contract';
import { pollUntil } from '../support/poll.js';
import { type Prometheus, startPrometheus } from '../support/prometheus.js';
import { describeWithServer } from '../support/servers.js';
import { startVictoriaMetrics, type VictoriaMetrics } from '../support/victoria-metrics.js';

const SUBJECT = 'contract_subject';
const cannotBeAsked = {
  'answers queries with what was written, where it can be asked': 'its target is asked, by PromQL',
  'answers when series ended, where it can be asked': 'its target is asked, by PromQL',
  'answers samples of the times that they have of their own, where it can be asked': 'its target is asked, by PromQL',
  'answers native histograms as they were written, where it can be asked': 'its target is asked, by PromQL',
};

interface Target {
  readonly url: string;
  /** The latest samples of a selector, by the labels of their series. */
  latest(selector: string): Promise<readonly { labels: Readonly<Record<string, string>>; value: number }[]>;
}

/** Each subject has its series for itself by a label of its own, which is taken away when they are read. */
function subjectOf({ url, latest }: Target): ContractSubject {
  const id = randomUUID();
  const storage = new RemoteWriteStorage({ url: `${url}/api/v1/write`, externalLabels: { [SUBJECT]: id } });
  const sent = () =>
    pollUntil({ what: 'Sending all snapshots', timeoutMs: 20_000 }, async () =>
      storage.statistics().every(({ queued }) => queued === 0) ? true : undefined,
    );
  return {
    storage,
    read: async (name) => {
      await sent();
      const samples = await latest(`${name}{${SUBJECT}="${id}"}`);
      return samples.map(({ labels: { [SUBJECT]: _, ...labels }, value }) => ({ labels, value }));
    },
    dispose: async () => {},
  };
}

describeWithServer('prometheus', 'with a real Prometheus', () => {
  let prometheus: Prometheus;
  beforeAll(async () => {
    prometheus = await startPrometheus();
  });
  afterAll(() => prometheus.stop());

  const latest: Target['latest'] = (selector) => prometheus.query(selector);
  describeStorageContract('RemoteWriteStorage', async () => subjectOf({ url: prometheus.url, latest }), {
    skip: cannotBeAsked,
  });
});

describeWithServer('victoria-metrics', 'with a real VictoriaMetrics', () => {
  let server: VictoriaMetrics;
  beforeAll(async () => {
    server = await startVictoriaMetrics();
  });
  afterAll(() => server.remove());

  const latest: Target['latest'] = async (selector) =>
    (await server.exported(selector)).map(({ labels, points }) => ({
      labels,
      value: points.at(-1)?.value ?? Number.NaN,
    }));
  describeStorageContract('RemoteWriteStorage', async () => subjectOf({ url: server.url, latest }), {
    skip: {
      ...cannotBeAsked,
      'keeps numbers as they are': 'this target rounds numbers that are very small or very large, and has no NaN',
    },
  });
});
