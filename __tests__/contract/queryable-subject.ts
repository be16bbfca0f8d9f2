// Makes a subject of the storage contract from a storage that can be asked: its latest samples are those of its own history.
import type { MetricsStorage, Queryable } from 'telltale';
import type { ContractSubject } from 'telltale/storage/contract';

const ALL_TIME = { startMs: 0, endMs: Number.MAX_SAFE_INTEGER };

export function queryableSubject(
  storage: MetricsStorage & Queryable,
  dispose: () => Promise<void> = async () => {},
): ContractSubject {
  return {
    storage,
    dispose,
    read: async (name) => {
      const found = await storage.select([{ name: '__name__', operator: '=', value: name }], ALL_TIME);
      const samples: { labels: Readonly<Record<string, string>>; value: number }[] = [];
      for await (const { labels, values } of found._unsafeUnwrap()) {
        samples.push({ labels, value: values.at(-1) as number });
      }
      return samples;
    },
  };
}
