// What all instruments promise of their series: exact labels, children, removal, expiry, the limit, and label values
// from hostile hands.
import fc from 'fast-check';
import { setUp } from './setup.js';

const anything = (value: unknown) => value as never;

describe('labels of a recording', () => {
  it.each([
    ['one is missing', { a: '1' }],
    ['one is unknown', { a: '1', b: '2', c: '3' }],
    ['one has another name', { a: '1', c: '2' }],
    ['there are none', {}],
    ['they are null', null],
    ['they are an array', ['1', '2']],
    ['they are a string', 'ab'],
    ['they are inherited', Object.create({ a: '1', b: '2' })],
    ['one is inherited', Object.assign(Object.create({ a: '1' }), { b: '2' })],
    ['one is inherited behind all own ones', Object.assign(Object.create({ c: '3' }), { a: '1' })],
    ['they are left out', undefined],
  ])('change nothing where %s', (_, labels) => {
    const { metrics, dropped, told } = setUp();
    const counter = metrics.counter('c_total', { labelNames: ['a', 'b'] });
    for (let i = 0; i < 5; i++) counter.increment(1, { a: '1', b: '2' });
    counter.increment(1, anything(labels));
    expect(counter.getValue({ a: '1', b: '2' })).toBe(5);
    expect(dropped('label_mismatch')).toBe(1);
    expect(told).toEqual([expect.objectContaining({ kind: 'label_mismatch', metric: 'c_total', expected: 'a, b' })]);
  });

  it.each([
    ['an object', {}],
    ['an array', ['x"} 1\nfake 2']],
    ['null', null],
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a function', () => 'x'],
    ['a symbol', Symbol('x')],
    ['a bigint', 1n],
    ['an object that turns into text', { toString: () => 'x' }],
    ['ten megabytes', 'x'.repeat(10_000_000)],
  ])('change nothing where a value is %s', async (_, value) => {
    const { metrics, dropped, lines } = setUp();
    const counter = metrics.counter('c_total', { labelNames: ['a'] });
    const open = metrics.gauge('open');
    counter.increment(1, { a: 'x' });
    counter.increment(1, { a: anything(value) });
    counter.labels({ a: anything(value) }).increment();
    open.set(1, { a: anything(value) });
    expect(await lines()).toEqual(['c_total{a="x"} 1', 'open 0']);
    expect(dropped('invalid_label_value') + dropped('label_mismatch')).toBeGreaterThanOrEqual(3);
  });

  it('change nothing where a getter throws', () => {
    const { metrics, dropped } = setUp();
    const counter = metrics.counter('c_total', { labelNames: ['a'] });
    const hostile = {
      get a(): string {
        throw new Error('no');
      },
    };
    counter.increment(1, hostile);
    expect(() => counter.labels(hostile).increment()).not.toThrow();
    expect(dropped('invalid_label_value') + dropped('label_mismatch')).toBe(2);
  });

  it('may be named like members of every object', async () => {
    const { metrics, lines } = setUp();
    const names = ['constructor', 'toString', 'hasOwnProperty'] as const;
    const counter = metrics.counter('c_total', { labelNames: names });
    const open = metrics.counter('open_total');
    counter.increment(1, { constructor: 'a', toString: 'b', hasOwnProperty: 'c' } as never);
    counter.increment(1, {} as never);
    open.increment(1, { constructor: 'a' } as never);
    open.increment(1, JSON.parse('{"__proto__": "x"}'));
    expect(await lines()).toEqual([
      'c_total{constructor="a",toString="b",hasOwnProperty="c"} 1',
      'open_total{constructor="a"} 1',
    ]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('are told apart by their exact values, whatever characters these have', () => {
    const { metrics } = setUp();
    const counter = metrics.counter('c_total', { labelNames: ['a', 'b'] });
    counter.increment(1, { a: '1,b:2', b: '3' });
    counter.increment(2, { a: '1', b: '2,b:3' });
    counter.increment(4, { a: '1|2', b: '3' });
    counter.increment(8, { a: '1', b: '2|3' });
    expect(counter.getValue({ a: '1,b:2', b: '3' })).toBe(1);
    expect(counter.getValue({ a: '1', b: '2,b:3' })).toBe(2);
    expect(counter.getValue({ a: '1|2', b: '3' })).toBe(4);
    expect(counter.getValue({ a: '1', b: '2|3' })).toBe(8);
  });

  it('never share a series unless their texts are the same (any values, one to six labels)', () => {
    const value = fc.oneof(
      fc.constantFrom('', 'a', 'b', ',', '|', ':', '"', '\\', '\n', '1', 'true', 1, 0, -0, true, false, 1.5, 1e21),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.integer(),
    );
    const cases = fc
      .integer({ min: 1, max: 6 })
      .chain((arity) => fc.array(fc.array(value, { minLength: arity, maxLength: arity }), { maxLength: 60 }));
    fc.assert(
      fc.property(cases, (sets) => {
        const { metrics } = setUp();
        const names = ['a', 'b', 'c', 'd', 'e', 'f'].slice(0, sets[0]?.length ?? 1);
        const closed = metrics.counter('closed_total', { labelNames: names });
        const open = metrics.counter('open_total');
        const expected = new Map<string, number>();
        const labelled = sets.map((set) => Object.fromEntries(names.map((name, i) => [name, set[i] as string])));
        const keyOf = (labels: object) =>
          JSON.stringify(Object.values(labels).map((one) => String(one).toWellFormed()));
        labelled.forEach((labels, i) => {
          const reversed = Object.fromEntries(Object.entries(labels).reverse());
          closed.increment(i + 1, i % 2 ? labels : reversed);
          open.increment(i + 1, i % 2 ? labels : reversed);
          expected.set(keyOf(labels), (expected.get(keyOf(labels)) ?? 0) + i + 1);
        });
        for (const labels of labelled) {
          expect(closed.getValue(labels)).toBe(expected.get(keyOf(labels)));
          expect(open.getValue(labels)).toBe(expected.get(keyOf(labels)));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('with lone surrogates share the series of what UTF-8 can carry', async () => {
    const { metrics, lines } = setUp();
    const counter = metrics.counter('c_total', { labelNames: ['a'] });
    counter.increment(1, { a: '\ud800' });
    counter.increment(1, { a: '\udfff' });
    counter.increment(1, { a: '\ufffd' });
    expect(await lines()).toEqual(['c_total{a="\ufffd"} 3']);
  });

  it('without declared names may be any, an empty value being the same as none', async () => {
    const { metrics, lines, dropped } = setUp();
    const counter = metrics.counter('c_total');
    counter.increment(1, { b: 'x', a: 'y' });
    counter.increment(1, { a: 'y', b: 'x' });
    counter.increment(1, { a: 'y', b: 'x', c: '' });
    counter.increment(1, { a: 'y' });
    counter.increment(1, {});
    counter.increment(1);
    counter.increment(1, { c: '' });
    counter.increment(1, { 'not-a-name': 'x' });
    counter.increment(1, { __reserved: 'x' });
    counter.increment(1, { otel_metric_overflow: 'true' });
    expect((await lines()).toSorted()).toEqual(['c_total 3', 'c_total{a="y",b="x"} 3', 'c_total{a="y"} 1']);
    expect(dropped('label_mismatch')).toBe(3);
  });
});

describe('a metric without declared labels', () => {
  it('is shown at zero until it is recorded with labels', async () => {
    const { metrics, lines } = setUp();
    const gauge = metrics.gauge('g');
    expect(await lines()).toEqual(['g 0']);
    gauge.set(2, { a: 'x' });
    expect(await lines()).toEqual(['g{a="x"} 2']);
    gauge.remove({ a: 'x' });
    expect(await lines()).toEqual(['g 0']);
  });

  it('keeps the series without labels once that was recorded, be it with zero', async () => {
    const { metrics, lines } = setUp();
    const gauge = metrics.gauge('g');
    gauge.set(0);
    gauge.set(2, { a: 'x' });
    expect(await lines()).toEqual(['g 0', 'g{a="x"} 2']);
  });

  it('shows labels fixed at creation at zero, and gives the same child for them', async () => {
    const { metrics, lines } = setUp();
    const gets = metrics.counter('requests_total', { labels: { method: 'GET' } });
    const puts = metrics.counter('requests_total', { labels: { method: 'PUT' } });
    expect(metrics.counter('requests_total', { labels: { method: 'GET' } })).toBe(gets);
    expect(await lines()).toEqual(['requests_total{method="GET"} 0', 'requests_total{method="PUT"} 0']);
    gets.increment(1, { status: 200 });
    puts.increment(2);
    puts.remove();
    expect(await lines()).toEqual(['requests_total{method="GET"} 0', 'requests_total{method="GET",status="200"} 1']);
    puts.increment(3);
    expect(await lines()).toContain('requests_total{method="PUT"} 3');
  });

  it('loses nothing that was recorded in between, whichever way', async () => {
    const { metrics, lines } = setUp();
    const counter = metrics.counter('c_total');
    counter.increment(2, {});
    counter.increment(1, { a: '1' });
    counter.increment(1, { a: '1', b: '2' });
    expect(await lines()).toEqual(['c_total 2', 'c_total{a="1"} 1', 'c_total{a="1",b="2"} 1']);
  });
});

describe('a child', () => {
  it('takes the rest of the labels, and can have children itself', async () => {
    const { metrics, lines } = setUp();
    const requests = metrics.counter('requests_total', { labelNames: ['method', 'route', 'status'] });
    const users = requests.labels({ method: 'GET', route: '/users' });
    users.increment(1, { status: 200 });
    users.labels({ status: 404 }).increment(2);
    expect(users.getValue({ status: 404 })).toBe(2);
    expect(await lines()).toEqual([
      'requests_total{method="GET",route="/users",status="200"} 1',
      'requests_total{method="GET",route="/users",status="404"} 2',
    ]);
  });

  it('with all labels is shown at zero, is the same one for the same labels, and starts anew after removal', async () => {
    const { metrics, clock, lines } = setUp();
    const requests = metrics.counter('requests_total', { labelNames: ['method'] });
    const gets = requests.labels({ method: 'GET' });
    expect(requests.labels({ method: 'GET' })).toBe(gets);
    expect(await lines()).toEqual(['requests_total{method="GET"} 0']);
    gets.increment(5);
    expect(requests.remove({ method: 'GET' })).toBe(true);
    expect(requests.remove({ method: 'GET' })).toBe(false);
    expect(await lines()).toEqual([]);
    expect(gets.getValue()).toBe(0);
    clock.advance(60);
    gets.increment(2);
    requests.increment(1, { method: 'GET' });
    expect(await lines('openmetrics')).toEqual([
      'requests_total{method="GET"} 3',
      `requests_created{method="GET"} ${clock.now() / 1000}`,
    ]);
    requests.clear();
    gets.increment(1);
    expect(requests.getValue({ method: 'GET' })).toBe(1);
  });

  it('made with wrong labels drops what it is given', () => {
    const { metrics, dropped } = setUp();
    const requests = metrics.counter('requests_total', { labelNames: ['method'] });
    const child = requests.labels({ verb: 'GET' } as never);
    child.increment(1, { method: 'GET' } as never);
    child.increment();
    requests.labels({ method: 'GET' }).increment(1, { method: 'PUT' } as never);
    expect(requests.getValue({ method: 'GET' })).toBe(0);
    expect(requests.getValue({ method: 'PUT' })).toBe(0);
    expect(dropped('label_mismatch')).toBe(3);
  });

  it('shares its series with others made before the series existed', () => {
    const { metrics } = setUp();
    const open = metrics.counter('open_total');
    const [a, b] = [open.labels({ x: '1' }), open.labels({ x: '1' })];
    a.increment();
    b.increment();
    open.increment(1, { x: '1' });
    expect(a.getValue()).toBe(3);
    open.remove({ x: '1' });
    a.increment();
    b.increment();
    expect(open.getValue({ x: '1' })).toBe(2);
  });

  it('clears all series that carry its labels', async () => {
    const { metrics, lines } = setUp();
    const requests = metrics.counter('requests_total', { labelNames: ['method', 'status'] });
    for (const method of ['GET', 'PUT']) for (const status of [200, 500]) requests.increment(1, { method, status });
    requests.labels({ method: 'GET' }).clear();
    expect(await lines()).toEqual([
      'requests_total{method="PUT",status="200"} 1',
      'requests_total{method="PUT",status="500"} 1',
    ]);
  });
});

describe('series of all types', () => {
  it('begin anew after removal, without what was there before', async () => {
    const { metrics, lines } = setUp();
    const histogram = metrics.histogram('h', { labelNames: ['a'], buckets: [1] });
    const summary = metrics.summary('s', { labelNames: ['a'], quantiles: [0.5] });
    for (const instrument of [histogram, summary]) {
      const child = instrument.labels({ a: 'x' });
      child.observe(5);
      instrument.remove({ a: 'x' });
      child.observe(0.5);
      instrument.observe(0.5, { a: 'x' });
    }
    expect(await lines()).toEqual([
      'h_bucket{a="x",le="1"} 2',
      'h_bucket{a="x",le="+Inf"} 2',
      'h_sum{a="x"} 1',
      'h_count{a="x"} 2',
      's{a="x",quantile="0.5"} 0.5',
      's_sum{a="x"} 1',
      's_count{a="x"} 2',
    ]);
  });

  it('come and go at random without losing or mixing anything (against a plain map)', async () => {
    const step = fc.record({
      kind: fc.constantFrom('add', 'add', 'add', 'remove', 'child', 'clear', 'walk'),
      a: fc.integer({ min: 0, max: 12 }),
      b: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 200 }), async (steps) => {
        const { metrics } = setUp();
        const histogram = metrics.histogram('h', { labelNames: ['a', 'b'], buckets: [0] });
        const children = new Map<string, { observe(value: number): void }>();
        const model = new Map<string, number>();
        for (const { kind, a, b } of steps) {
          const key = `${a},${b}`;
          const seen = () => model.set(key, (model.get(key) ?? 0) + 1);
          if (kind === 'add') histogram.observe(seen().get(key) as number, { a, b });
          else if (kind === 'remove') expect(histogram.remove({ a, b })).toBe(model.delete(key));
          else if (kind === 'clear' && a === 0) {
            histogram.clear();
            model.clear();
          } else if (kind === 'child') {
            const child = children.get(key) ?? histogram.labels({ a, b });
            children.set(key, child);
            child.observe(1);
            seen();
          } else if (kind === 'walk') await metrics.snapshot();
        }
        const counts = (await metrics.getAllMetrics()).filter(({ name }) => name === 'h_count');
        expect(new Map(counts.map(({ labels, value }) => [`${labels.a},${labels.b}`, value]))).toEqual(model);
      }),
      { numRuns: 100 },
    );
  });
});

describe('expireAfter', () => {
  it('removes series that were not recorded for so long, which start anew when they come back', async () => {
    const { metrics, clock, lines } = setUp();
    const requests = metrics.counter('requests_total', { labelNames: ['id'], expireAfter: 60 });
    const held = requests.labels({ id: 'held' });
    held.increment(5);
    requests.increment(1, { id: 'a' });
    clock.advance(40);
    requests.increment(1, { id: 'a' });
    clock.advance(20);
    expect(await lines()).toEqual(['requests_total{id="a"} 2']);
    held.increment();
    expect((await lines()).toSorted()).toEqual(['requests_total{id="a"} 2', 'requests_total{id="held"} 1']);
    clock.advance(59.9);
    expect(await lines()).toEqual(['requests_total{id="held"} 1']);
  });

  it('works for every type, and keeps a metric without labels', async () => {
    const { metrics, clock, lines } = setUp();
    const options = { labelNames: ['a'], expireAfter: 10 } as const;
    metrics.gauge('g', options).set(1, { a: 'x' });
    metrics.histogram('h', options).observe(1, { a: 'x' });
    metrics.summary('s', options).observe(1, { a: 'x' });
    metrics.stateSet('t', { ...options, states: ['on'] }).set('on', { a: 'x' });
    const plain = metrics.counter('plain_total', { expireAfter: 10 });
    plain.increment(3);
    clock.advance(10);
    expect(await lines()).toEqual(['plain_total 0']);
    plain.increment();
    expect(plain.getValue()).toBe(1);
  });

  it('makes room at the limit', async () => {
    const { metrics, clock } = setUp({ limits: { maxSeriesPerMetric: 2 } });
    const requests = metrics.counter('requests_total', { labelNames: ['id'], expireAfter: 60 });
    requests.increment(1, { id: 1 });
    requests.increment(1, { id: 2 });
    clock.advance(60);
    requests.increment(1, { id: 3 });
    expect(requests.getValue({ id: 3 })).toBe(1);
  });
});

describe('limits.maxSeriesPerMetric', () => {
  it('sends further label sets to one overflow series, and tells so once per metric', async () => {
    const { metrics, lines, told, dropped } = setUp({ limits: { maxSeriesPerMetric: 2 } });
    const requests = metrics.counter('requests_total', { labelNames: ['id'] });
    const open = metrics.counter('open_total');
    for (let id = 0; id < 5; id++) requests.increment(1, { id });
    requests.labels({ id: 9 }).increment();
    for (let id = 0; id < 3; id++) open.increment(1, { [`l${id}`]: 'x' });
    requests.increment(1, { id: 0 });
    expect(await lines()).toEqual([
      'requests_total{id="0"} 2',
      'requests_total{id="1"} 1',
      'requests_total{otel_metric_overflow="true"} 4',
      'open_total{l0="x"} 1',
      'open_total{l1="x"} 1',
      'open_total{otel_metric_overflow="true"} 1',
    ]);
    expect(told).toEqual([{ kind: 'cardinality_exceeded', metric: 'requests_total', limit: 2 }]);
    for (const reason of ['label_mismatch', 'invalid_label_value']) expect(dropped(reason)).toBe(0);
  });

  it('shows no overflow series until it is needed', async () => {
    const { metrics, lines } = setUp({ limits: { maxSeriesPerMetric: 2 } });
    const requests = metrics.counter('requests_total', { labelNames: ['id'] });
    requests.increment(1, { id: 1 });
    requests.increment(1, { id: 2 });
    expect((await lines()).join()).not.toContain('overflow');
  });

  it('gives the place of a removed series to a new one', async () => {
    const { metrics, lines } = setUp({ limits: { maxSeriesPerMetric: 1 } });
    const gauge = metrics.gauge('g', { labelNames: ['id'] });
    gauge.set(1, { id: 1 });
    gauge.set(2, { id: 2 });
    gauge.remove({ id: 1 });
    gauge.set(3, { id: 3 });
    expect(await lines()).toEqual(['g{id="3"} 3', 'g{otel_metric_overflow="true"} 2']);
  });

  it('keeps memory bounded through a million label sets', async () => {
    const { metrics } = setUp();
    const requests = metrics.counter('requests_total', { labelNames: ['id'] });
    const open = metrics.counter('open_total');
    for (let id = 0; id < 1_000_000; id++) requests.increment(1, { id: `id-${id}` });
    for (let id = 0; id < 20_000; id++) open.increment(1, { [`name_${id}`]: 'x' });
    const samples = (await metrics.getAllMetrics()).filter(
      ({ name }) => name === 'requests_total' || name === 'open_total',
    );
    expect(samples).toHaveLength(2 * 2001);
    expect(samples.reduce((sum, { value }) => sum + value, 0)).toBe(1_020_000);
  }, 60_000);

  it('keeps memory bounded while label values come and go', async () => {
    const { metrics } = setUp();
    const requests = metrics.counter('requests_total', { labelNames: ['id'] });
    const keep = requests.labels({ id: 'keep' });
    for (let id = 0; id < 20_000; id++) {
      requests.increment(1, { id });
      keep.increment();
      requests.remove({ id });
    }
    requests.increment(7, { id: 'last' });
    const [family] = (await metrics.snapshot()).families.filter(
      ({ descriptor }) => descriptor.name === 'requests_total',
    );
    const values = [...(family?.blocks() ?? [])].flatMap(({ dictionaries }) => dictionaries[0]?.values.length ?? 0);
    expect(Math.max(...values)).toBeLessThan(3000);
    expect(keep.getValue()).toBe(20_000);
    expect(requests.getValue({ id: 'last' })).toBe(7);
  });
});

describe('info and stateSet', () => {
  it('show facts as labels, replaced when they are set again', async () => {
    const { metrics, lines } = setUp();
    metrics.info('build', { version: '1.0', commit: 'abc' });
    expect(await lines()).toEqual(['build_info{version="1.0",commit="abc"} 1']);
    metrics.info('build_info', { version: '1.1', commit: 'def' });
    expect(await lines('openmetrics')).toEqual(['build_info{version="1.1",commit="def"} 1']);
  });

  it('show states as 0 and 1', async () => {
    const { metrics, lines, dropped } = setUp();
    const state = metrics.stateSet('breaker', { states: ['closed', 'open', 'probing'], labelNames: ['host'] });
    state.set('open', { host: 'a' });
    state.set(['open', 'probing'], { host: 'b' });
    state.set('ajar' as never, { host: 'a' });
    expect(await lines()).toEqual([
      'breaker{host="a",breaker="closed"} 0',
      'breaker{host="a",breaker="open"} 1',
      'breaker{host="a",breaker="probing"} 0',
      'breaker{host="b",breaker="closed"} 0',
      'breaker{host="b",breaker="open"} 1',
      'breaker{host="b",breaker="probing"} 1',
    ]);
    expect(state.has('open', { host: 'a' })).toBe(true);
    expect(state.has('closed', { host: 'a' })).toBe(false);
    expect(dropped('label_mismatch')).toBe(1);
  });
});

describe('default labels', () => {
  it('are on every series, unless the instrument has a label of that name', async () => {
    const { metrics, lines } = setUp({ defaultLabels: { service: 'shop', zone: 'a' }, prefix: 'my_' });
    metrics.counter('jobs_total').increment();
    metrics.gauge('depth', { labelNames: ['zone'] }).set(1, { zone: 'b' });
    const open = metrics.gauge('open');
    open.set(1, { zone: 'b' });
    open.set(2, { zone: 'a' });
    open.increment(3);
    expect(await lines()).toEqual([
      'my_jobs_total{service="shop",zone="a"} 1',
      'my_depth{zone="b",service="shop"} 1',
      'my_open{service="shop",zone="a"} 5',
      'my_open{zone="b",service="shop"} 1',
    ]);
  });
});
