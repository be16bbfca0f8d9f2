// What prom-client's own suite says of its metrics, said once and run on both libraries: call forms, exact error texts,
// resets, removals, timers. Source: https://github.com/siimon/prom-client, folder test, v15.1.3.
import { cases, registryOf, samplesOf, valuesOf } from './libraries.js';

describe.each(cases)('$title', ({ library, type }) => {
  const { Counter, Gauge, Histogram, Summary, register } = library;

  beforeEach(() => register.setContentType(type as never));
  afterEach(() => {
    register.clear();
    jest.useRealTimers();
  });

  describe('any metric', () => {
    const kinds = [Counter, Gauge, Histogram, Summary] as const;

    it.each(kinds)('refuses a wrong definition in the words that are known', (Kind) => {
      const make = (config: unknown) => () => new Kind(config as never);
      expect(make('name')).toThrow(new TypeError('constructor expected a config object'));
      expect(make({ name: 'x' })).toThrow(new Error('Missing mandatory help parameter'));
      expect(make({ help: 'x' })).toThrow(new Error('Missing mandatory name parameter'));
      expect(make({ name: 'a b', help: 'x' })).toThrow(new Error('Invalid metric name'));
      expect(make({ name: 'x', help: 'x', labelNames: ['a b'] })).toThrow(new Error('Invalid label name'));
      const collect = 'no function';
      expect(make({ name: 'x', help: 'x', collect })).toThrow('Optional "collect" parameter must be a function');
    });

    it.each(kinds)('is in the registries that it is told, by default in the global one', async (Kind) => {
      const own = registryOf(library, type);
      new Kind({ name: 'here', help: 'help', registers: [own as never] });
      new Kind({ name: 'nowhere', help: 'help', registers: [] });
      new Kind({ name: 'everywhere', help: 'help' });
      expect((await own.getMetricsAsJSON()).map(({ name }) => name)).toEqual(['here']);
      expect((await register.getMetricsAsJSON()).map(({ name }) => name)).toEqual(['everywhere']);
      expect(() => new Kind({ name: 'everywhere', help: 'help' })).toThrow(
        'A metric with the name everywhere has already been registered.',
      );
    });

    it.each(kinds)('runs its collect function before it is read, as its this', async (Kind) => {
      const seen: unknown[] = [];
      const metric = new Kind({
        name: 'collected',
        help: 'help',
        async collect() {
          seen.push(this);
        },
      } as never);
      await register.metrics();
      await register.getMetricsAsJSON();
      await metric.get();
      expect(seen).toEqual([metric, metric, metric]);
    });
  });

  describe('hashMap', () => {
    const seenIn = (metric: object) => (metric as { hashMap: Record<string, object> }).hashMap;
    const labelNames = ['z', 'a'];

    it('has the value of each series by its labels', () => {
      const counter = new Counter({ name: 'c', help: 'help', labelNames });
      expect(seenIn(counter)).toEqual({});
      counter.inc({ z: 'q', a: 3 });
      counter.inc({ z: 'q' }, 2);
      expect(seenIn(counter)).toEqual({
        'a:3,z:q,': { value: 1, labels: { a: 3, z: 'q' } },
        'z:q,': { value: 2, labels: { z: 'q' } },
      });
      counter.remove({ z: 'q' });
      expect(Object.keys(seenIn(counter))).toEqual(['a:3,z:q,']);
      expect(seenIn(new Gauge({ name: 'g', help: 'help' }))).toEqual({ '': { value: 0, labels: {} } });
    });

    it('has sum and count of observations, and what each bucket has alone', () => {
      const histogram = new Histogram({ name: 'h', help: 'help', labelNames, buckets: [1, 2] });
      const summary = new Summary({ name: 's', help: 'help', labelNames });
      for (const value of [0.5, 1.5, 1.75, 9]) {
        histogram.observe({ a: 'x' }, value);
        summary.observe({ a: 'x' }, value);
      }
      const labels = { a: 'x' };
      const bucketValues = { 1: 1, 2: 2 };
      expect(seenIn(histogram)).toEqual({ 'a:x,': { labels, bucketValues, sum: 12.75, count: 4 } });
      expect(seenIn(summary)).toEqual({ 'a:x,': expect.objectContaining({ labels, sum: 12.75, count: 4 }) });
    });
  });

  describe('Counter', () => {
    const labelled = () => new Counter({ name: 'c', help: 'help', labelNames: ['method', 'endpoint'] });

    it('counts from 0, by 1 or by what it is given', async () => {
      const counter = new Counter({ name: 'c', help: 'help' });
      expect(await samplesOf(counter)).toEqual([{ value: 0, labels: {} }]);
      counter.inc();
      counter.inc(0);
      counter.inc(100);
      counter.inc(null as never);
      counter.inc({}, 2);
      expect(await valuesOf(counter)).toEqual([104]);
      expect((await counter.get()).aggregator).toBe('sum');
      expect(Object.keys((await samplesOf(counter))[0] ?? {}).sort()).toEqual(['labels', 'value']);
    });

    it('refuses what would not add up', async () => {
      const counter = new Counter({ name: 'c', help: 'help' });
      expect(() => counter.inc(-100)).toThrow(new Error('It is not possible to decrease a counter'));
      expect(() => counter.inc('3ms' as never)).toThrow(new TypeError('Value is not a valid number: 3ms'));
      expect(() => counter.inc(Number.POSITIVE_INFINITY)).toThrow(
        new TypeError('Value is not a valid number: Infinity'),
      );
      expect(await valuesOf(counter)).toEqual([0]);
    });

    it('takes labels in all forms', async () => {
      const counter = labelled();
      counter.labels('GET', '/test').inc();
      counter.labels('GET', '/test').inc(100);
      counter.labels({ method: 'POST', endpoint: '/test' }).inc();
      counter.inc({ endpoint: '/test', method: 'POST' }, 5);
      counter.inc({ method: 'PUT' });
      counter.inc({ method: 'PUT', endpoint: undefined } as never);
      expect(await samplesOf(counter)).toEqual([
        { value: 101, labels: { method: 'GET', endpoint: '/test' } },
        { value: 6, labels: { method: 'POST', endpoint: '/test' } },
        { value: 2, labels: { method: 'PUT' } },
      ]);
    });

    it('gives label values back as they were given', async () => {
      const counter = new Counter({ name: 'c', help: 'help', labelNames: ['code', 'ok'] });
      counter.inc({ code: 200, ok: true as never });
      expect((await samplesOf(counter))[0]?.labels).toEqual({ code: 200, ok: true });
    });

    it('refuses labels that do not fit', () => {
      const counter = labelled();
      const lengths = 'Invalid number of arguments (1): "GET" for label names (2): "method, endpoint".';
      expect(() => counter.labels('GET').inc()).toThrow(new Error(lengths));
      expect(() => counter.remove('GET')).toThrow(new Error(lengths));
      expect(() => counter.inc({ foo: 'bar' } as never)).toThrow(
        new Error("Added label \"foo\" is not included in initial labelset: [ 'method', 'endpoint' ]"),
      );
    });

    it('refuses symbols, which have no text', async () => {
      const counter = labelled();
      const endpoint = Symbol('/test') as never;
      const error = new TypeError('Cannot convert a Symbol value to a string');
      expect(() => counter.inc({ method: 'GET', endpoint })).toThrow(error);
      expect(() => counter.labels({ method: 'GET', endpoint }).inc()).toThrow(error);
      expect(() => counter.remove({ method: 'GET', endpoint })).toThrow(error);
      expect(await samplesOf(counter)).toEqual([]);
    });

    it('removes series', async () => {
      const counter = labelled();
      for (const method of ['GET', 'POST', 'PUT']) counter.inc({ method, endpoint: '/test' });
      counter.remove('POST', '/test');
      counter.remove({ method: 'PUT', endpoint: '/test' });
      counter.remove('NONE', '/test');
      expect(await samplesOf(counter)).toEqual([{ value: 1, labels: { method: 'GET', endpoint: '/test' } }]);
    });

    it('starts anew after a reset', async () => {
      const plain = new Counter({ name: 'plain', help: 'help' });
      plain.inc(12);
      plain.reset();
      expect(await valuesOf(plain)).toEqual([0]);
      plain.inc(10);
      expect(await valuesOf(plain)).toEqual([10]);
      const counter = labelled();
      counter.inc({ method: 'GET', endpoint: '/' }, 12);
      const child = counter.labels('GET', '/');
      counter.reset();
      expect(await samplesOf(counter)).toEqual([]);
      child.inc(2);
      expect(await samplesOf(counter)).toEqual([{ value: 2, labels: { method: 'GET', endpoint: '/' } }]);
    });
  });

  describe('Gauge', () => {
    it('moves in all forms', async () => {
      const gauge = new Gauge({ name: 'g', help: 'help' });
      expect(await valuesOf(gauge)).toEqual([0]);
      gauge.set(10);
      gauge.inc();
      gauge.inc(5);
      gauge.inc(0);
      gauge.dec();
      gauge.dec(3);
      expect(await valuesOf(gauge)).toEqual([12]);
      gauge.set(0);
      expect(await valuesOf(gauge)).toEqual([0]);
      gauge.reset();
      expect(await samplesOf(gauge)).toEqual([{ value: 0, labels: {} }]);
    });

    it('moves under labels in all forms', async () => {
      const gauge = new Gauge({ name: 'g', help: 'help', labelNames: ['code'] });
      gauge.set({ code: '200' }, 20);
      gauge.labels('200').inc();
      gauge.labels('200').dec(2);
      gauge.labels({ code: '200' }).inc(4);
      gauge.inc({ code: '200' });
      gauge.dec({ code: '200' }, 2);
      gauge.labels('400').set(500);
      expect(await samplesOf(gauge)).toEqual([
        { value: 22, labels: { code: '200' } },
        { value: 500, labels: { code: '400' } },
      ]);
      gauge.remove('200');
      gauge.remove({ code: '400' });
      expect(await samplesOf(gauge)).toEqual([]);
    });

    it('tells the time', async () => {
      jest.useFakeTimers({ now: 1_500_000_000_000 });
      const gauge = new Gauge({ name: 'g', help: 'help', labelNames: ['code', 'success'] });
      gauge.setToCurrentTime();
      gauge.labels('200', 'yes').setToCurrentTime();
      expect(await valuesOf(gauge)).toEqual([1_500_000_000, 1_500_000_000]);
      gauge.reset();
      const start = { code: '200' };
      const end = gauge.startTimer(start);
      const endOfChild = gauge.labels('300', 'no').startTimer();
      jest.advanceTimersByTime(500);
      expect(end({ success: 'yes' })).toBe(0.5);
      expect(endOfChild()).toBe(0.5);
      expect(start).toEqual({ code: '200' });
      expect(await valuesOf(gauge, { code: '200', success: 'yes' })).toEqual([0.5]);
      expect(await valuesOf(gauge, { code: '300', success: 'no' })).toEqual([0.5]);
    });

    it('refuses what is no number', () => {
      const gauge = new Gauge({ name: 'g', help: 'help' });
      expect(() => gauge.set('asd' as never)).toThrow(new TypeError('Value is not a valid number: asd'));
      expect(() => gauge.set(undefined as never)).toThrow(new TypeError('Value is not a valid number: undefined'));
      expect(() => gauge.inc('asd' as never)).toThrow(new TypeError('Delta is not a valid number: asd'));
      expect(() => gauge.set({ foo: 'bar' } as never, 1)).toThrow(
        new Error('Added label "foo" is not included in initial labelset: []'),
      );
      expect(() => gauge.labels('a').inc()).toThrow('Invalid number of arguments (1): "a" for label names (0): "".');
    });
  });

  describe('Histogram', () => {
    const histogram = (more: object = {}) => new Histogram({ name: 'h', help: 'help', ...more });

    it('counts into buckets', async () => {
      const metric = histogram();
      expect(new Set(await valuesOf(metric))).toEqual(new Set([0]));
      for (const value of [0, 0.05, 0.5, 1, 5, 100_000]) metric.observe(value);
      const le = async (bound: unknown) => (await valuesOf(metric, { le: bound }))[0];
      expect([await le(0.005), await le(0.05), await le(0.5), await le(1), await le(5), await le(10)]).toEqual([
        1, 2, 3, 4, 5, 5,
      ]);
      expect(await le('+Inf')).toBe(6);
      expect(await valuesOf(metric, {}, 'h_count')).toEqual([6]);
      expect(await valuesOf(metric, {}, 'h_sum')).toEqual([100_006.55]);
    });

    it('shows its samples in order', async () => {
      const metric = histogram({ buckets: [1, 5], labelNames: ['code'] });
      metric.observe({ code: 200 }, 1.5);
      const samples = (await samplesOf(metric)).map(({ exemplar, ...sample }) => sample);
      expect(samples).toEqual([
        { metricName: 'h_bucket', value: 0, labels: { le: 1, code: 200 } },
        { metricName: 'h_bucket', value: 1, labels: { le: 5, code: 200 } },
        { metricName: 'h_bucket', value: 1, labels: { le: '+Inf', code: 200 } },
        { metricName: 'h_sum', value: 1.5, labels: { code: 200 } },
        { metricName: 'h_count', value: 1, labels: { code: 200 } },
      ]);
      expect((await samplesOf(metric))[0]).toHaveProperty('exemplar', null);
    });

    it('refuses what it cannot count', () => {
      const metric = histogram({ labelNames: ['method'] });
      expect(() => metric.observe('asd' as never)).toThrow(new TypeError('Value is not a valid number: asd'));
      expect(() => metric.observe(undefined as never)).toThrow(new TypeError('Value is not a valid number: undefined'));
      expect(() => metric.observe({ method: 'GET' }, Number.NaN)).toThrow('Value is not a valid number: NaN');
      expect(() => metric.labels('get', '500').observe(4)).toThrow(
        'Invalid number of arguments (2): "get, 500" for label names (1): "method".',
      );
      expect(() => metric.labels({ le: '1' } as never)).toThrow('Added label "le" is not included in initial labelset');
      const le = () => new Histogram({ name: 'other', help: 'help', labelNames: ['le'] });
      expect(le).toThrow(new Error('le is a reserved label keyword'));
    });

    it('measures time', async () => {
      jest.useFakeTimers({ now: 0 });
      const metric = histogram({ labelNames: ['method', 'success'] });
      const start = { method: 'get' };
      const ends = [metric.startTimer(start), metric.labels('put', 'no').startTimer()];
      jest.advanceTimersByTime(500);
      expect(ends.map((end, i) => end(i === 0 ? { success: 'yes' } : undefined))).toEqual([0.5, 0.5]);
      expect(start).toEqual({ method: 'get' });
      expect(await valuesOf(metric, { le: 0.5, method: 'get', success: 'yes' })).toEqual([1]);
      expect(await valuesOf(metric, { le: 0.25, method: 'put', success: 'no' })).toEqual([0]);
    });

    it('zeroes and removes series', async () => {
      const metric = histogram({ labelNames: ['method'] });
      metric.zero({ method: 'POST' });
      expect(new Set(await valuesOf(metric, { method: 'POST' }))).toEqual(new Set([0]));
      metric.observe({ method: 'POST' }, 1);
      metric.labels('GET').observe(4);
      expect(await valuesOf(metric, {}, 'h_count')).toEqual([1, 1]);
      metric.zero({ method: 'POST' });
      expect(await valuesOf(metric, { method: 'POST' }, 'h_count')).toEqual([0]);
      metric.remove('POST');
      metric.remove({ method: 'GET' });
      expect(await samplesOf(metric)).toEqual([]);
      expect(() => metric.remove('GET', '/foo')).toThrow(
        'Invalid number of arguments (2): "GET, /foo" for label names (1): "method".',
      );
    });
  });

  describe('Summary', () => {
    const summary = (more: object = {}) => new Summary({ name: 's', help: 'help', ...more });

    it.each([
      { observe: [100], values: [100, 100, 100, 100, 100, 100, 100], sum: 100, count: 1 },
      { observe: [100, 100, 100, 50, 50], values: [50, 50, 80, 100, 100, 100, 100], sum: 400, count: 5 },
    ])('gives exact percentiles of few values: $observe', async ({ observe, values, sum, count }) => {
      const metric = summary();
      for (const value of observe) metric.observe(value);
      expect(await valuesOf(metric)).toEqual([...values, sum, count]);
      const quantiles = (await samplesOf(metric)).slice(0, 7).map(({ labels }) => labels['quantile']);
      expect(quantiles).toEqual([0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999]);
    });

    it('keeps labels apart', async () => {
      const metric = summary({ percentiles: [0.9], labelNames: ['method', 'endpoint'] });
      metric.labels('GET', '/test').observe(50);
      metric.observe({ method: 'POST', endpoint: '/test' }, 100);
      metric.observe({ endpoint: '/test' }, 0);
      const get = { method: 'GET', endpoint: '/test' };
      expect((await samplesOf(metric)).slice(0, 3)).toEqual([
        { value: 50, labels: { quantile: 0.9, ...get } },
        { value: 50, labels: get, metricName: 's_sum' },
        { value: 1, labels: get, metricName: 's_count' },
      ]);
      metric.remove('GET', '/test');
      metric.remove({ method: 'POST', endpoint: '/test' });
      expect(await valuesOf(metric)).toEqual([0, 0, 1]);
      metric.remove({ endpoint: '/test' });
      expect(await samplesOf(metric)).toEqual([]);
    });

    it('refuses what it cannot take', () => {
      const metric = summary({ labelNames: ['foo'] });
      expect(() => metric.observe({ foo: 'bar', baz: 'qaz' } as never, 10)).toThrow(
        new Error('Added label "baz" is not included in initial labelset: [ \'foo\' ]'),
      );
      expect(() => metric.observe({ foo: 'bar' }, Number.NaN)).toThrow('Value is not a valid number: NaN');
      expect(() => metric.observe(true as never)).toThrow('Value is not a valid number: true');
      expect(() => metric.labels('a', 'b').observe(1)).toThrow(
        'Invalid number of arguments (2): "a, b" for label names (1): "foo".',
      );
      const quantile = () => new Summary({ name: 'other', help: 'help', labelNames: ['quantile'] });
      expect(quantile).toThrow(new Error('quantile is a reserved label keyword'));
    });

    it('measures time, and keeps its series over a reset', async () => {
      jest.useFakeTimers({ now: 0 });
      const metric = summary({ percentiles: [0.9], labelNames: ['method', 'endpoint'] });
      const start = { method: 'GET' };
      const end = metric.startTimer(start);
      jest.advanceTimersByTime(1000);
      expect(end({ endpoint: '/test' })).toBe(1);
      expect(start).toEqual({ method: 'GET' });
      expect(await valuesOf(metric, { method: 'GET', endpoint: '/test' })).toEqual([1, 1, 1]);
      metric.reset();
      expect((await valuesOf(metric, { method: 'GET', endpoint: '/test' })).slice(1)).toEqual([0, 0]);
    });

    it('forgets what is older than its window, but not the totals', async () => {
      jest.useFakeTimers({ now: 0 });
      const [sliding, still] = [summary({ maxAgeSeconds: 5, ageBuckets: 5 }), summary({ name: 'still' })];
      for (const metric of [sliding, still]) metric.observe(100);
      for (let second = 0; second < 3; second++) {
        expect([(await valuesOf(sliding))[0], (await valuesOf(still))[0]]).toEqual([100, 100]);
        jest.advanceTimersByTime(1001);
      }
      jest.advanceTimersByTime(2500);
      expect((await valuesOf(sliding))[0] || 0).toBe(0);
      expect((await valuesOf(sliding)).slice(7)).toEqual([100, 1]);
      expect((await valuesOf(still))[0]).toBe(100);
    });

    it('prunes series whose windows are empty where it is told to', async () => {
      jest.useFakeTimers({ now: 0 });
      const metric = summary({ maxAgeSeconds: 5, ageBuckets: 5, pruneAgedBuckets: true, labelNames: ['foo'] });
      metric.observe({ foo: 'bar' }, 1);
      expect(await samplesOf(metric)).toHaveLength(9);
      jest.advanceTimersByTime(6000);
      expect(await samplesOf(metric)).toEqual([]);
    });
  });
});
