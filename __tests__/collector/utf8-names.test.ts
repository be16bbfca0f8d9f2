// A collector that takes any names in UTF-8: what it accepts and refuses, and that names of any characters keep series apart.
import { type DefinitionError, MemoryStorage, MetricDefinitionError, MetricsCollector } from 'telltale';

function refusal(define: () => unknown): DefinitionError {
  try {
    define();
  } catch (error) {
    expect(error).toBeInstanceOf(MetricDefinitionError);
    return (error as MetricDefinitionError).detail;
  }
  throw new Error('It was accepted.');
}

const collector = (options = {}) => new MetricsCollector({ names: 'utf8', ...options });

/** What is exposed, as it is, without the collector's own metrics. */
async function exposed(metrics: MetricsCollector): Promise<string> {
  const samples = await metrics.getAllMetrics();
  return samples
    .filter(({ name }) => !name.startsWith('telltale_'))
    .map(({ name, labels, value }) => `${name} ${JSON.stringify(labels)} ${value}`)
    .join('\n');
}

describe("names: 'utf8'", () => {
  it.each(['http.server.duration', '火花', 'a b', '1', ' ', 'a"b\\c\nd', 'constructor', '😱', 'x'.repeat(1024)])(
    'takes the name %j for metrics and labels',
    async (name) => {
      const metrics = collector();
      metrics.gauge(name, { labelNames: [name] }).set(1, { [name]: 'v' });
      expect(await exposed(metrics)).toBe(`${name} ${JSON.stringify({ [name]: 'v' })} 1`);
    },
  );

  it.each([
    ['no characters', ''],
    ['half of a surrogate pair', 'a\udcc5z'],
    ['the character that ends texts', 'a\0b'],
    ['more than 1024 characters', 'x'.repeat(1025)],
  ])('refuses names of %s', (_, name) => {
    expect(refusal(() => collector().gauge(name))).toMatchObject({
      kind: 'invalid_metric_name',
      rule: expect.stringMatching(/^A name in UTF-8 .*\.$/),
    });
    expect(refusal(() => collector().gauge('g', { labelNames: [name] })).kind).toBe('invalid_label_name');
    expect(refusal(() => collector({ defaultLabels: { [name]: 'x' } })).kind).toBe('invalid_label_name');
    if (name !== '') expect(refusal(() => collector({ prefix: name })).kind).toBe('invalid_metric_name');
  });

  it('refuses a prefix that makes a name too long', () => {
    const metrics = collector({ prefix: 'p'.repeat(1000) });
    expect(refusal(() => metrics.gauge('x'.repeat(100))).kind).toBe('invalid_metric_name');
  });

  it.each(['__name__', '__proto__', '__a.b'])('keeps the label %s reserved', (label) => {
    expect(refusal(() => collector().gauge('g', { labelNames: [label] })).kind).toBe('reserved_label');
  });

  it('keeps the labels reserved that a type writes itself', () => {
    expect(refusal(() => collector().histogram('h.i', { labelNames: ['le'] })).kind).toBe('reserved_label');
    expect(refusal(() => collector().summary('s.t', { labelNames: ['quantile'] })).kind).toBe('reserved_label');
    const define = () => collector().stateSet('a.b', { states: ['on'], labelNames: ['a.b'] });
    expect(refusal(define).kind).toBe('reserved_label');
    expect(refusal(() => collector().stateSet('a.b:c', { states: ['on'] })).kind).toBe('invalid_metric_name');
  });

  it('keeps series apart whose label names differ only in where a comma stands', async () => {
    const metrics = collector();
    const free = metrics.counter('c');
    free.increment(1, { 'a,b': 'x', c: 'y' });
    free.increment(2, { a: 'x', 'b,c': 'y' });
    free.increment(4, { 'a,b': 'x', c: 'y' });
    expect(await exposed(metrics)).toBe('c {"a,b":"x","c":"y"} 5\nc {"a":"x","b,c":"y"} 2');
    expect(
      refusal(() => [metrics.gauge('g', { labelNames: ['a, b'] }), metrics.gauge('g', { labelNames: ['a', 'b'] })]),
    ).toMatchObject({ kind: 'family_conflict', existing: 'a gauge with the label names "a, b"' });
  });

  it('counts recordings as dropped whose label names are none, and takes the others', async () => {
    const told: unknown[] = [];
    const metrics = collector({ onError: (error: unknown) => told.push(error) });
    const free = metrics.counter('c');
    free.increment(1, { 'a\0b': 'x' });
    free.increment(1, JSON.parse('{"__proto__": "x"}'));
    free.increment(1, { '': 'x' });
    free.increment(1, { 'user.id': 'x' });
    expect(await exposed(metrics)).toBe('c {"user.id":"x"} 1');
    expect(await metrics.expose()).toContain('telltale_dropped_recordings_total{reason="label_mismatch"} 3\n');
    expect(told).toMatchObject([{ kind: 'label_mismatch' }]);
  });

  it('takes the suffixes of samples for names as well', () => {
    const metrics = collector();
    metrics.counter('my.requests');
    expect(refusal(() => metrics.gauge('my.requests_total')).kind).toBe('family_conflict');
  });

  it('lets a unit be the suffix of any name', async () => {
    const metrics = collector();
    metrics.counter('my.time_seconds_total', { unit: 'seconds' }).increment();
    const text = await metrics.expose('openmetrics', { escaping: 'allow-utf-8' });
    expect(text).toMatch(/^# UNIT "my.time_seconds" seconds\n\{"my.time_seconds_total"\} 1$/m);
    expect(refusal(() => metrics.gauge('my.time.seconds', { unit: 'seconds' })).kind).toBe('invalid_unit');
  });

  it('is known to every recording by name and to children', async () => {
    const metrics = collector({ prefix: 'shop.' });
    metrics
      .counter('orders', { labelNames: ['pay.by', 'to'] })
      .labels({ 'pay.by': 'card' })
      .increment(1, { to: 'x' });
    metrics.info('build', { 'git.commit': 'f00' });
    expect(await exposed(metrics)).toBe(
      'shop.orders {"pay.by":"card","to":"x"} 1\nshop.build_info {"git.commit":"f00"} 1',
    );
  });

  it('has its names in the history, where matchers find them', async () => {
    const storage = new MemoryStorage();
    const metrics = collector({ storage });
    metrics.counter('my.requests').increment(3, { 'http.route': '/a', 'x,y': '1' });
    metrics.counter('my_requests').increment(4, { http_route: '/a' });
    expect((await metrics.collectAndStore()).isOk()).toBe(true);
    const matchers = [
      { name: '__name__', operator: '=~', value: 'my\\..*' },
      { name: 'http.route', operator: '=', value: '/a' },
    ] as const;
    const found = (await storage.select(matchers, { startMs: 0, endMs: Infinity }))._unsafeUnwrap();
    expect([...(found as Iterable<{ labels: unknown }>)].map(({ labels }) => ({ ...(labels as object) }))).toEqual([
      { __name__: 'my.requests', 'http.route': '/a', 'x,y': '1' },
    ]);
  });

  it('has names escaped that are read through a collector of classic ones', async () => {
    const metrics = new MetricsCollector();
    const other = collector();
    other.counter('my.requests').increment(2);
    metrics.readThrough(async (own) => [...own, ...(await other.collect())]);
    expect(await metrics.expose()).toContain('\nmy_requests 2\n');
    metrics.readThrough(undefined);
    expect(await metrics.expose()).not.toContain('requests');
  });

  it('is asked for by one of two words', () => {
    expect(refusal(() => collector({ names: 'utf-8' }))).toMatchObject({ kind: 'invalid_option', option: 'names' });
    expect(refusal(() => new MetricsCollector().gauge('a.b')).kind).toBe('invalid_metric_name');
  });
});
