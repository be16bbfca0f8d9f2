// Defects that telltale itself once had, each held as a test.
import { ResultAsync } from 'neverthrow';
import { DEFAULT_BUCKETS, type MetricsStorage } from 'telltale';
import { setUp } from '../instruments/setup.js';

describe('a summary', () => {
  it('has a sum that never falls, however its window moves', () => {
    const { metrics, clock } = setUp();
    const summary = metrics.summary('s', { maxAge: 60 });
    const sum = () => summary.family.windowAt(summary.family.mainGroup, 0).totalSum;
    let last = 0;
    for (let i = 0; i < 2000; i++) {
      clock.advance(7);
      summary.observe(((i * 37) % 100) / 100);
      summary.getStatistics();
      expect(sum()).toBeGreaterThanOrEqual(last);
      last = sum();
    }
  });
});

describe('a walk', () => {
  it('survives that a hundred thousand series go meanwhile', async () => {
    const { metrics } = setUp({ limits: { maxSeriesPerMetric: 200_000 } });
    const counter = metrics.counter('c_total', { labelNames: ['id'] });
    for (let id = 0; id < 150_000; id++) counter.increment(1, { id });
    const pieces = metrics.exposeStream();
    await pieces.next();
    counter.clear();
    for await (const piece of pieces) expect(piece.length).toBeGreaterThan(0);
    counter.increment(1, { id: 'new' });
    expect(counter.getValue({ id: 'new' })).toBe(1);
  }, 60_000);
});

describe('onError', () => {
  it('may clear the metric that overflows', () => {
    const { metrics } = setUp({ limits: { maxSeriesPerMetric: 1 }, onError: () => counter.clear() });
    const counter = metrics.counter('c_total', { labelNames: ['a'] });
    counter.increment(1, { a: '1' });
    expect(() => counter.increment(1, { a: '2' })).not.toThrow();
  });

  it('hears of every family that overflows, also where two do at once', () => {
    const { metrics, clock, told } = setUp({ limits: { maxSeriesPerMetric: 1 } });
    const [a, b] = [
      metrics.counter('a_total', { labelNames: ['x'] }),
      metrics.counter('b_total', { labelNames: ['x'] }),
    ];
    for (let second = 0; second < 3; second++) {
      for (const counter of [a, b]) for (let x = 0; x < 3; x++) counter.increment(1, { x });
      clock.advance(1);
    }
    expect(told.map((error) => 'metric' in error && error.metric)).toEqual(['a_total', 'b_total']);
  });
});

describe('a definition', () => {
  it('agrees with one that says what was the default', () => {
    const { metrics } = setUp();
    expect(metrics.histogram('h', { buckets: DEFAULT_BUCKETS })).toBe(metrics.histogram('h'));
    expect(metrics.summary('s', { maxAge: 600, maxSamples: 10_000 })).toBe(metrics.summary('s'));
  });

  it('that is refused for its labels leaves nothing behind', () => {
    const { metrics } = setUp();
    expect(() => metrics.counter('x', { labels: { 'bad name': 1 } })).toThrow(/no valid label name/);
    expect(metrics.gauge('x').name).toBe('x');
  });

  it.each([
    () => setUp().metrics.stateSet('s', { states: ['a', 'a'] }),
    () => setUp().metrics.stateSet('s', { states: [] }),
    () => setUp().metrics.stateSet('s', { states: [5 as never] }),
    () => setUp().metrics.stateSet('a:b', { states: ['x'] }),
    () => setUp({ defaultLabels: { s: 'x' } }).metrics.stateSet('s', { states: ['a'] }),
    () => setUp().metrics.counter('c', { labelNames: 5 as never }),
    () => setUp().metrics.counter('c', { labels: null as never }),
    () => setUp().metrics.histogram('h', { buckets: [Symbol('x') as never] }),
    () => setUp().metrics.info('b', { v: {} as never }),
    () => setUp({ collectTimeoutSeconds: Number.POSITIVE_INFINITY }),
  ])('is checked before it can spoil an exposition: %p', (define) => {
    expect(define).toThrow(expect.objectContaining({ name: 'MetricDefinitionError' }));
  });
});

describe('info', () => {
  it('keeps the facts when it is given some that cannot be taken', async () => {
    const { metrics, lines } = setUp();
    const info = metrics.info('build', { version: '1' });
    info.set({ version: Number.NaN });
    expect(await lines()).toEqual(['build_info{version="1"} 1']);
  });
});

describe('a storage of the user', () => {
  it.each([undefined, 5, Promise.resolve(5)])('may answer %p without a rejection', async (answer) => {
    const storage = { name: 'odd', write: () => answer, close: () => answer } as unknown as MetricsStorage;
    const { metrics } = setUp({ storage });
    expect((await metrics.collectAndStore())._unsafeUnwrapErr()).toMatchObject({ kind: 'storage_failed' });
    expect((await metrics.shutdown())._unsafeUnwrapErr()).toMatchObject({ kind: 'storage_failed' });
  });

  it('is closed only after the last write of a collection that was stopped', async () => {
    const seen: string[] = [];
    const storage: MetricsStorage = {
      name: 'slow',
      write: () =>
        ResultAsync.fromSafePromise(
          new Promise<number>((resolve) => {
            setTimeout(() => {
              seen.push('written');
              resolve(1);
            }, 20);
          }),
        ),
      close: () => {
        seen.push('closed');
        return ResultAsync.fromSafePromise(Promise.resolve(undefined));
      },
    };
    const { metrics } = setUp({ storage });
    const stopped = metrics.startCollecting({ intervalSeconds: 3600 }).stop();
    await metrics.shutdown();
    await stopped;
    expect(seen).toEqual(['written', 'closed']);
  });
});

describe('a series that expired', () => {
  it('starts anew without a reading in between', () => {
    const { metrics, clock } = setUp();
    const counter = metrics.counter('c_total', { labelNames: ['a'], expireAfter: 10 });
    const child = counter.labels({ a: 'x' });
    child.increment(5);
    clock.advance(1000);
    expect(counter.getValue({ a: 'x' })).toBe(0);
    child.increment();
    counter.increment(1, { a: 'x' });
    expect(counter.getValue({ a: 'x' })).toBe(2);
  });
});

describe('labels()', () => {
  it('does not give the child of another label set, though it leads to the same series', () => {
    const { metrics, dropped } = setUp();
    const open = metrics.counter('c_total');
    open.labels({ a: '1', b: '' }).increment();
    open.labels({ a: '1' }).increment(1, { b: '2' });
    expect(open.getValue({ a: '1', b: '2' })).toBe(1);
    expect(dropped('label_mismatch')).toBe(0);
  });
});

describe('a timer', () => {
  it('does not throw for labels that cannot be read', () => {
    const { metrics, dropped } = setUp();
    const hostile = {
      get a(): string {
        throw new Error('no');
      },
    };
    const stop = metrics.histogram('h').startTimer(hostile);
    expect(() => stop({ b: 1 })).not.toThrow();
    expect(dropped('label_mismatch')).toBe(1);
  });
});

describe('labels of five names and more', () => {
  it('are not mixed up by a getter that records on the same metric', () => {
    const { metrics } = setUp();
    const names = ['a', 'b', 'c', 'd', 'e'] as const;
    const counter = metrics.counter('c_total', { labelNames: names });
    const one = { a: 1, b: 1, c: 1, d: 1, e: 1 };
    const two = { a: 2, b: 2, c: 2, d: 2, e: 2 };
    counter.increment(0, one);
    counter.increment(0, two);
    const nested = { ...two };
    Object.defineProperty(nested, 'c', {
      enumerable: true,
      get: () => {
        counter.increment(1, one);
        return 2;
      },
    });
    counter.increment(10, nested);
    expect([counter.getValue(one), counter.getValue(two)]).toEqual([1, 10]);
  });
});

describe('a metric without declared names', () => {
  it('keeps recordings apart whose labels take turns between shapes', async () => {
    const { metrics, lines } = setUp();
    const counter = metrics.counter('c_total');
    for (let i = 0; i < 3; i++) {
      counter.increment(1, { a: 1 });
      counter.increment(2, { a: 1, b: 2 });
      counter.increment(3, { b: 2 });
      counter.increment(4, { b: 2, a: '' });
    }
    expect(await lines()).toEqual(['c_total{a="1"} 3', 'c_total{a="1",b="2"} 6', 'c_total{b="2"} 21']);
  });
});

describe('strict mode', () => {
  it.each([['thrown'], ['rejected']])('leaves an error that was %s by a measured call to its caller', async (how) => {
    const { metrics } = setUp({ strict: true });
    const latency = metrics.histogram('h', { labelNames: ['route'] });
    const failure = new Error('of the call itself');
    const call = (): Promise<never> => {
      if (how === 'thrown') throw failure;
      return Promise.reject(failure);
    };
    const measured = async () => latency.time(call, { wrong: 'label' } as never);
    await expect(measured()).rejects.toBe(failure);
    await expect(async () => latency.time(() => 1, { wrong: 'label' } as never)).rejects.toMatchObject({
      kind: 'label_mismatch',
    });
  });
});
