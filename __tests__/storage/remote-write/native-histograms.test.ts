// Native histograms by remote write: their bytes, what a real Prometheus makes of them, and that targets which take none get all
// the rest.
import fc from 'fast-check';
import type { Snapshot } from '../../../lib/model/family.js';
import { isNativeHistogram, type NativeHistogram } from '../../../lib/model/native-histogram.js';
import { nativeQuantile } from '../../../lib/model/native-quantile.js';
import { RemoteWriteStorage } from '../../../storage/remote-write/remote-write-storage.js';
import { pollUntil } from '../../support/poll.js';
import { describeWithServer } from '../../support/servers.js';
import { nativeOf, nativeRun, usualIndex } from '../support/native-arbitrary.js';
import { nativeHistogram, plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { type ReceivedSeries, startReceiver } from './receiver.js';
import { type RemoteWriteServer, servers, WRITE_PATH } from './servers.js';

// Bounded, but not by the speed of a machine that does other things besides.
jest.setTimeout(60_000);

const STALE = '7ff0000000000002';
const T = 1_700_000_000_000;

async function sentTo(
  snapshots: readonly Snapshot[],
  reply?: Parameters<typeof startReceiver>[0],
): Promise<{
  readonly requests: readonly (readonly ReceivedSeries[])[];
  readonly told: unknown[];
  readonly dropped: number;
}> {
  const receiver = await startReceiver(reply);
  const told: unknown[] = [];
  const storage = new RemoteWriteStorage({ url: receiver.url, minBackoffMs: 1, onError: (error) => told.push(error) });
  for (const snapshot of snapshots) expect((await storage.write(snapshot)).isOk()).toBe(true);
  expect((await storage.close()).isOk()).toBe(true);
  await receiver.close();
  const dropped = storage.statistics()[0]?.dropped as number;
  return { requests: receiver.requests.map(({ series }) => series), told, dropped };
}

const nameOf = ({ labels }: ReceivedSeries) => labels.find(([name]) => name === '__name__')?.[1];

describe('native histograms by remote write', () => {
  it('are one sample more, in requests of their own behind the samples of the snapshot', async () => {
    const first = nativeOf({ 3: 5, 4: 2, 9: 1 }, { negative: { [-2]: 2 }, zeroCount: 1, sum: -1.5 });
    const family = new TestFamily(nativeHistogram('x'), ['id']).setNative({ id: 'a' }, first);
    const receiver = await startReceiver();
    const storage = new RemoteWriteStorage({ url: receiver.url, externalLabels: { job: 'shop' } });
    const counter = new TestFamily(plain('c')).set({}, 1);
    expect((await storage.write(snapshotOf(T, family, counter)))._unsafeUnwrap()).toBe(5);
    await storage.close();
    await receiver.close();
    expect(receiver.requests.map(({ series }) => series.map(nameOf))).toEqual([
      ['x_bucket', 'x_sum', 'x_count', 'c'],
      ['x'],
    ]);
    expect(receiver.requests[1]?.series).toEqual([
      {
        labels: [
          ['__name__', 'x'],
          ['id', 'a'],
          ['job', 'shop'],
        ],
        value: NaN,
        bits: '',
        timestampMs: T,
        histogram: first,
      },
    ]);
  });

  it('arrive as they are, whatever they are', async () => {
    let all = 0;
    await fc.assert(
      fc.asyncProperty(nativeRun(6, usualIndex), async (run) => {
        const family = new TestFamily(nativeHistogram('x'), ['id']);
        run.forEach((histogram, id) => {
          family.setNative({ id: String(id) }, histogram);
        });
        const { requests, dropped } = await sentTo([snapshotOf(T, family)]);
        const sent = run.filter(isNativeHistogram);
        const received = requests.flat().flatMap(({ histogram }) => (histogram === undefined ? [] : [histogram]));
        expect(received).toEqual(sent);
        expect(dropped).toBe(run.length - sent.length);
        all += sent.length;
      }),
      { numRuns: 60 },
    );
    expect(all).toBeGreaterThan(100);
  });

  it('keep to the limits of a request', async () => {
    const family = new TestFamily(nativeHistogram('x'), ['id']);
    for (let id = 0; id < 25; id++) family.setNative({ id: String(id) }, nativeOf({ [id]: 1 }));
    const receiver = await startReceiver();
    const storage = new RemoteWriteStorage({ url: receiver.url, maxSamplesPerRequest: 10 });
    await storage.write(snapshotOf(T, family));
    await storage.close();
    await receiver.close();
    const sizes = receiver.requests.map(({ series }) => series.length);
    expect(sizes).toEqual([10, 10, 10, 10, 10, 10, 10, 5, 10, 10, 5]);
  });

  it('are marked as ended with their other samples', async () => {
    const family = new TestFamily(nativeHistogram('x'), ['id']);
    for (const id of ['a', 'b']) family.setNative({ id }, nativeOf({ 1: 1 }));
    const before = snapshotOf(T, family);
    const { requests } = await sentTo([before, snapshotOf(T + 1000, family.remove({ id: 'a' }))]);
    const marked = requests.at(-1)?.filter(({ bits }) => bits === STALE);
    expect(marked?.map(nameOf).sort()).toEqual(['x', 'x_bucket', 'x_count', 'x_sum']);
  });

  it('are left out once a target has said that it takes none, and everything else goes on', async () => {
    const family = new TestFamily(nativeHistogram('x'), ['id']).setNative({ id: 'a' }, nativeOf({ 1: 1 }));
    const before = snapshotOf(T, family);
    const { requests, told, dropped } = await sentTo(
      [before, snapshotOf(T + 1000, family), snapshotOf(T + 2000, family.remove({ id: 'a' }))],
      ({ series }) =>
        series.some(({ histogram }) => histogram !== undefined)
          ? { status: 500, body: 'native histograms are disabled\n' }
          : { status: 204 },
    );
    expect(requests.map((series) => series.map(nameOf))).toEqual([
      ['x_bucket', 'x_sum', 'x_count'],
      ['x'],
      ['x_bucket', 'x_sum', 'x_count'],
      ['x_bucket', 'x_sum', 'x_count'],
    ]);
    expect(told).toMatchObject([{ kind: 'push_rejected', status: 500 }]);
    expect(dropped).toBe(2);
  });

  it('are tried again ten minutes later, when the target may have been started anew', async () => {
    const family = new TestFamily(nativeHistogram('x'), ['id']).setNative({ id: 'a' }, nativeOf({ 1: 1 }));
    let refused = 0;
    const { requests } = await sentTo(
      [snapshotOf(T, family), snapshotOf(T + 599_000, family), snapshotOf(T + 600_000, family)],
      ({ series }) =>
        series.some(({ histogram }) => histogram !== undefined) && refused++ === 0
          ? { status: 500, body: 'native histograms are disabled\n' }
          : { status: 204 },
    );
    const classic = ['x_bucket', 'x_sum', 'x_count'];
    expect(requests.map((series) => series.map(nameOf))).toEqual([classic, ['x'], classic, classic, ['x']]);
  });
});

/** What PromQL answers for `{name}` at a moment, by the label `id`. */
async function answered(server: RemoteWriteServer, query: string, timeMs: number): Promise<Record<string, number>> {
  const { result } = await server.api.get<{
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value?: readonly [number, string];
    }[];
  }>('query', { query, time: String(timeMs / 1000) });
  return Object.fromEntries(result.map(({ metric, value }) => [metric['id'], Number(value?.[1])]));
}

/** A minute ago, so that everything is in the past of every server. */
const startMs = Math.floor(Date.now() / 1000) * 1000 - 60_000;

const given: Readonly<Record<string, NativeHistogram>> = {
  mixed: nativeOf({ [-3]: 4, 0: 1, 5: 20, 6: 3, 9: 2 }, { negative: { 1: 3, 2: 4 }, zeroCount: 2, sum: 21.75 }),
  fine: nativeOf({ 1: 1, 100: 2, 300: 4, 301: 1 }, { schema: 8, sum: 9 }),
  coarse: nativeOf({ 0: 10, 1: 30 }, { schema: -4, sum: 12_345.5 }),
  empty: nativeOf({}, { sum: 0 }),
  large: nativeOf({ 3: 2 ** 45, 4: 1 }, { zeroThreshold: 0.001, zeroCount: 7, sum: 1e15 }),
  float: nativeOf({ 3: 0.5, 4: 1.25 }, { sum: 1.1 }),
};

async function written(server: RemoteWriteServer, snapshots: readonly Snapshot[]) {
  const told: unknown[] = [];
  const url = `http://127.0.0.1:${server.port}${WRITE_PATH}`;
  const storage = new RemoteWriteStorage({ url, onError: (error) => told.push(error) });
  for (const snapshot of snapshots) expect((await storage.write(snapshot)).isOk()).toBe(true);
  expect((await storage.close()).isOk()).toBe(true);
  return { told, ...(storage.statistics()[0] as { dropped: number }) };
}

describeWithServer('prometheus', 'native histograms and a real Prometheus', () => {
  let server: RemoteWriteServer;
  beforeAll(async () => {
    server = await servers.prometheus(['--enable-feature=native-histograms']);
  });
  afterAll(() => server.remove());

  it('agree with what histogram_count, histogram_sum and histogram_quantile answer', async () => {
    const family = new TestFamily(nativeHistogram('agree'), ['id']);
    for (const [id, histogram] of Object.entries(given)) family.setNative({ id }, histogram);
    expect(await written(server, [snapshotOf(startMs, family)])).toEqual(
      expect.objectContaining({ told: [], dropped: 0 }),
    );
    const valuesOf = (value: (histogram: NativeHistogram) => number) =>
      Object.fromEntries(Object.entries(given).map(([id, histogram]) => [id, value(histogram)]));
    expect(await answered(server, 'histogram_count(agree)', startMs)).toEqual(valuesOf(({ count }) => count));
    expect(await answered(server, 'histogram_sum(agree)', startMs)).toEqual(valuesOf(({ sum }) => sum));
    expect(await answered(server, 'agree_count', startMs)).toEqual(valuesOf(({ count }) => count));
    for (const q of [0, 0.1, 0.5, 0.9, 1]) {
      const expected = valuesOf((histogram) => nativeQuantile(q, histogram));
      const found = await answered(server, `histogram_quantile(${q}, agree)`, startMs);
      for (const [id, value] of Object.entries(expected)) {
        // Within the bucket this version interpolates on a line, later ones and the collector on a curve.
        const growth = 2 ** (2 ** -(given[id] as NativeHistogram).schema);
        const [least, most] = [value / growth, value * growth].sort((a, b) => a - b) as [number, number];
        if (Number.isNaN(value)) expect(found[id]).toBeNaN();
        else expect({ id, q, isWithin: least <= found[id]! && found[id]! <= most }).toEqual({ id, q, isWithin: true });
      }
    }
  });

  it('go on, start anew and end as they were written', async () => {
    const family = new TestFamily(nativeHistogram('course'), ['id']);
    const at = (n: number) => startMs + n * 1000;
    const snapshots = [
      snapshotOf(
        at(1),
        family.setNative({ id: 'a' }, nativeOf({ 1: 5 }, { sum: 5 })).setNative({ id: 'b' }, nativeOf({ 2: 1 })),
      ),
      snapshotOf(at(11), family.setNative({ id: 'a' }, nativeOf({ 1: 5, 7: 3 }, { sum: 9 }))),
      snapshotOf(at(21), family.setNative({ id: 'a' }, nativeOf({ 7: 2 }, { sum: 2 }))),
      snapshotOf(at(31), family.remove({ id: 'a' })),
    ];
    expect(await written(server, snapshots)).toEqual(expect.objectContaining({ told: [], dropped: 0 }));
    expect(await answered(server, 'histogram_count(course)', at(11))).toEqual({ a: 8, b: 1 });
    expect(await answered(server, 'histogram_count(increase(course[20s]))', at(21))).toEqual({ a: 5, b: 0 });
    expect(await answered(server, 'histogram_count(course)', at(30))).toEqual({ a: 2, b: 1 });
    // A marker ends a histogram at once, as it ends a number.
    expect(await answered(server, 'histogram_count(course)', at(31))).toEqual({ b: 1 });
    expect(await answered(server, 'course_count', at(31))).toEqual({ b: 1 });
  });
});

describeWithServer('prometheus', 'native histograms and a Prometheus that takes none', () => {
  it('are told once, and their classic samples arrive with all the rest', async () => {
    const server = await servers.prometheus();
    const family = new TestFamily(nativeHistogram('none'), ['id']);
    const snapshots = [1, 2, 3].map((n) =>
      snapshotOf(startMs + n * 1000, family.setNative({ id: 'a' }, nativeOf({ 1: n }))),
    );
    const { told, dropped } = await written(server, snapshots);
    expect(told).toMatchObject([{ kind: 'push_rejected', body: expect.stringContaining('native histograms') }]);
    expect(dropped).toBe(3);
    expect(await answered(server, 'none_count', startMs + 3000)).toEqual({ a: 3 });
    await server.remove();
  });
});

describeWithServer('victoria-metrics', 'native histograms and a real VictoriaMetrics', () => {
  it('do not keep it from their classic samples', async () => {
    const server = await servers['victoria-metrics']();
    const family = new TestFamily(nativeHistogram('steps'), ['id']).setNative(
      { id: 'a' },
      nativeOf({ 1: 4 }, { sum: 3 }),
    );
    const end = new TestFamily(plain('end_total')).set({}, 1);
    const { told, dropped } = await written(server, [
      snapshotOf(startMs, family, end),
      snapshotOf(startMs + 1000, family.remove({ id: 'a' }), end),
    ]);
    expect({ told, dropped }).toEqual({ told: [], dropped: 0 });
    const stored = await pollUntil({ what: 'The samples to be shown', timeoutMs: 30_000 }, async () => {
      const found = await server.stored('steps_');
      return Object.keys(found).length === 3 ? found : undefined;
    });
    const firstOf = Object.entries(stored).map(([key, points]) => [
      Object.fromEntries(JSON.parse(key) as [string, string][])['__name__'],
      points[0]?.[1],
    ]);
    expect(Object.fromEntries(firstOf)).toEqual({ steps_bucket: 4, steps_count: 4, steps_sum: 3 });
    await server.remove();
  });
});
