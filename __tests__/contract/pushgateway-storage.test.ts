// PushgatewayStorage keeps the storage contract, read back from a real Pushgateway.
import { randomUUID } from 'node:crypto';
import { PushgatewayStorage } from 'telltale/storage';
import { describeStorageContract, type StoredSample } from 'telltale/storage/contract';
import { type Pushgateway, startPushgateway } from '../support/pushgateway.js';
import { describeWithServer } from '../support/servers.js';

interface GatewayMetric {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value?: string;
  readonly buckets?: Readonly<Record<string, string>>;
  readonly quantiles?: Readonly<Record<string, string>>;
  readonly count?: string;
  readonly sum?: string;
}

type Group = Readonly<Record<string, { readonly metrics: readonly GatewayMetric[] }>> & {
  readonly labels: Readonly<Record<string, string>>;
};

/** The gateway's own JSON, because it tells label values without any escaping. */
async function samplesOf(gateway: Pushgateway, job: string, name: string): Promise<StoredSample[]> {
  const { data } = (await (await fetch(`${gateway.url}/api/v1/metrics`)).json()) as { data: readonly Group[] };
  const group = data.find(({ labels }) => labels.job === job);
  const [, family = name, part] = /^(.*)_(bucket|sum|count)$/.exec(name) ?? [];
  const metrics = group?.[name]?.metrics ?? group?.[family]?.metrics ?? [];
  return metrics.flatMap((metric) => partsOf(metric, group?.[name] === undefined ? part : undefined));
}

function partsOf(metric: GatewayMetric, part: string | undefined): StoredSample[] {
  const { job: _, instance: __, ...labels } = metric.labels ?? {};
  const each = (values: Readonly<Record<string, string>> = {}, label: string) =>
    Object.entries(values).map(([bound, value]) => ({ labels: { ...labels, [label]: bound }, value: numberOf(value) }));
  if (part === 'bucket') return each(metric.buckets, 'le');
  if (part === 'sum' || part === 'count') return [{ labels, value: numberOf(metric[part] ?? '') }];
  return metric.value === undefined ? each(metric.quantiles, 'quantile') : [{ labels, value: numberOf(metric.value) }];
}

function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}

describeWithServer('pushgateway', 'with a real Pushgateway', () => {
  let gateway: Pushgateway;
  beforeAll(async () => {
    gateway = await startPushgateway();
  });
  afterAll(() => gateway.stop());

  describeStorageContract(
    'PushgatewayStorage',
    async () => {
      const jobName = randomUUID();
      const storage = new PushgatewayStorage({ url: gateway.url, jobName });
      return {
        storage,
        read: (name) => samplesOf(gateway, jobName, name),
        dispose: async () => {
          await fetch(`${gateway.url}/metrics/job/${jobName}`, { method: 'DELETE' });
        },
      };
    },
    {
      skip: {
        'answers queries with what was written, where it can be asked': 'a gateway answers to Prometheus only',
        'answers when series ended, where it can be asked': 'a gateway answers to Prometheus only',
        'answers samples of the times that they have of their own, where it can be asked':
          'a gateway answers to Prometheus only',
        'answers native histograms as they were written, where it can be asked': 'a gateway answers to Prometheus only',
      },
    },
  );
});
