// What becomes of the numbers of several workers, step by step, and of what no worker should send.
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';

import { describe as describeError, MetricsCollector } from 'telltale';
import { joinCluster } from 'telltale/cluster';
import { ManualClock } from 'telltale/testing';
import type { Order, Report } from '../../lib/cluster/protocol.js';
import { WorkerEnd } from '../../lib/cluster/worker-end.js';
import { type Member, Members } from './members.js';

jest.setTimeout(120_000);

interface Accumulating {
  record(times: number): void;
  clear(): void;
}

const observing = (instrument: { observe(value: number): void; clear(): void }): Accumulating => ({
  record: (times) => {
    for (let i = 0; i < times; i++) instrument.observe(2);
  },
  clear: () => instrument.clear(),
});

/** What adds up, started anew by what is recorded after 10 s without, and the name under which it shows how often. */
const ACCUMULATING: readonly (readonly [string, (metrics: MetricsCollector) => Accumulating, string])[] = [
  [
    'counters',
    (metrics) => {
      const counter = metrics.counter('x_total', { expireAfter: 10 });
      return { record: (times) => counter.increment(times), clear: () => counter.clear() };
    },
    'x_total',
  ],
  ['histograms', (metrics) => observing(metrics.histogram('x', { buckets: [1], expireAfter: 10 })), 'x_count'],
  ['native histograms', (metrics) => observing(metrics.histogram('x', { native: true, expireAfter: 10 })), 'x_count'],
  ['summaries', (metrics) => observing(metrics.summary('x', { expireAfter: 10 })), 'x_count'],
];

describe.each([
  ['sent', true],
  ['read in place', false],
])('Gatherer, numbers %s', (_, copies) => {
  it('shows the sum of what was ever recorded, whoever dies and whenever it looks', async () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ worker: fc.nat(2), label: fc.nat(3), amount: fc.integer({ min: 1, max: 9 }) }),
      },
      { weight: 1, arbitrary: fc.record({ dies: fc.nat(2) }) },
      { weight: 2, arbitrary: fc.constant('look' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const members = new Members();
        const workers = [0, 1, 2].map(() => members.join(copies));
        const totals = new Map<number, number>();
        let shownBefore = 0;
        for (const one of steps) {
          if (one === 'look') {
            const shown = await members.shown('x_total{');
            const sum = shown.reduce((total, line) => total + Number(line.split(' ')[1]), 0);
            expect(sum).toBeGreaterThanOrEqual(shownBefore);
            shownBefore = sum;
          } else if ('dies' in one) {
            workers[one.dies]?.report();
            workers[one.dies]?.die();
            workers[one.dies] = members.join(copies);
          } else {
            const { metrics } = workers[one.worker] as Member;
            metrics.counter('x_total').increment(one.amount, { label: one.label });
            totals.set(one.label, (totals.get(one.label) ?? 0) + one.amount);
          }
        }
        const expected = [...totals].map(([label, total]) => `x_total{label="${label}"} ${total}`).sort();
        expect((await members.shown('x_total{')).sort()).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('counts a series to its end when a worker removes it, and forgets it when the last one does', async () => {
    const members = new Members();
    const workers = [members.join(copies), members.join(copies)];
    const counters = workers.map(({ metrics }) => metrics.counter('x_total', { labelNames: ['of'] }));
    for (const counter of counters) counter.increment(2, { of: 'a' });
    expect(await members.shown('x_total')).toEqual(['x_total{of="a"} 4']);
    counters[0]?.increment(5, { of: 'a' });
    counters[0]?.remove({ of: 'a' });
    // Nobody has read the last of it by now, so that its place must not be used again yet.
    counters[0]?.increment(1, { of: 'b' });
    expect(await members.shown('x_total')).toEqual(['x_total{of="a"} 9', 'x_total{of="b"} 1']);
    counters[1]?.remove({ of: 'a' });
    expect(await members.shown('x_total')).toEqual(['x_total{of="b"} 1']);
  });

  it.each(ACCUMULATING)('loses nothing of %s that start anew, whenever it looks', async (_kind, recorderOf, name) => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 1, max: 9 }) },
      { weight: 2, arbitrary: fc.constantFrom('age' as const, 'look' as const) },
      { weight: 1, arbitrary: fc.constantFrom('clear' as const, 'report' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const members = new Members();
        // Has the series all the time, so that it is never forgotten.
        recorderOf(members.join(copies).metrics).record(1);
        const clock = new ManualClock();
        const worker = members.join(copies, new MetricsCollector({ clock }));
        const { record, clear } = recorderOf(worker.metrics);
        let total = 1;
        const expectTotal = async () => expect(await members.shown(name)).toEqual([`${name} ${total}`]);
        for (const one of steps) {
          if (one === 'age') clock.advance(11);
          else if (one === 'look') await expectTotal();
          else if (one === 'report') worker.report();
          else if (one === 'clear') {
            // What comes and goes within one turn was never heard of.
            await setImmediate();
            clear();
          } else {
            record(one);
            total += one;
          }
        }
        await expectTotal();
      }),
      { numRuns: 25 },
    );
  });

  it('uses the places of series that came and went again, in the worker and where they are put together', async () => {
    const members = new Members();
    const { metrics } = members.join(copies);
    const counter = metrics.counter('x_total', { labelNames: ['of'] });
    for (let round = 0; round < 30; round++) {
      for (let i = 0; i < 100; i++) counter.increment(1, { of: `${round}-${i}` });
      expect(await members.shown('x_total')).toHaveLength(100);
      counter.clear();
      expect(await members.shown('x_total')).toEqual([]);
    }
    const { families } = metrics.inPlace;
    const own = families().find(({ descriptor }) => descriptor.name === 'x_total');
    expect(own?.groups().map(({ blocks }) => blocks.length)).toEqual([1]);
    counter.increment(1, { of: 'last' });
    await members.shown('x_total');
    const merged = (await members.metrics.snapshot()).families.find(({ descriptor }) => descriptor.name === 'x_total');
    expect([...(merged?.blocks() ?? [])].map(({ size }) => size)).toEqual([100]);
  });

  it('adds up histograms, classic and native', async () => {
    const members = new Members();
    const workers = [members.join(copies), members.join(copies)];
    workers.forEach(({ metrics }, i) => {
      metrics.histogram('classic', { buckets: [1, 2] }).observe(i + 0.5);
      const native = metrics.histogram('native', { native: true, buckets: [1] });
      native.observe(i + 0.5);
      native.observe(-4);
    });
    const classic = [
      'classic_bucket{le="+Inf"} 2',
      'classic_bucket{le="1"} 1',
      'classic_bucket{le="2"} 2',
      'classic_count 2',
      'classic_sum 2',
    ];
    const native = ['native_bucket{le="+Inf"} 4', 'native_bucket{le="1"} 3', 'native_count 4', 'native_sum -6'];
    expect([await members.shown('classic'), await members.shown('native')]).toEqual([classic, native]);
    workers[0]?.die();
    expect([await members.shown('classic'), await members.shown('native')]).toEqual([classic, native]);
    const { families } = await members.metrics.snapshot();
    const [block] = families.find(({ descriptor }) => descriptor.name === 'native')?.blocks() ?? [];
    expect([...(block?.native?.negative.counts ?? [])]).toEqual([2]);
    expect([...(block?.native?.positive.counts ?? [])]).toEqual([1, 1]);
  });

  it('shows the most recent exemplar of every bucket, whoever took it and whenever it is heard of', async () => {
    const members = new Members();
    const clocks = [new ManualClock(1_000_000), new ManualClock(2_000_000)];
    const workers = clocks.map((clock) => members.join(copies, new MetricsCollector({ clock })));
    workers.forEach(({ metrics }, i) => {
      const options = (id: string) => ({ exemplar: { id: `${id}${i}` } });
      metrics.counter('x_total').increment(1, {}, options('counted'));
      metrics.histogram('y', { buckets: [1] }).observe(i + 0.5, {}, options('classic'));
      metrics.histogram('z', { native: true }).observe(i + 1, {}, options('native'));
    });
    const { metrics } = members;
    const shown = async () => {
      await setImmediate();
      for (const { report } of workers.toReversed()) report();
      const lines = (await metrics.expose('openmetrics')).split('\n').filter((line) => line.includes(' # {'));
      return lines.map((line) => line.replace(/^(\w+).* # /, '$1 '));
    };
    const classic = ['y_bucket {id="classic0"} 0.5 1000', 'y_bucket {id="classic1"} 1.5 2000'];
    expect(await shown()).toEqual(['x_total {id="counted1"} 1 2000', ...classic, 'z_bucket {id="native1"} 2 2000']);
    const natives = (await metrics.snapshot()).families.find(({ descriptor }) => descriptor.name === 'z');
    expect([...(natives?.blocks() ?? [])][0]?.exemplars?.get(0)?.map(({ value }) => value)).toEqual([1, 2]);
    clocks[0]?.advance(5_000);
    workers[0]?.metrics.counter('x_total').increment(2, {}, { exemplar: { id: 'later' } });
    expect((await shown())[0]).toBe('x_total {id="later"} 2 6000');
    workers[0]?.die();
    expect((await shown())[0]).toBe('x_total {id="later"} 2 6000');
  });

  it('shows facts and states of all workers that are there, and default labels as their own', async () => {
    const members = new Members();
    const worker = members.join(copies, new MetricsCollector({ defaultLabels: { region: 'north' } }));
    const other = members.join(copies, new MetricsCollector({ defaultLabels: { region: 'south' } }));
    for (const { metrics } of [worker, other]) metrics.info('build', { version: '1' });
    worker.metrics.stateSet('mood', { states: ['good', 'bad'] }).set('bad');
    expect(await members.shown('build')).toEqual([
      'build_info{version="1",region="north"} 1',
      'build_info{version="1",region="south"} 1',
    ]);
    expect(await members.shown('mood')).toEqual([
      'mood{region="north",mood="bad"} 1',
      'mood{region="north",mood="good"} 0',
    ]);
    worker.die();
    expect(await members.shown('build')).toEqual(['build_info{version="1",region="south"} 1']);
    expect(await members.shown('mood')).toEqual([]);
  });

  it('names workers by the label worker, and shows their own of that name under another', async () => {
    const members = new Members();
    const workers = [members.join(copies), members.join(copies)];
    workers.forEach(({ metrics }, i) => {
      metrics.gauge('x', { aggregation: 'all', labelNames: ['worker'] }).set(i, { worker: 'mine' });
      metrics.gauge('y', { aggregation: 'all' }).set(i, { exported_worker: 'a', worker: 'b' });
    });
    const other = members.join(copies, new MetricsCollector({ defaultLabels: { worker: 'set' } }));
    other.metrics.gauge('z', { aggregation: 'liveAll' }).set(2);
    other.metrics.gauge('sum').set(3);
    expect(await members.shown('x')).toEqual([
      'x{exported_worker="mine",worker="w1"} 0',
      'x{exported_worker="mine",worker="w2"} 1',
    ]);
    expect(await members.shown('y')).toEqual([
      'y{exported_worker="a",exported_exported_worker="b",worker="w1"} 0',
      'y{exported_worker="a",exported_exported_worker="b",worker="w2"} 1',
    ]);
    expect(await members.shown('z')).toEqual(['z{exported_worker="set",worker="w3"} 2']);
    expect(await members.shown('sum')).toEqual(['sum{worker="set"} 3']);
  });

  it('tells when two workers mean something else by one name, and goes on with the first', async () => {
    const members = new Members();
    const [first, second] = [members.join(copies), members.join(copies)];
    first.metrics.histogram('x', { buckets: [1] }).observe(0.5);
    await members.shown('x');
    second.metrics.histogram('x', { buckets: [2] }).observe(0.5);
    second.metrics.counter('y_total').increment();
    expect(await members.shown('x_count')).toEqual(['x_count 1']);
    expect(await members.shown('y_total')).toEqual(['y_total 1']);
    expect(members.errors.map(describeError)).toEqual([
      'The metric x is defined already as a histogram with the buckets 1 with any labels, and cannot be defined again as a histogram with the buckets 2 with any labels by another worker. Define it in the same way in all workers. Until then, readings go without what that worker says of it.',
    ]);
  });

  it('counts what is over the limit together', async () => {
    const members = new Members({ maxSeriesPerMetric: 2 });
    const workers = [members.join(copies), members.join(copies)];
    workers.forEach(({ metrics }, w) => {
      for (let i = 0; i < 3; i++) metrics.counter('x_total').increment(1, { i: `${w}-${i}` });
    });
    const lines = await members.shown('x_total{');
    expect(lines).toContain('x_total{otel_metric_overflow="true"} 4');
    expect(lines).toHaveLength(3);
    expect(members.errors).toEqual([{ kind: 'cardinality_exceeded', metric: 'x_total', limit: 2 }]);
  });
});

describe('Gatherer, given garbage', () => {
  const report = {
    kind: 'report',
    sequence: 1,
    clockOffset: 0,
    isAsked: false,
    numbers: [],
    families: [],
    groups: [],
    blocks: [],
    firstNumbers: [],
    windows: [],
    natives: [],
    exemplars: [],
    observedNegative: [],
    answers: undefined,
    leftOut: [],
  };
  const descriptor = { name: 'x_total', description: '', unit: '', type: 'counter' };
  const none = new Int32Array(0);

  /** A report of one series. */
  const reportOf = (own: object, labels: Readonly<Record<string, string>> = {}, width = 1) => ({
    ...report,
    families: [{ id: 0, descriptor: { ...descriptor, name: 'y', ...own }, labelNames: undefined }],
    groups: [{ id: 0, family: 0, names: Object.keys(labels), constants: [], width, capacity: 4 }],
    blocks: [
      {
        group: 0,
        block: 0,
        values: width === 0 ? undefined : new Float64Array(width),
        recordedAt: undefined,
        removed: none,
        placed: Int32Array.of(0),
        labels: Object.values(labels),
        createdMs: new Float64Array(1),
      },
    ],
  });
  const nativeOf = (schema: number, index: number, count: number) => ({
    group: 0,
    slots: Int32Array.of(0),
    width: 2,
    values: Float64Array.of(count, 1),
    native: {
      schemas: Int8Array.of(schema),
      zeroThresholds: new Float64Array(1),
      zeroCounts: new Float64Array(1),
      positive: { starts: Int32Array.of(0, 1), indexes: Int32Array.of(index), counts: Float64Array.of(count) },
      negative: { starts: Int32Array.of(0, 0), indexes: none, counts: new Float64Array(0) },
    },
  });
  const exemplarOf = (column: number, labels: Readonly<Record<string, string>>) => ({
    group: 0,
    block: 0,
    rows: Int32Array.of(0),
    exemplars: [{ column, labels, value: 1, timestampMs: 1 }],
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'x'.repeat(1000)],
    ['an empty object', {}],
    ['a list of a million', { ...report, observedNegative: new Array(1_000_000).fill(0) }],
    ['a name that is none', { ...report, families: [{ id: 0, descriptor: { ...descriptor, name: '' } }] }],
    ['a type that is none', { ...report, families: [{ id: 0, descriptor: { ...descriptor, type: 'constructor' } }] }],
    [
      'bounds that fall',
      { ...report, families: [{ id: 0, descriptor: { ...descriptor, type: 'histogram', upperBounds: [2, 1] } }] },
    ],
    ['a family out of turn', { ...report, families: [{ id: 7, descriptor, labelNames: undefined }] }],
    [
      'numbers of nobody',
      {
        ...report,
        numbers: [{ group: 3, block: 0, at: undefined, values: new Float64Array(1), recordedAt: undefined }],
      },
    ],
    [
      'rows beyond the block',
      {
        ...report,
        families: [{ id: 0, descriptor, labelNames: undefined }],
        groups: [{ id: 0, family: 0, names: [], constants: [], width: 1, capacity: 4 }],
        blocks: [
          {
            group: 0,
            block: 0,
            values: new Float64Array(1),
            recordedAt: undefined,
            removed: none,
            placed: Int32Array.of(1_000_000),
            labels: [],
            createdMs: new Float64Array(1),
          },
        ],
      },
    ],
    [
      'a negative place',
      {
        ...report,
        blocks: [
          {
            group: 0,
            block: 0,
            values: undefined,
            recordedAt: undefined,
            removed: Int32Array.of(-1),
            placed: none,
            labels: [],
            createdMs: new Float64Array(0),
          },
        ],
      },
    ],
    ['a label that is the name of metrics', reportOf({}, { __name__: 'z' })],
    ['a label of half a character', reportOf({}, { '\ud800': 'z' })],
    [
      'a label twice',
      {
        ...reportOf({}, { a: '1' }),
        groups: [{ id: 0, family: 0, names: ['a'], constants: [['a', '2']], width: 1, capacity: 4 }],
      },
    ],
    ['a label that its type writes', reportOf({ type: 'histogram', upperBounds: [1] }, { le: '1' }, 3)],
    ['a bound beyond all numbers', reportOf({ type: 'histogram', upperBounds: [Number.POSITIVE_INFINITY] }, {}, 3)],
    ['a quantile beyond 1', reportOf({ type: 'summary', quantiles: [7] }, {}, 0)],
    ['an aggregation that is none', reportOf({ type: 'gauge', aggregation: 'live' })],
    [
      'a native bucket beyond all numbers',
      { ...reportOf({ type: 'histogram', upperBounds: [], native: true }, {}, 0), natives: [nativeOf(8, 300_000, 1)] },
    ],
    [
      'a native bucket with less than nothing',
      { ...reportOf({ type: 'histogram', upperBounds: [], native: true }, {}, 0), natives: [nativeOf(3, 1, -1)] },
    ],
    ['an exemplar of no bucket', { ...reportOf({}), exemplars: [exemplarOf(4_000_000, { id: '1' })] }],
    ['an exemplar that is too long', { ...reportOf({}), exemplars: [exemplarOf(0, { id: 'x'.repeat(127) })] }],
  ])('tells of %s, and reads the others', async (_, garbage) => {
    const members = new Members();
    const good = members.join(false);
    good.metrics.counter('x_total').increment(3);
    const link = { worker: 'bad', copies: false, send: () => {} };
    members.gatherer.joined(link);
    members.gatherer.received(link, garbage);
    expect(await members.shown('x_total')).toEqual(['x_total 3']);
    expect(members.errors).toEqual([expect.objectContaining({ kind: 'worker_report_invalid', worker: 'bad' })]);
  });

  it('lets others have their turn when many report in the same one, and takes all before it shows anything', async () => {
    const members = new Members();
    const taken: number[] = [];
    const send = (order: Order) => void (order.kind === 'acknowledge' && taken.push(order.sequence));
    const link = { worker: 'busy', copies: false, send };
    members.gatherer.joined(link);
    // Each look at the clock is a millisecond after the one before.
    let now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now++);
    try {
      for (const sequence of [1, 2, 3, 4, 5]) members.gatherer.received(link, { ...report, sequence });
      expect(taken).toEqual([1]);
      const turns: number[] = [];
      const turn = () => {
        turns.push(taken.length);
        if (taken.length < 5) globalThis.setImmediate(turn);
      };
      globalThis.setImmediate(turn);
      await members.metrics.expose();
      expect(taken).toEqual([1, 2, 3, 4, 5]);
      expect(turns.some((count) => count > 1 && count < 5)).toBe(true);
    } finally {
      clock.mockRestore();
    }
  });

  it('adds nothing to a total for less than nothing', async () => {
    const members = new Members();
    members.join(false).metrics.counter('x_total').increment(3);
    const link = { worker: 'bad', copies: false, send: () => {} };
    members.gatherer.joined(link);
    const garbage = reportOf({ name: 'x_total' });
    garbage.blocks[0]?.values?.fill(-5);
    members.gatherer.received(link, garbage);
    expect(await members.shown('x_total')).toEqual(['x_total 3']);
  });
});

describe('joinCluster', () => {
  it.each(['', 'x'.repeat(201), '\ud800', 7])('refuses the name %p for a worker', (worker) => {
    const join = () => joinCluster(new MetricsCollector(), { worker: worker as string });
    expect(join).toThrow(/^The option worker is invalid .* Give a text of 1 to 200 characters\.$/);
  });

  it('refuses a collector that has left: what it counted would be counted twice', () => {
    const metrics = new MetricsCollector();
    joinCluster(metrics).leave();
    expect(() => joinCluster(metrics)).toThrow(/join with a new collector\.$/);
    const next = joinCluster(new MetricsCollector());
    next.leave();
  });
});

describe('WorkerEnd', () => {
  it('answers what it was asked before it knew that somebody listens', async () => {
    const end = new WorkerEnd(new MetricsCollector(), { shares: true, reportSeconds: 3600 });
    // On a busy machine the first question overtakes the word that the gatherer has taken the worker in.
    end.received({ kind: 'ask', question: 7 });
    await setImmediate();
    const answers: (number | undefined)[] = [];
    const said = new Promise<void>((resolve) => {
      const send = (report: Report) => {
        answers.push(report.answers);
        if (report.answers !== undefined) resolve();
      };
      end.connected({ copies: false, send });
    });
    await said;
    expect(answers.filter((answer) => answer !== undefined)).toEqual([7]);
    end.close();
  });

  it('does not begin to tell anew while it still tells', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance', 'nextTick', 'queueMicrotask', 'hrtime'] });
    // Each look at the clock is long after the one before, so that a pause is due after every report.
    let now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (now += 10));
    const metrics = new MetricsCollector();
    const end = new WorkerEnd(metrics, { shares: true, reportSeconds: 1 });
    try {
      let told = 0;
      const summary = metrics.summary('x');
      summary.observe(1);
      end.connected({ copies: false, send: ({ windows }) => (told += windows.length) });
      jest.advanceTimersByTime(5_000);
      expect(told).toBe(1);
      await setImmediate();
      await setImmediate();
      summary.observe(1);
      jest.advanceTimersByTime(1_000);
      expect(told).toBe(2);
    } finally {
      end.close();
      clock.mockRestore();
      jest.useRealTimers();
    }
  });
});
