// PushgatewayStorage keeps the storage contract, against a real Pushgateway.
import { describeStorageContract } from 'telltale/storage/contract';
import { PushgatewayStorage } from '../../../storage/pushgateway/pushgateway-storage.js';
import { startPushgateway } from '../../support/pushgateway.js';
import { describeWithServer } from '../../support/servers.js';

describeWithServer('pushgateway', 'against a real Pushgateway', () => {
  for (const mode of ['replace', 'merge'] as const) {
    describeStorageContract(
      `PushgatewayStorage (${mode})`,
      async () => {
        const gateway = await startPushgateway();
        return {
          storage: new PushgatewayStorage({ url: gateway.url, jobName: 'contract', mode }),
          read: async (name) =>
            (await gateway.samples(name)).map(({ labels: { job, ...labels }, value }) => ({ labels, value })),
          dispose: () => gateway.stop(),
        };
      },
      {
        skip: {
          'answers queries with what was written, where it can be asked':
            'the gateway holds one value per series and is asked by Prometheus',
        },
      },
    );
  }
});
