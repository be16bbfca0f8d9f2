// What a storage hands to the next process: the last snapshot, family by family, with the start times of the series.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FamilyDescriptor, Snapshot } from '../../../lib/model/family.js';
import { samplesOf } from '../../../lib/model/samples.js';
import { familyOf, type PlainSeries } from '../../support/families.js';
import { openStorage, temporaryFolder } from './support/folders.js';

// Bounded, but not by the speed of a machine that does other things besides.
jest.setTimeout(60_000);

const described = { description: 'It says "something"\n', unit: '' };
const descriptors: readonly FamilyDescriptor[] = [
  { name: 'a_total', type: 'counter', ...described },
  { name: 'b', type: 'gauge', ...described },
  { name: 'c_seconds', type: 'histogram', description: '', unit: 'seconds', upperBounds: [-0, 1e-7, 2.5] },
  { name: 'd', type: 'summary', ...described, quantiles: [0.5, 0.99] },
  { name: 'e', type: 'stateset', ...described, states: ['on', 'off'] },
  { name: 'f_info', type: 'info', ...described },
  { name: 'g', type: 'unknown', ...described },
];

function snapshotAt(timestampMs: number, n: number): Snapshot {
  return {
    timestampMs,
    families: descriptors.map((descriptor) => {
      const width = { histogram: 5, summary: 4, stateset: 2 }[descriptor.type as string] ?? 1;
      const row = Array.from({ length: width }, (_, i) => (i === 0 ? n : i / 3));
      const series: PlainSeries[] = [
        { labels: { method: 'GET', path: '/ü' }, row, createdMs: 1000 + n },
        { labels: { method: 'GET', path: '' }, row, removed: true },
        { labels: { method: 'PUT', path: '/"\\' }, row, createdMs: 2000.5 },
        { labels: { other: 'x' }, row, createdMs: 3000 },
      ];
      const observedNegative = descriptor.type === 'histogram';
      return familyOf(descriptor, { series, constantLabels: [['job', 'test']], observedNegative });
    }),
  };
}

/** All that a snapshot says, in an order that does not depend on how it is cut into blocks. */
function shown(snapshot: Snapshot | undefined): unknown {
  if (snapshot === undefined) return undefined;
  return {
    samples: [...samplesOf(snapshot)].map((sample) => ({ ...sample, labels: { ...sample.labels } })),
    families: snapshot.families.map((family) => ({
      descriptor: family.descriptor,
      observedNegative: family.observedNegative,
      createdMs: [...family.blocks()].flatMap(({ createdMs, live }) =>
        [...createdMs].filter((_, row) => live === undefined || live[row] === 1),
      ),
    })),
  };
}

async function restored(directory: string): Promise<Snapshot | undefined> {
  const { storage } = await openStorage({ directory, restore: true });
  const snapshot = (await storage.restore())._unsafeUnwrap();
  await storage.close();
  return snapshot;
}

describe('FileStorage.restore', () => {
  it('answers the last snapshot as it was, with the start of each series', async () => {
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory });
    for (let n = 1; n <= 5; n++) await storage.write(snapshotAt(n * 1000, n));
    await storage.close();
    const snapshot = await restored(directory);
    expect(shown(snapshot)).toEqual(shown(snapshotAt(5000, 5)));
    const [histogram] = (snapshot?.families ?? []).filter(({ descriptor }) => descriptor.type === 'histogram');
    expect(histogram?.descriptor).toMatchObject({ upperBounds: [-0, 1e-7, 2.5] });
  });

  it('can be written again as it is', async () => {
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory });
    await storage.write(snapshotAt(1000, 1));
    await storage.close();
    const snapshot = (await restored(directory)) as Snapshot;
    const again = await openStorage({ directory });
    await again.storage.write({ ...snapshot, timestampMs: 2000 });
    await again.storage.close();
    expect(shown(await restored(directory))).toEqual(shown(snapshotAt(2000, 1)));
  });

  it('answers nothing when it was not asked for at opening, or there is nothing', async () => {
    const directory = temporaryFolder();
    expect(await restored(directory)).toBeUndefined();
    const { storage } = await openStorage({ directory });
    await storage.write(snapshotAt(1000, 1));
    await storage.close();
    const again = await openStorage({ directory });
    expect((await again.storage.restore())._unsafeUnwrap()).toBeUndefined();
  });

  it('answers the last one that can be read where the newest is damaged', async () => {
    const directory = temporaryFolder();
    for (let n = 1; n <= 2; n++) {
      const { storage } = await openStorage({ directory });
      await storage.write(snapshotAt(n * 1000, n));
      await storage.close();
    }
    const last = join(directory, readdirSync(directory).filter((name) => name.endsWith('.seg'))[1] as string);
    const bytes = readFileSync(last);
    bytes[100]! ^= 4;
    writeFileSync(last, bytes);
    const { storage, errors } = await openStorage({ directory, restore: true });
    expect(shown((await storage.restore())._unsafeUnwrap())).toEqual(shown(snapshotAt(1000, 1)));
    expect(errors).toMatchObject([{ kind: 'file_corrupt', file: last }]);
  });
});
