// What every storage promises, as a suite of tests. It asserts with node:assert and takes `describe` and `it` from the test
// runner that is there, so that it runs under jest, vitest and node:test alike.
import assert from 'node:assert/strict';
import type { Snapshot } from '../../lib/model/family.js';
import type { MetricsStorage, Queryable } from '../../lib/model/storage.js';
import { type Expected, expectSamples, seriesOf, stored } from './checks.js';
import type { ContractSubject, Rule } from './contract-subject.js';
import { nativeRules } from './native-rules.js';
import { counterOf, gaugeOf, histogramOf, snapshotOf, summaryOf } from './snapshots.js';

/** The two functions of a test runner. Without, those on the global object are taken. */
export interface TestRunner {
  describe(title: string, suite: () => void): void;
  it(title: string, test: () => Promise<void>): void;
}

export interface StorageContractOptions {
  /** Rules that this storage cannot keep, by their titles, each with the reason: the title of the suite tells them. */
  readonly skip?: Readonly<Record<string, string>>;
  readonly runner?: TestRunner;
}

export type MakeSubject = () => Promise<ContractSubject>;

const UGLY = ['', 'a"b', 'back\\slash', 'line\nbreak', 'Ελλάδα 🏔', '{x="1"} 2', '../..', 'a/b', ' ', '__name__'];

/** Each rule runs against a subject of its own. Time stamps are in the past by seconds, and ascending. */
const rules: Readonly<Record<string, Rule>> = {
  'has a name that stays the same': async ({ storage }) => {
    assert.equal(typeof storage.name, 'string');
    assert.notEqual(storage.name, '');
    const before = storage.name;
    await stored(storage, snapshotOf(Date.now(), [counterOf('contract_total', [], [{ labels: [], row: [1] }])]));
    assert.equal(storage.name, before);
  },

  'stores every sample of every type and answers how many': async ({ storage, read }, startMs) => {
    const snapshot = snapshotOf(startMs, [
      counterOf(
        'contract_total',
        ['method'],
        [
          { labels: ['GET'], row: [3] },
          { labels: ['PUT'], row: [0.5] },
        ],
      ),
      gaugeOf('contract_depth', [], [{ labels: [], row: [-4] }]),
      histogramOf('contract_seconds', [1, 2, 3, 7.25]),
      summaryOf('contract_size', [5, 20, 4]),
    ]);
    assert.equal(await stored(storage, snapshot), 2 + 1 + 5 + 3);
    await expectSamples(read, 'contract_total', [{ method: 'GET' }, 3], [{ method: 'PUT' }, 0.5]);
    await expectSamples(read, 'contract_depth', [{}, -4]);
    await expectSamples(read, 'contract_seconds_bucket', [{ le: '0.1' }, 1], [{ le: '1' }, 3], [{ le: '+Inf' }, 6]);
    await expectSamples(read, 'contract_seconds_sum', [{}, 7.25]);
    await expectSamples(read, 'contract_seconds_count', [{}, 6]);
    await expectSamples(read, 'contract_size', [{ quantile: '0.5' }, 5]);
    await expectSamples(read, 'contract_size_sum', [{}, 20]);
    await expectSamples(read, 'contract_size_count', [{}, 4]);
  },

  'keeps label values as they are': async ({ storage, read }, startMs) => {
    const series = UGLY.map((value, i) => ({ labels: [`${i}`, value], row: [i] }));
    await stored(storage, snapshotOf(startMs, [gaugeOf('contract_ugly', ['id', 'value'], series)]));
    await expectSamples(read, 'contract_ugly', ...UGLY.map((value, i): Expected => [{ id: `${i}`, value }, i]));
  },

  'keeps numbers as they are': async ({ storage, read }, startMs) => {
    const numbers = [0, 0.1, -1e300, 5e-324, 2 ** 53, 1 / 3, Infinity, -Infinity, NaN];
    const series = numbers.map((number, i) => ({ labels: [`${i}`], row: [number] }));
    await stored(storage, snapshotOf(startMs, [gaugeOf('contract_number', ['id'], series)]));
    await expectSamples(read, 'contract_number', ...numbers.map((number, i): Expected => [{ id: `${i}` }, number]));
  },

  'shows the latest of several snapshots': async ({ storage, read }, startMs) => {
    for (let i = 1; i <= 5; i++) await stored(storage, totalAt(startMs + i * 1000, i));
    await expectSamples(read, 'contract_total', [{}, 5]);
  },

  'takes snapshots that are written at the same time, in the order in which they came': async (
    { storage, read },
    startMs,
  ) => {
    const writes = Array.from({ length: 10 }, (_, i) => storage.write(totalAt(startMs + i * 1000, i)));
    for (const answer of await Promise.all(writes)) assert.ok(answer.isOk(), 'a write failed');
    await expectSamples(read, 'contract_total', [{}, 9]);
  },

  'takes a snapshot without families': async ({ storage }, startMs) => {
    assert.equal(await stored(storage, snapshotOf(startMs, [])), 0);
  },

  'takes ten thousand series': async ({ storage, read }, startMs) => {
    const series = Array.from({ length: 10_000 }, (_, i) => ({ labels: [`${i % 100}`, `${i}`], row: [i] }));
    const snapshot = snapshotOf(startMs, [counterOf('contract_total', ['group', 'id'], series)]);
    assert.equal(await stored(storage, snapshot), 10_000);
    const samples = await read('contract_total');
    assert.equal(samples.length, 10_000);
    assert.equal(
      samples.reduce((sum, { value }) => sum + value, 0),
      (10_000 * 9_999) / 2,
    );
  },

  'leaves the snapshot unchanged': async ({ storage }, startMs) => {
    const snapshot = snapshotOf(startMs, [histogramOf('contract_seconds', [1, 2, 3, 7.25])]);
    const before = copyOf(snapshot);
    await stored(storage, snapshot);
    assert.deepEqual(copyOf(snapshot), before);
  },

  'answers an error for families that throw, and goes on': async ({ storage, read }, startMs) => {
    const broken: Snapshot = {
      timestampMs: startMs,
      families: [
        {
          descriptor: { name: 'contract_broken', type: 'counter', description: '', unit: '' },
          observedNegative: false,
          blocks: () => {
            throw new Error('These blocks cannot be read.');
          },
        },
      ],
    };
    const answer = await storage.write(broken);
    assert.ok(answer.isErr(), 'a snapshot that cannot be read was answered as stored');
    await stored(storage, totalAt(startMs + 1000, 2));
    await expectSamples(read, 'contract_total', [{}, 2]);
  },

  'closes, also twice, and refuses what comes later': async ({ storage }, startMs) => {
    await stored(storage, totalAt(startMs, 1));
    assert.ok((await storage.close()).isOk(), 'the storage did not close');
    assert.ok((await storage.close()).isOk(), 'the storage did not close a second time');
    const late = await storage.write(totalAt(startMs + 1000, 2));
    assert.equal(late.isErr() && late.error.kind, 'storage_closed');
  },

  'closes behind the writes that it was given before': async ({ storage }, startMs) => {
    const writes = [1, 2, 3].map((i) => storage.write(totalAt(startMs + i * 1000, i)));
    const closed = storage.close();
    for (const answer of await Promise.all(writes)) assert.ok(answer.isOk(), 'a write was lost by closing');
    assert.ok((await closed).isOk(), 'the storage did not close');
  },

  'answers queries with what was written, where it can be asked': async ({ storage }, startMs) => {
    assert.ok('select' in storage, 'there is no select: skip this rule and say why');
    const queryable = storage as MetricsStorage & Queryable;
    for (let i = 0; i < 4; i++) await stored(storage, totalAt(startMs + i * 1000, i * 2));
    const series = await seriesOf(queryable, 'contract_total', { startMs: startMs + 1000, endMs: startMs + 2000 });
    assert.equal(series.length, 1);
    assert.deepEqual({ ...series[0]?.labels }, { __name__: 'contract_total' });
    assert.deepEqual([...(series[0]?.timestampsMs ?? [])], [startMs + 1000, startMs + 2000]);
    assert.deepEqual([...(series[0]?.values ?? [])], [2, 4]);
  },

  'answers when series ended, where it can be asked': async ({ storage }, startMs) => {
    assert.ok('select' in storage, 'there is no select: skip this rule and say why');
    const ids = [['kept', 'leaves'], ['kept', 'leaves'], ['kept'], ['kept'], ['kept', 'leaves']];
    for (const [i, there] of ids.entries()) {
      const series = there.map((id) => ({ labels: [id], row: [i] }));
      await stored(storage, snapshotOf(startMs + i * 1000, [gaugeOf('contract_depth', ['id'], series)]));
    }
    const range = { startMs, endMs: startMs + 4000 };
    const found = await seriesOf(storage as MetricsStorage & Queryable, 'contract_depth', range);
    const endsOf = (id: string) => [...(found.find(({ labels }) => labels.id === id)?.endsMs ?? [])];
    assert.deepEqual(endsOf('kept'), []);
    assert.deepEqual(endsOf('leaves'), [startMs + 2000]);
  },

  'answers samples of the times that they have of their own, where it can be asked': async ({ storage }, startMs) => {
    assert.ok('select' in storage, 'there is no select: skip this rule and say why');
    const ownMs = [-30_000, -30_000, -28_000, -3_600_001, 601_000].map((offset) => startMs + offset);
    for (const [i, timestampMs] of ownMs.entries()) {
      const series = [
        { labels: ['own'], row: [i], timestampMs },
        { labels: ['plain'], row: [i] },
      ];
      const answer = await storage.write(snapshotOf(startMs + i * 100, [gaugeOf('contract_depth', ['id'], series)]));
      assert.equal(answer.isOk() && answer.value, i < 3 ? 2 : 1);
    }
    await stored(storage, snapshotOf(startMs + 500, []));
    const queryable = storage as MetricsStorage & Queryable;
    const range = { startMs: startMs - 7_200_000, endMs: startMs + 7_200_000 };
    const found = await seriesOf(queryable, 'contract_depth', range);
    const samplesOf = (id: string) => {
      const { timestampsMs = [], values = [], endsMs = [] } = found.find(({ labels }) => labels.id === id) ?? {};
      return { offsets: [...timestampsMs].map((at) => at - startMs), values: [...values], ends: endsMs.length };
    };
    // The one that is there again counts once; what is far from its snapshot is none; nobody knows when such a series ended.
    assert.deepEqual(samplesOf('own'), { offsets: [-30_000, -28_000], values: [0, 2], ends: 0 });
    assert.deepEqual(samplesOf('plain'), { offsets: [0, 100, 200, 300, 400], values: [0, 1, 2, 3, 4], ends: 1 });
    // Of types that have several numbers, too.
    const { series, ...histogram } = histogramOf('contract_seconds', [1, 2, 3, 7.25]);
    const own = series.map((one) => ({ ...one, timestampMs: startMs - 5000 }));
    await stored(storage, snapshotOf(startMs + 600, [{ ...histogram, series: own }]));
    for (const [name, value] of [['contract_seconds_sum', 7.25] as const, ['contract_seconds_count', 6] as const]) {
      const [found] = await seriesOf(queryable, name, range);
      assert.deepEqual([[...(found?.timestampsMs ?? [])], [...(found?.values ?? [])]], [[startMs - 5000], [value]]);
    }
    const early = { startMs: startMs - 29_000, endMs: startMs - 27_000 };
    const values = (await seriesOf(queryable, 'contract_depth', early)).map((series) => [...series.values]);
    assert.deepEqual(values, [[2]]);
  },

  ...nativeRules,

  'tells figures of its own work that are no nonsense': async ({ storage }, startMs) => {
    await stored(storage, totalAt(startMs, 1));
    for (const { storage: name, ...figures } of storage.statistics?.() ?? []) {
      assert.notEqual(name, '');
      for (const [figure, value] of Object.entries(figures)) {
        if (typeof value === 'number') assert.ok(value >= 0 && Number.isFinite(value), `${figure} is ${value}`);
      }
    }
  },
};

/**
 * Runs the rules that every storage keeps against one of yours. Each rule gets a subject of its own from `make`, whose storage
 * is closed afterwards.
 *
 * @example
 * describeStorageContract('MyStorage', async () => {
 *   const storage = new MyStorage();
 *   return { storage, read: async (name) => storage.latest(name), dispose: async () => {} };
 * });
 */
export function describeStorageContract(name: string, make: MakeSubject, options: StorageContractOptions = {}): void {
  const { skip = {}, runner = globalThis as unknown as TestRunner } = options;
  const skipped = Object.entries(skip).map(([title, reason]) => {
    if (!(title in rules)) throw new Error(`The storage contract has no rule "${title}" to skip.`);
    if (reason.trim() === '') throw new Error(`Say why the rule "${title}" of the storage contract is skipped.`);
    return ` (but not that it ${title}, because ${reason})`;
  });
  runner.describe(`${name} keeps the storage contract${skipped.join('')}: it`, () => {
    for (const [title, rule] of Object.entries(rules)) {
      if (!Object.hasOwn(skip, title)) runner.it(title, () => check(rule, make));
    }
  });
}

async function check(rule: Rule, make: MakeSubject): Promise<void> {
  const subject = await make();
  try {
    await rule(subject, Math.floor(Date.now() / 1000) * 1000 - 60_000);
  } finally {
    await subject.storage.close();
    await subject.dispose();
  }
}

const totalAt = (timestampMs: number, total: number): Snapshot =>
  snapshotOf(timestampMs, [counterOf('contract_total', [], [{ labels: [], row: [total] }])]);

function copyOf({ timestampMs, families }: Snapshot): unknown {
  const blocks = families.map((family) => ({ ...family.descriptor, blocks: [...family.blocks()] }));
  return structuredClone({ timestampMs, blocks });
}
