// What the collector promises as a whole: readings that one bad callback cannot spoil, storing, periodic collection,
// an orderly end, errors told once, and the helpers of the process.
import { errAsync, okAsync, ResultAsync } from 'neverthrow';
import {
  describe as describeError,
  getMetricsCollector,
  MetricRecordingError,
  MetricsCollector,
  type MetricsStorage,
  recordCounter,
  recordGauge,
  recordHistogram,
  recordSummary,
  type Snapshot,
  type StorageError,
  setMetricsCollector,
} from 'telltale';
import { decodeFamilies, type Metric } from '../exposition/protobuf/client-model.js';
import { setUp } from '../instruments/setup.js';

class SpyStorage implements MetricsStorage {
  readonly name = 'spy';
  readonly written: Snapshot[] = [];
  closed = 0;
  answer: (snapshot: Snapshot) => ResultAsync<number, StorageError> = () => okAsync(1);

  write(snapshot: Snapshot): ResultAsync<number, StorageError> {
    this.written.push(snapshot);
    return this.answer(snapshot);
  }

  close(): ResultAsync<void, StorageError> {
    this.closed++;
    return okAsync(undefined);
  }
}

const never = <T>() => new ResultAsync<T, never>(new Promise<never>(() => {}));
const unreachable: StorageError = { kind: 'push_unreachable', target: 'x', cause: 'y' };

describe('collect callbacks', () => {
  it('keep the series whose empty label they answer and leave out by turns', async () => {
    const metrics = new MetricsCollector();
    const answers = [{ shop: '' }, {}, { shop: '' }];
    metrics.gauge('queue_depth', { collect: () => [{ value: answers.length, labels: answers.shift() ?? {} }] });
    for (const depth of [3, 2, 1]) expect(await metrics.expose()).toContain(`queue_depth ${depth}\n`);
  });

  it('lose the series that they answered before and no longer answer, and no others', async () => {
    const { metrics, lines } = setUp();
    let queues = ['mail', 'print'];
    const depth = metrics.gauge('depth', {
      labelNames: ['queue'],
      collect: () => queues.map((queue) => ({ value: queue.length, labels: { queue } })),
    });
    depth.set(9, { queue: 'set by hand' });
    const kept = 'depth{queue="set by hand"} 9';
    expect(await lines()).toEqual([kept, 'depth{queue="mail"} 4', 'depth{queue="print"} 5']);
    queues = ['print'];
    expect(await lines()).toEqual([kept, 'depth{queue="print"} 5']);
    queues = [];
    expect(await lines()).toEqual([kept]);
  });

  it('that hang or throw cost their own family only, and are counted', async () => {
    const { metrics, told } = setUp({ collectTimeoutSeconds: 0.05 });
    metrics.gauge('good', { collect: () => 1 });
    metrics.gauge('throws', {
      collect: () => {
        throw new Error('no');
      },
    });
    metrics.gauge('rejects', { collect: () => Promise.reject(new Error('no')) });
    metrics.gauge('hangs', { collect: () => new Promise<number>(() => {}) });
    const text = await metrics.expose();
    expect(text).toContain('good 1\n');
    expect(text).not.toMatch(/^(throws|rejects|hangs)/m);
    for (const family of ['throws', 'rejects', 'hangs']) {
      expect(text).toContain(`telltale_collect_errors_total{family="${family}"} 1\n`);
    }
    expect(told.map(({ kind }) => kind).toSorted()).toEqual(['collect_failed', 'collect_timed_out']);
  });

  it('that hang are neither called nor waited for again while they hang, and count once they have come back', async () => {
    const { metrics } = setUp({ collectTimeoutSeconds: 0.02 });
    let calls = 0;
    let finish: (value: number) => void = () => {};
    metrics.gauge('slow', {
      collect: () => {
        calls++;
        if (calls > 1) return 7;
        return new Promise<number>((resolve) => {
          finish = resolve;
        });
      },
    });
    expect(await metrics.expose()).not.toContain('slow 0');
    expect(await metrics.expose()).not.toContain('slow 0');
    expect(calls).toBe(1);
    const reading = metrics.expose();
    finish(1);
    expect(await reading).not.toMatch(/^slow /m);
    expect(await metrics.expose()).toContain('slow 7\n');
  });

  it('run once for readings at the same time', async () => {
    const { metrics } = setUp();
    let calls = 0;
    metrics.gauge('g', { collect: () => ++calls });
    await Promise.all([metrics.expose(), metrics.snapshot(), metrics.collectAndStore(), metrics.expose()]);
    expect(calls).toBe(1);
    await metrics.expose();
    expect(calls).toBe(2);
  });
});

describe('snapshot', () => {
  it('does not change when recording goes on, series go, and places are used again', async () => {
    const { metrics } = setUp();
    const counter = metrics.counter('c_total', { labelNames: ['a'] });
    const histogram = metrics.histogram('h', { labelNames: ['a'], buckets: [1] });
    for (const a of ['x', 'y', 'z']) {
      counter.increment(1, { a });
      histogram.observe(1, { a });
    }
    const { families } = await metrics.snapshot();
    const read = () =>
      JSON.stringify(
        families.map(({ blocks }) =>
          [...blocks()].map(({ values, labelIds, createdMs, dictionaries, size }) => [
            [...values],
            [...labelIds].slice(0, size),
            [...createdMs].slice(0, size),
            dictionaries.map((one) => one.values.slice(0, 3)),
          ]),
        ),
      );
    const before = read();
    counter.increment(5, { a: 'x' });
    counter.remove({ a: 'y' });
    counter.increment(9, { a: 'new' });
    histogram.clear();
    histogram.observe(3, { a: 'other' });
    expect(read()).toBe(before);
  });
});

describe('getAllMetrics and exportJson', () => {
  it('have one entry per exposed sample', async () => {
    const { metrics, clock } = setUp();
    metrics.histogram('h', { buckets: [1], description: 'Sizes' }).observe(0.5, { a: 'x' });
    const timestamp = clock.now();
    const sample = (name: string, value: number, labels: object) => ({
      name,
      type: 'histogram',
      value,
      labels,
      timestamp,
      description: 'Sizes',
    });
    const expected = [
      sample('h_bucket', 1, { a: 'x', le: '1' }),
      sample('h_bucket', 1, { a: 'x', le: '+Inf' }),
      sample('h_sum', 0.5, { a: 'x' }),
      sample('h_count', 1, { a: 'x' }),
    ];
    expect(JSON.parse(await metrics.exportJson())).toEqual(expected);
    expect(JSON.parse(JSON.stringify(await metrics.getAllMetrics()))).toEqual(expected);
  });

  it('write as text what JSON has no number for', async () => {
    const { metrics } = setUp();
    metrics.gauge('g').set(Number.NaN);
    metrics.gauge('i').set(Number.NEGATIVE_INFINITY);
    const values = (JSON.parse(await metrics.exportJson()) as { value: unknown }[]).map(({ value }) => value);
    expect(values).toEqual(['NaN', '-Inf']);
  });
});

describe('expose and exposeStream', () => {
  it('give the same text, whichever is asked for first', async () => {
    const { metrics } = setUp();
    metrics.counter('c_total', { labelNames: ['i'] });
    for (let i = 0; i < 1500; i++) metrics.counter('c_total').increment(i, { i } as never);
    for (const format of ['prometheus', 'openmetrics', 'prometheus'] as const) {
      const pieces: Uint8Array[] = [];
      for await (const piece of metrics.exposeStream(format)) pieces.push(piece);
      expect(Buffer.concat(pieces).toString()).toBe(await metrics.expose(format));
    }
  });
});

describe('exposeStream', () => {
  it('gives protobuf, with names as they are where that is asked for', async () => {
    const { metrics } = setUp({ names: 'utf8' });
    metrics.counter('http.requests', { labelNames: ['http.route'] }).increment(2, { 'http.route': '/' });
    const shown = async (options?: { readonly escaping: 'allow-utf-8' }) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of metrics.exposeStream('protobuf', options)) pieces.push(piece);
      const [family] = decodeFamilies(Buffer.concat(pieces));
      const [{ label, counter }] = family!.metric as [Metric];
      return { name: family!.name, label, value: counter!.value };
    };
    expect(await shown()).toEqual({
      name: 'http_requests',
      label: [{ name: 'http_route', value: '/' }],
      value: 2,
    });
    expect(await shown({ escaping: 'allow-utf-8' })).toEqual({
      name: 'http.requests',
      label: [{ name: 'http.route', value: '/' }],
      value: 2,
    });
  });
});

describe('collectAndStore', () => {
  it('answers the number of samples that the storage took', async () => {
    const { metrics } = setUp();
    metrics.counter('a_total').increment();
    metrics.histogram('h', { buckets: [1] }).observe(1);
    expect((await metrics.collectAndStore())._unsafeUnwrap()).toBe(5);
  });

  it('hands on the error of the storage', async () => {
    const storage = new SpyStorage();
    storage.answer = () => errAsync(unreachable);
    const { metrics } = setUp({ storage });
    expect((await metrics.collectAndStore())._unsafeUnwrapErr()).toBe(unreachable);
  });

  it('answers an error where the storage throws or rejects', async () => {
    const storage = new SpyStorage();
    const { metrics } = setUp({ storage });
    storage.answer = () => {
      throw new Error('broken');
    };
    expect((await metrics.collectAndStore())._unsafeUnwrapErr()).toMatchObject({
      kind: 'storage_failed',
      storage: 'spy',
    });
    storage.answer = () => Promise.reject(new Error('broken')) as never;
    expect((await metrics.collectAndStore())._unsafeUnwrapErr()).toMatchObject({
      kind: 'storage_failed',
      storage: 'spy',
    });
  });

  it('stores what it can when a callback fails', async () => {
    const storage = new SpyStorage();
    const { metrics, told } = setUp({ storage });
    metrics.gauge('good', { collect: () => 1 });
    metrics.gauge('bad', { collect: () => Promise.reject(new Error('It hung up.')) });
    expect((await metrics.collectAndStore()).isOk()).toBe(true);
    const names = storage.written[0]?.families.map(({ descriptor }) => descriptor.name);
    expect(names).toContain('good');
    expect(names).not.toContain('bad');
    expect(told).toEqual([expect.objectContaining({ kind: 'collect_failed', metric: 'bad' })]);
    expect(told.map(describeError)).toEqual([expect.stringContaining('of bad failed: It hung up. The family')]);
  });
});

describe('startCollecting', () => {
  it('goes on while the target fails, never twice at a time, and stores once more when stopped', async () => {
    const storage = new SpyStorage();
    const { metrics, told } = setUp({ storage });
    let running = 0;
    const fourth = new Promise<void>((resolve) => {
      storage.answer = () =>
        new ResultAsync(
          (async () => {
            expect(++running).toBe(1);
            await new Promise((done) => setTimeout(done, 15));
            running--;
            if (storage.written.length === 4) resolve();
            return okAsync<number, StorageError>(1).andThen(() => errAsync(unreachable));
          })(),
        );
    });
    const collecting = metrics.startCollecting({ intervalSeconds: 0.005 });
    await fourth;
    expect(told).toContainEqual(unreachable);
    storage.answer = () => okAsync(42);
    const stopped = await collecting.stop();
    expect(stopped._unsafeUnwrap()).toBe(42);
    expect(await collecting.stop()).toBe(stopped);
    const { length } = storage.written;
    await new Promise((done) => setTimeout(done, 20));
    expect(storage.written).toHaveLength(length);
  });
});

describe('shutdown', () => {
  it('stores once more and closes the storage, once', async () => {
    const storage = new SpyStorage();
    const { metrics } = setUp({ storage });
    metrics.startCollecting({ intervalSeconds: 3600 });
    metrics.counter('jobs_total').increment();
    const [first, second] = await Promise.all([metrics.shutdown(), metrics.shutdown()]);
    expect(first.isOk() && second.isOk()).toBe(true);
    expect(storage.written).toHaveLength(1);
    expect(storage.closed).toBe(1);
    metrics.counter('jobs_total').increment();
  });

  it('runs out of time with an error, and has still closed the storage', async () => {
    const storage = new SpyStorage();
    storage.answer = () => never();
    const { metrics } = setUp({ storage });
    metrics.startCollecting({ intervalSeconds: 3600 });
    const result = await metrics.shutdown({ timeoutSeconds: 0.02 });
    expect(result._unsafeUnwrapErr()).toEqual({ kind: 'storage_timed_out', storage: 'spy', timeoutSeconds: 0.02 });
    expect(storage.closed).toBe(1);
  });
});

describe('onError', () => {
  it('hears of each kind at most once a second', () => {
    const { metrics, clock, told } = setUp();
    const counter = metrics.counter('c_total');
    for (let i = 0; i < 100; i++) counter.increment(-1);
    counter.increment(1, { le_: [] as never });
    expect(told.map(({ kind }) => kind)).toEqual(['invalid_value', 'invalid_label_value']);
    clock.advance(1);
    counter.increment(-1);
    expect(told).toHaveLength(3);
  });

  it('hears of every family whose name is taken, of so many as it can keep in mind', () => {
    const { metrics, told } = setUp();
    const conflict = (metric: string) =>
      metrics.onError({ kind: 'family_conflict', metric, existing: 'a', requested: 'b', resolution: 'c' });
    for (const metric of ['x', 'y', 'x']) conflict(metric);
    expect(told).toMatchObject([{ metric: 'x' }, { metric: 'y' }]);
    for (let i = 0; i < 5000; i++) conflict(`m${i}`);
    expect(told.length).toBeGreaterThan(100);
    expect(told.length).toBeLessThan(1100);
  });

  it('may throw without harm', () => {
    const { metrics, dropped } = setUp({
      onError: () => {
        throw new Error('no');
      },
    });
    metrics.counter('c_total').increment(-1);
    expect(dropped('negative')).toBe(1);
  });
});

describe('strict', () => {
  it('throws recording errors, and still counts them', () => {
    const { metrics, dropped } = setUp({ strict: true });
    expect(() => metrics.counter('c_total').increment(-1)).toThrow(MetricRecordingError);
    expect(() => metrics.counter('l_total', { labelNames: ['a'] }).increment(1, {} as never)).toThrow(
      MetricRecordingError,
    );
    expect(dropped('negative')).toBe(1);
  });
});

describe('the collector of the process', () => {
  afterEach(() => setMetricsCollector(undefined));

  it('is made once, and can be set', () => {
    expect(getMetricsCollector()).toBe(getMetricsCollector());
    const mine = new MetricsCollector();
    setMetricsCollector(mine);
    expect(getMetricsCollector()).toBe(mine);
    expect((globalThis as never)[Symbol.for('telltale.collector')]).toBe(mine);
  });

  it('is what the one-line helpers record into', async () => {
    const { metrics, lines } = setUp();
    setMetricsCollector(metrics);
    recordCounter('orders_total');
    recordCounter('orders_total', 2, { shop: 'north' });
    recordGauge('stock', 5, { product: 'tea' });
    recordHistogram('size_bytes', 7);
    recordSummary('wait_seconds', 0.5);
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'orders_total 1',
        'orders_total{shop="north"} 2',
        'stock{product="tea"} 5',
        'size_bytes_count 1',
        'wait_seconds_sum 0.5',
      ]),
    );
  });

  it('drops what the helpers cannot record, without throwing', () => {
    const { metrics, dropped, told } = setUp();
    setMetricsCollector(metrics);
    recordCounter('not a name');
    recordGauge('not a name', 1);
    recordHistogram(undefined as never, 1);
    recordCounter('x_total');
    recordGauge('x_total', 1);
    recordSummary('x', 1);
    recordCounter('x_total', -1);
    recordCounter('x_total', 1, { 'not a label': 'x' });
    expect(dropped('invalid_metric_name')).toBe(3);
    expect(dropped('family_conflict')).toBe(2);
    expect(dropped('negative')).toBe(1);
    expect(dropped('label_mismatch')).toBe(1);
    expect(told.map(({ kind }) => kind)).toEqual([
      'invalid_metric_name',
      'family_conflict', // of x_total
      'family_conflict', // of x
      'invalid_value',
      'label_mismatch',
    ]);
  });
});
