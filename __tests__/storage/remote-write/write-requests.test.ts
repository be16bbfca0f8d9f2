// The bytes of requests: what each type of family becomes, how labels stand, which samples share a request, and which series
// are marked as ended.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseExposition } from '../../../lib/exposition/reading/parse-exposition.js';
import type { Snapshot } from '../../../lib/model/family.js';
import { samplesOf } from '../../../lib/model/samples.js';
import { PageMemory } from '../../../lib/watch/scraping/page-memory.js';
import type { RemoteWriteOptions } from '../../../storage/remote-write/remote-write-options.js';
import { RemoteWriteStorage } from '../../../storage/remote-write/remote-write-storage.js';
import { root } from '../../setup/run-command.js';
import { CREATED_MS, familyOf } from '../../support/families.js';
import { histogram, plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { lineOf, type ReceivedRequest, startReceiver } from './receiver.js';

const STALE = '7ff0000000000002';
const T = 1_700_000_000_000;

/** All requests that these snapshots are sent in. */
async function requestsOf(
  snapshots: readonly Snapshot[],
  options: Partial<RemoteWriteOptions> = {},
): Promise<readonly ReceivedRequest[]> {
  const receiver = await startReceiver();
  const storage = new RemoteWriteStorage({ url: receiver.url, ...options });
  for (const snapshot of snapshots) expect((await storage.write(snapshot)).isOk()).toBe(true);
  expect((await storage.close()).isOk()).toBe(true);
  await receiver.close();
  return receiver.requests;
}

const linesOf = (requests: readonly ReceivedRequest[]) => requests.flatMap(({ series }) => series.map(lineOf));

async function linesSent(snapshots: readonly Snapshot[], options: Partial<RemoteWriteOptions> = {}): Promise<string[]> {
  return linesOf(await requestsOf(snapshots, options));
}

describe('the requests of a RemoteWriteStorage', () => {
  it('have the headers of the protocol, and the version of the package', async () => {
    const [request] = await requestsOf([snapshotOf(T, new TestFamily(plain('x')).set({}, 1))]);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(request?.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
      'user-agent': `telltale/${version}`,
      'content-length': String((request?.body.length ?? 0) / 2),
    });
  });

  it('have the times that samples have of their own, each sample once and without a marker at its end', async () => {
    const memory = new PageMemory({ instance: 'i', job: 'j' });
    const pages = [
      `a{x="1"} 1 ${T - 5000}\nb 1\n`,
      `a{x="1"} 1 ${T - 5000}\nb 2\n`,
      `a{x="1"} 3 ${T + 28_000}\nb 3\n`,
      `a{x="1"} 4 ${T - 4_000_000}\nb 4\n`,
      'b 5\n',
    ];
    const snapshots: Snapshot[] = [];
    for (const [i, page] of pages.entries()) {
      const read = (await parseExposition(page, { format: 'prometheus' }))._unsafeUnwrap();
      snapshots.push({ timestampMs: T + i * 15_000, families: memory.label(read.families).families });
    }
    const a = (value: number, ms: number) => `{__name__="a",instance="i",job="j",x="1"} ${value} @${T + ms}`;
    const b = (value: number, ms: number) => `{__name__="b",instance="i",job="j"} ${value} @${T + ms}`;
    // The second one was there before, the fourth is far from its snapshot.
    const sent = [a(1, -5000), b(1, 0), b(2, 15_000), a(3, 28_000), b(3, 30_000), b(4, 45_000), b(5, 60_000)];
    expect(await linesSent(snapshots)).toEqual(sent);
  });

  it('hold every sample of every type', async () => {
    const summary = { ...plain('size'), type: 'summary', quantiles: [0.5, 0.9] } as const;
    const lines = await linesSent([
      snapshotOf(
        T,
        new TestFamily(plain('orders_total'), ['shop']).set({ shop: 'a' }, 3).set({ shop: 'b' }, 0.5),
        new TestFamily(plain('depth', 'gauge')).set({}, -2),
        new TestFamily(histogram('seconds', [0.1, 1])).set({}, 1, 2, 3, 7.25),
        new TestFamily(summary).set({}, 5, 9, 20, 4),
        new TestFamily({ ...plain('mode'), type: 'stateset', states: ['on', 'off'] }).set({}, 0, 1),
        new TestFamily(plain('build_info', 'info'), ['version']).set({ version: '1' }, 1),
      ),
    ]);
    expect(lines).toEqual([
      `{__name__="orders_total",shop="a"} 3 @${T}`,
      `{__name__="orders_total",shop="b"} 0.5 @${T}`,
      `{__name__="depth"} -2 @${T}`,
      `{__name__="seconds_bucket",le="0.1"} 1 @${T}`,
      `{__name__="seconds_bucket",le="1"} 3 @${T}`,
      `{__name__="seconds_bucket",le="+Inf"} 6 @${T}`,
      `{__name__="seconds_sum"} 7.25 @${T}`,
      `{__name__="seconds_count"} 6 @${T}`,
      `{__name__="size",quantile="0.5"} 5 @${T}`,
      `{__name__="size",quantile="0.9"} 9 @${T}`,
      `{__name__="size_sum"} 20 @${T}`,
      `{__name__="size_count"} 4 @${T}`,
      `{__name__="mode",mode="on"} 0 @${T}`,
      `{__name__="mode",mode="off"} 1 @${T}`,
      `{__name__="build_info",version="1"} 1 @${T}`,
    ]);
  });

  it('sort labels by their bytes, add external ones where a series has none of that name, and leave out empty ones', async () => {
    const family = new TestFamily(histogram('x', [1]), ['zone', 'Upper', 'cluster', 'a'], {
      constantLabels: [
        ['service', 'shop'],
        ['none', ''],
        ['a', 'default'],
      ],
    });
    family.set({ zone: 'z', Upper: 'U', cluster: 'own', a: '1' }, 1, 0, 1).set({ zone: 'y' }, 2, 0, 2);
    const externalLabels = { cluster: 'eu', region: 1, empty: '', none: 'external', service: 'other' };
    const lines = await linesSent([snapshotOf(T, family)], { externalLabels });
    expect(lines.filter((line) => line.includes('+Inf'))).toEqual([
      `{Upper="U",__name__="x_bucket",a="1",cluster="own",le="+Inf",none="external",region="1",service="shop",zone="z"} 1 @${T}`,
      `{__name__="x_bucket",cluster="eu",le="+Inf",none="external",region="1",service="shop",zone="y"} 2 @${T}`,
    ]);
  });

  it('keep every number, whose NaN is never the one that ends a series', async () => {
    const numbers = [
      0,
      -0,
      5e-324,
      -1e308,
      Infinity,
      -Infinity,
      NaN,
      new Float64Array(new BigUint64Array([0x7ff0000000000002n]).buffer)[0]!,
    ];
    const family = new TestFamily(plain('x', 'gauge'), ['id']);
    numbers.forEach((number, i) => {
      family.set({ id: `${i}` }, number);
    });
    const [request] = await requestsOf([snapshotOf(T, family)]);
    const bits = request?.series.map((series) => series.bits) ?? [];
    expect(bits.slice(0, 6)).toEqual(
      numbers.slice(0, 6).map((number) => new BigUint64Array(new Float64Array([number]).buffer)[0]?.toString(16)),
    );
    expect(bits.slice(6)).toEqual(['7ff8000000000001', '7ff8000000000001']);
  });

  it.each([0, 1, 127, 128, -1, -T, 8.64e15, T + 0.4])('keep the time stamp %d, rounded', async (timestampMs) => {
    const [request] = await requestsOf([snapshotOf(timestampMs, new TestFamily(plain('x')).set({}, 1))]);
    expect(request?.series[0]?.timestampMs).toBe(Math.round(timestampMs));
  });

  it.each([1, 126, 127, 128, 16_255, 16_256, 16_383, 16_384, 70_000, 2_000_000])(
    'keep a label of %d characters, with others around it',
    async (length) => {
      const value = 'x'.repeat(length);
      const family = new TestFamily(plain('x'), ['a', 'b', 'c'], { constantLabels: [['bb', value]] });
      family.set({ a: '1', b: value, c: '2' }, 1).set({ a: '3', b: 'short', c: '4' }, 2);
      const [first, second] = (await requestsOf([snapshotOf(T, family)])).flatMap(({ series }) => series);
      expect(first?.labels.map(([, text]) => text)).toEqual(['x', '1', value, value, '2']);
      expect(second?.labels.map(([, text]) => text)).toEqual(['x', '3', 'short', value, '4']);
    },
  );

  it('hold the samples that the model knows, whatever the labels and numbers', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    const anySeries = fc.array(fc.tuple(text, text, fc.double()), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(anySeries, async (series) => {
        const family = new TestFamily(plain('x', 'gauge'), ['b', 'a'], { blockRows: 4 });
        for (const [a, b, value] of series) family.set({ a, b }, value);
        const snapshot = snapshotOf(T, family);
        const expected = [...samplesOf(snapshot)].map(({ labels, value }) => {
          const shown = ['a', 'b']
            .filter((name) => labels[name] !== '')
            .map((name) => [name, labels[name] as string] as const);
          const bits = Number.isNaN(value) ? '7ff8000000000001' : '';
          return lineOf({ labels: [['__name__', 'x'], ...shown], value, bits, timestampMs: T });
        });
        expect(await linesSent([snapshot], { maxSamplesPerRequest: 7 })).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('hold no more samples than they may, be it in the middle of a histogram', async () => {
    const family = new TestFamily(histogram('x', [1, 2]), ['id'])
      .set({ id: 'a' }, 1, 1, 1, 5)
      .set({ id: 'b' }, 2, 2, 2, 9);
    const snapshot = snapshotOf(T, family);
    const whole = await linesSent([snapshot]);
    for (const maxSamplesPerRequest of [1, 2, 3, 7]) {
      const requests = await requestsOf([snapshot], { maxSamplesPerRequest });
      expect(linesOf(requests)).toEqual(whole);
      expect(Math.max(...requests.map(({ series }) => series.length))).toBe(maxSamplesPerRequest);
    }
  });

  it('hold no more bytes than they may, but for a series that is longer by itself', async () => {
    const family = new TestFamily(plain('x'), ['id']);
    for (let id = 0; id < 100; id++) family.set({ id: id === 50 ? 'long'.repeat(1000) : `${id}` }, id);
    const requests = await requestsOf([snapshotOf(T, family)], { maxBytesPerRequest: 1024 });
    expect(linesOf(requests)).toHaveLength(100);
    const long = requests.filter(({ bytes }) => bytes > 1024);
    expect(long.map(({ series }) => series.length)).toEqual([1]);
    expect(requests.length).toBeLessThan(10);
  });

  it('leave out gaps, and are none for a snapshot without series', async () => {
    const empty = familyOf({ type: 'gauge', name: 'x' }, { series: [] });
    const gaps = familyOf(
      { type: 'gauge', name: 'x' },
      {
        series: [
          { labels: { a: '1' }, row: 1, removed: true },
          { labels: { a: '2' }, row: 2 },
        ],
      },
    );
    const at = (timestampMs: number, ...families: Snapshot['families']) => ({ timestampMs, families });
    expect(await linesSent([at(T), at(T + 1, empty), at(CREATED_MS, gaps)])).toEqual([
      `{__name__="x",a="2"} 2 @${CREATED_MS}`,
    ]);
  });
});

describe('the stale markers of a RemoteWriteStorage', () => {
  const markers = (lines: readonly string[]) => lines.filter((line) => line.includes(STALE));

  it('end every sample of a series that is gone, once, at the time of the snapshot that lacks it', async () => {
    const family = new TestFamily(histogram('x', [1]), ['id']).set({ id: 'a' }, 1, 1, 1).set({ id: 'b' }, 1, 1, 1);
    const snapshots = [snapshotOf(T, family)];
    family.remove({ id: 'a' });
    snapshots.push(snapshotOf(T + 1, family), snapshotOf(T + 2, family));
    expect(markers(await linesSent(snapshots, { externalLabels: { zone: 'z' } }))).toEqual([
      `{__name__="x_bucket",id="a",le="1",zone="z"} ${STALE} @${T + 1}`,
      `{__name__="x_bucket",id="a",le="+Inf",zone="z"} ${STALE} @${T + 1}`,
      `{__name__="x_sum",id="a",zone="z"} ${STALE} @${T + 1}`,
      `{__name__="x_count",id="a",zone="z"} ${STALE} @${T + 1}`,
    ]);
  });

  it('end the series of a family that is gone', async () => {
    const [staying, going] = [new TestFamily(plain('a')).set({}, 1), new TestFamily(plain('b')).set({}, 1)];
    const lines = await linesSent([snapshotOf(T, staying, going), snapshotOf(T + 1, staying)]);
    expect(markers(lines)).toEqual([`{__name__="b"} ${STALE} @${T + 1}`]);
  });

  it('are none for series that are in another place, or in a family that was built anew', async () => {
    const family = new TestFamily(plain('x'), ['id'], { blockRows: 2 });
    for (const id of ['a', 'b', 'c']) family.set({ id }, 1);
    const before = snapshotOf(T, family);
    family.remove({ id: 'a' }).remove({ id: 'b' }).set({ id: 'b' }, 1).set({ id: 'd' }, 1);
    const after = snapshotOf(T + 1, family);
    const anew = new TestFamily(plain('x'), ['id']);
    for (const id of ['d', 'c', 'b']) anew.set({ id }, 1);
    expect(markers(await linesSent([before, after, snapshotOf(T + 2, anew)]))).toEqual([
      `{__name__="x",id="a"} ${STALE} @${T + 1}`,
    ]);
  });

  it('are told from series that came back', async () => {
    const family = new TestFamily(plain('x'), ['id']).set({ id: 'a' }, 1).set({ id: 'b' }, 2);
    const snapshots = [snapshotOf(T, family), snapshotOf(T + 1, family.remove({ id: 'a' }))];
    snapshots.push(snapshotOf(T + 2, family.set({ id: 'a' }, 3)));
    expect((await linesSent(snapshots)).filter((line) => line.includes('"a"'))).toEqual([
      `{__name__="x",id="a"} 1 @${T}`,
      `{__name__="x",id="a"} ${STALE} @${T + 1}`,
      `{__name__="x",id="a"} 3 @${T + 2}`,
    ]);
  });

  it('agree with a plain comparison of label sets, whatever comes and goes', async () => {
    const anyChange = fc.record({ id: fc.integer({ min: 0, max: 12 }), remove: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyChange, { maxLength: 8 }), { minLength: 1, maxLength: 6 }),
        async (steps) => {
          const family = new TestFamily(plain('x'), ['id'], { blockRows: 3 });
          const snapshots = steps.map((changes, step) => {
            for (const { id, remove } of changes) {
              if (remove) family.remove({ id: `${id}` });
              else family.set({ id: `${id}` }, step);
            }
            return snapshotOf(T + step, family);
          });
          const idsOf = (snapshot: Snapshot) => [...samplesOf(snapshot)].map(({ labels }) => labels['id'] as string);
          const expected = snapshots.flatMap((snapshot, step) => {
            const now = new Set(idsOf(snapshot));
            const before = step === 0 ? [] : idsOf(snapshots[step - 1] as Snapshot);
            return before.filter((id) => !now.has(id)).map((id) => `{__name__="x",id="${id}"} ${STALE} @${T + step}`);
          });
          expect(markers(await linesSent(snapshots)).sort()).toEqual(expected.sort());
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are split into requests like samples', async () => {
    const family = new TestFamily(plain('x'), ['id']);
    for (let id = 0; id < 10; id++) family.set({ id: `${id}` }, 1);
    const staying = new TestFamily(plain('y')).set({}, 1);
    const requests = await requestsOf([snapshotOf(T, family, staying), snapshotOf(T + 1, staying)], {
      maxSamplesPerRequest: 4,
    });
    expect(requests.map(({ series }) => series.length)).toEqual([4, 4, 3, 1, 4, 4, 2]);
  });

  it('are not sent by closing', async () => {
    expect(await linesSent([snapshotOf(T, new TestFamily(plain('x')).set({}, 1))])).toHaveLength(1);
  });
});
