// History on its way to Prometheus: its own tool makes blocks of the export, and what it finds in them is compared sample by
// sample with what was written.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalNumber } from '../../../lib/exposition/numbers.js';
import type { FamilyDescriptor, Snapshot } from '../../../lib/model/family.js';
import { samplesOf } from '../../../lib/model/samples.js';
import type { TimeRange } from '../../../lib/model/storage.js';
import type { FileStorage } from '../../../storage/file/file-storage.js';
import { promtool } from '../../support/promtool.js';
import { describeWithServer } from '../../support/servers.js';
import { histogram, plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { EVER, openStorage, temporaryFolder } from './support/folders.js';

// Bounded, but not by the speed of a machine that does other things besides.
jest.setTimeout(60_000);

const START_MS = 1_700_000_000_001;

async function textOf(storage: FileStorage, range: TimeRange = EVER): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of storage.exportOpenMetrics(range)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** A history in which series come and go, over several segments and with every type. */
async function history(directory: string): Promise<{ readonly storage: FileStorage; readonly snapshots: Snapshot[] }> {
  const orders = new TestFamily(plain('orders_total'), ['shop'], { constantLabels: [['job', 'a "b" \\ c\nd']] });
  const visits = new TestFamily(plain('visits'), ['shop', 'page']);
  const depth = new TestFamily(plain('depth', 'gauge'), ['Zone']);
  const latency = new TestFamily(histogram('latency_seconds', [0.5, 1, 2e6]), ['route']);
  const size = new TestFamily(
    { type: 'summary', name: 'size_bytes', description: 'Sizes', unit: 'bytes', quantiles: [0.5, 1] },
    [],
  );
  const state = new TestFamily({ type: 'stateset', name: 'state', description: '', unit: '', states: ['on', 'off'] });
  const ages = new TestFamily({ ...histogram('age_seconds', [1]), type: 'gaugehistogram' } as FamilyDescriptor);
  const build = new TestFamily(plain('build_info', 'info'), ['version']);
  const numbers = [0, -1.5, NaN, Infinity, -Infinity, 1e21, 5e-324, 0.1];
  const snapshots: Snapshot[] = [];
  let storage!: FileStorage;
  for (let n = 0; n < 60; n++) {
    if (n % 20 === 0) {
      await storage?.close();
      storage = (await openStorage({ directory })).storage;
    }
    orders.set({ shop: `shop-${n % 7}` }, n);
    if (n % 9 === 8) orders.remove({ shop: `shop-${(n * 3) % 7}` });
    visits.set({ shop: 'Ελλάδα', page: n % 2 === 0 ? '' : '/' }, n * 1000);
    depth.set({ Zone: 'x' }, numbers[n % numbers.length] as number);
    latency.set({ route: '/' }, n, 2 * n, 3, n % 4, n / 3);
    size.set({}, n % 5 === 0 ? NaN : n, n, n * 2, n);
    state.set({}, n % 2, 1 - (n % 2));
    ages.set({}, n % 3, n % 4, n % 5);
    build.set({ version: '1.0' }, 1);
    // Milliseconds that are hard to tell from seconds in binary.
    const snapshot = snapshotOf(START_MS + n * 15_001, orders, visits, depth, latency, size, state, ages, build);
    (await storage.write(snapshot))._unsafeUnwrap();
    snapshots.push(snapshot);
  }
  return { storage, snapshots };
}

/** The samples as Prometheus should have them: each as one line of JSON. */
function expectedLines(snapshots: readonly Snapshot[]): string[] {
  return snapshots
    .flatMap((snapshot) => [...samplesOf(snapshot)])
    .map(({ name, type, labels, value, timestamp }) => {
      const shown: Record<string, string> = {};
      for (const [label, text] of Object.entries(labels)) {
        if (text === '') continue;
        const isBound = label === 'quantile' || (label === 'le' && text !== '+Inf');
        shown[label] = isBound ? canonicalNumber(Number(text)) : text;
      }
      const isBare = type === 'counter' && !name.endsWith('_total');
      const own = type === 'gaugehistogram' ? name.replace(/_(sum|count)$/, '_g$1') : name;
      return lineOf({ ...shown, __name__: isBare ? `${name}_total` : own }, value, timestamp);
    })
    .sort();
}

function lineOf(labels: Readonly<Record<string, string>>, value: number, timestampMs: number): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted, String(value === 0 ? 0 : value), timestampMs]);
}

/** What promtool prints of blocks: `{__name__="a", b="c"} 1 1700000000000`, texts quoted as in JSON. */
function dumpedLines(output: string): string[] {
  const lines = output.trim().split('\n');
  return lines
    .map((line) => {
      const [, labelText = '', value, at] = /^(\{.*\}) (\S+) (\d+)$/.exec(line) ?? [];
      const labels: Record<string, string> = {};
      for (const [, name = '', text = ''] of labelText.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
        labels[name] = JSON.parse(`"${text}"`) as string;
      }
      return lineOf(labels, Number(value?.replace('Inf', 'Infinity')), Number(at));
    })
    .sort();
}

describeWithServer('promtool', 'FileStorage.exportOpenMetrics, read by promtool', () => {
  it('becomes blocks that hold exactly the samples that were written', async () => {
    const directory = temporaryFolder();
    const { storage, snapshots } = await history(join(directory, 'storage'));
    writeFileSync(join(directory, 'history.om'), await textOf(storage));
    const blocks = join(directory, 'blocks');
    const args = ['tsdb', 'create-blocks-from', 'openmetrics', join(directory, 'history.om'), blocks];
    expect(await promtool(args)).toMatchObject({ exitCode: 0 });
    mkdirSync(join(blocks, 'wal'));
    const dump = await promtool(['tsdb', 'dump', `--sandbox-dir-root=${directory}`, blocks]);
    expect(dump.exitCode).toBe(0);
    expect(dumpedLines(dump.output)).toEqual(expectedLines(snapshots));
  });
});

describe('FileStorage.exportOpenMetrics', () => {
  it('writes the families one after the other, each sample with its time', async () => {
    const { storage } = await openStorage({ directory: temporaryFolder() });
    const visits = new TestFamily(plain('visits'), ['page']);
    const depth = new TestFamily(plain('depth', 'gauge'));
    for (let n = 1; n <= 2; n++) {
      await storage.write(snapshotOf(n * 1500, visits.set({ page: 'a"b' }, n), depth.set({}, n / 2)));
    }
    expect(await textOf(storage)).toBe(`# TYPE visits counter
# HELP visits About visits
visits_total{page="a\\"b"} 1 1.5
visits_total{page="a\\"b"} 2 3
# TYPE depth gauge
# HELP depth About depth
depth 0.5 1.5
depth 1 3
# EOF
`);
    expect(await textOf(storage, { startMs: 2000, endMs: 3000 })).not.toContain(' 1.5\n');
  });

  it('is an empty exposition where there is nothing', async () => {
    const { storage } = await openStorage({ directory: temporaryFolder() });
    expect(await textOf(storage)).toBe('# EOF\n');
  });
});
