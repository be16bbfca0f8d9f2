// Exemplars that are given with a recording: what is kept, for how long, and what becomes of those that cannot be taken.
import type { Exemplar, MetricsCollector } from 'telltale';
import { setUp } from './setup.js';

/** The exemplars of the only block of a family, by row. */
async function exemplarsIn(metrics: MetricsCollector, name: string): Promise<Exemplar[][]> {
  const { families } = await metrics.snapshot();
  const blocks = [...(families.find(({ descriptor }) => descriptor.name === name)?.blocks() ?? [])];
  return blocks.flatMap(({ exemplars }) => [...(exemplars?.values() ?? [])].map((list) => [...list]));
}

const trace = (id: string) => ({ exemplar: { trace_id: id } });

describe('observe with an exemplar', () => {
  it('shows it behind the bucket that the value is in, with the time, in OpenMetrics alone', async () => {
    const { metrics, lines, clock } = setUp();
    const histogram = metrics.histogram('h', { buckets: [1, 2] });
    histogram.observe(0.67, undefined, trace('a'));
    clock.advance(1.25);
    histogram.observe(7, {}, trace('b'));
    expect(await lines('openmetrics')).toEqual([
      'h_bucket{le="1.0"} 1 # {trace_id="a"} 0.67 1767225600',
      'h_bucket{le="2.0"} 1',
      'h_bucket{le="+Inf"} 2 # {trace_id="b"} 7 1767225601.25',
      'h_sum 7.67',
      'h_count 2',
      'h_created 1767225600',
    ]);
    expect((await lines()).join()).not.toContain('#');
  });

  it('keeps the last one per bucket and series', async () => {
    const { metrics } = setUp();
    const histogram = metrics.histogram('h', { buckets: [1], labelNames: ['route'] });
    histogram.observe(0.1, { route: '/a' }, trace('1'));
    histogram.observe(0.2, { route: '/a' }, trace('2'));
    histogram.observe(3, { route: '/a' });
    histogram.labels({ route: '/b' }).observe(3, undefined, trace('3'));
    expect(await exemplarsIn(metrics, 'h')).toEqual([
      [{ column: 0, labels: { trace_id: '2' }, value: 0.2, timestampMs: 1_767_225_600_000 }],
      [{ column: 1, labels: { trace_id: '3' }, value: 3, timestampMs: 1_767_225_600_000 }],
    ]);
  });

  it('is the same through timers', async () => {
    const { metrics, clock } = setUp();
    const histogram = metrics.histogram('h', { buckets: [1], labelNames: ['route'] });
    const stop = histogram.startTimer({ route: '/a' });
    clock.advance(0.5);
    stop({}, trace('stopped'));
    histogram.time(() => clock.advance(2), { route: '/a' }, trace('timed'));
    const [kept = []] = await exemplarsIn(metrics, 'h');
    expect(kept.map(({ column, labels, value }) => [column, labels.trace_id, value])).toEqual([
      [0, 'stopped', 0.5],
      [1, 'timed', 2],
    ]);
  });
});

describe('increment with an exemplar', () => {
  it('shows the last one behind the total, with the amount', async () => {
    const { metrics, lines } = setUp();
    const counter = metrics.counter('c_total', { labelNames: ['kind'] });
    counter.increment(2, { kind: 'x' }, trace('a'));
    counter.labels({ kind: 'x' }).increment(undefined, undefined, trace('b'));
    expect(await lines('openmetrics')).toEqual([
      'c_total{kind="x"} 3 # {trace_id="b"} 1 1767225600',
      'c_created{kind="x"} 1767225600',
    ]);
  });

  it('goes with the series, and does not come back with it', async () => {
    const { metrics, clock } = setUp();
    const counter = metrics.counter('c_total', { labelNames: ['kind'], expireAfter: 10 });
    const fill = () => counter.increment(1, { kind: 'x' }, trace('a'));
    const shown = () => exemplarsIn(metrics, 'c_total');
    fill();
    expect(await shown()).toHaveLength(1);
    counter.remove({ kind: 'x' });
    counter.increment(1, { kind: 'x' });
    expect(await shown()).toEqual([]);
    fill();
    counter.clear();
    counter.increment(1, { kind: 'x' });
    expect(await shown()).toEqual([]);
    fill();
    // Past the expiry, and recorded before anybody reads: the series starts anew in its place.
    clock.advance(11);
    counter.increment(1, { kind: 'x' });
    expect(await shown()).toEqual([]);
  });

  it('leaves a snapshot as it was when more are recorded', async () => {
    const { metrics } = setUp();
    const counter = metrics.counter('c_total');
    counter.increment(1, {}, trace('before'));
    const { families } = await metrics.snapshot();
    counter.increment(1, {}, trace('after'));
    const [block] = families.find(({ descriptor }) => descriptor.name === 'c_total')?.blocks() ?? [];
    expect(block?.exemplars?.get(0)).toEqual([expect.objectContaining({ labels: { trace_id: 'before' } })]);
  });

  it('works in the overflow series', async () => {
    const { metrics, lines } = setUp({ limits: { maxSeriesPerMetric: 1 } });
    const counter = metrics.counter('c_total', { labelNames: ['kind'] });
    counter.increment(1, { kind: 'a' });
    counter.increment(1, { kind: 'b' }, trace('over'));
    expect(await lines('openmetrics')).toContain(
      'c_total{otel_metric_overflow="true"} 1 # {trace_id="over"} 1 1767225600',
    );
  });
});

describe('an exemplar that cannot be taken', () => {
  const throws = {
    get trace_id(): string {
      throw new Error('no');
    },
  };

  it.each<[string, unknown, RegExp]>([
    ['a text', 'abc', /object of labels/],
    ['null', null, /object of labels/],
    ['an array', ['abc'], /object of labels/],
    ['an invalid name', { 'trace-id': 'a' }, /label name/],
    ['a reserved name', { __proto: 'a' }, /label name/],
    ['a value that is no text', { trace_id: { toString: () => 'a' } }, /Label values/],
    ['a number that is not finite', { trace_id: Number.NaN }, /Label values/],
    ['a character that ends texts', { trace_id: 'a\0b' }, /U\+0000/],
    ['129 characters', { a: 'x'.repeat(128) }, /128 characters/],
    ['ten million characters', { a: 'x'.repeat(1e7) }, /128 characters/],
    ['129 characters outside the basic plane', { a: '😀'.repeat(128) }, /128 characters/],
    ['200 labels', Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`l${i}`, ''])), /128 characters/],
    ['a getter that throws', throws, /threw/],
  ])('is left out, counted and told, and the recording counts: %s', async (_, exemplar, rule) => {
    const { metrics, told, dropped } = setUp();
    const counter = metrics.counter('c_total');
    counter.increment(2, {}, { exemplar: exemplar as never });
    expect(counter.getValue()).toBe(2);
    expect(await exemplarsIn(metrics, 'c_total')).toEqual([]);
    expect(dropped('invalid_exemplar')).toBe(1);
    expect(told).toEqual([{ kind: 'invalid_exemplar', metric: 'c_total', rule: expect.stringMatching(rule) }]);
  });

  it('is one with 129, not with 128 characters of any plane', async () => {
    const { metrics, dropped, lines } = setUp();
    const counter = metrics.counter('c_total');
    counter.increment(1, {}, { exemplar: { a: '😀'.repeat(127) } });
    expect(dropped('invalid_exemplar')).toBe(0);
    expect((await lines('openmetrics'))[0]).toContain('😀'.repeat(127));
  });

  it('leaves the last good one in place', async () => {
    const { metrics } = setUp();
    const counter = metrics.counter('c_total');
    counter.increment(1, {}, trace('good'));
    counter.increment(1, {}, { exemplar: { 'not good': '' } });
    expect((await exemplarsIn(metrics, 'c_total'))[0]).toEqual([
      expect.objectContaining({ labels: { trace_id: 'good' } }),
    ]);
  });

  it('throws in strict mode, after the recording has been made', () => {
    const { metrics } = setUp({ strict: true });
    const counter = metrics.counter('c_total');
    expect(() => counter.increment(1, {}, { exemplar: { 'not good': '' } })).toThrow(/recording itself counts/);
    expect(counter.getValue()).toBe(1);
  });

  it.each([[null], [5], ['text'], [{}], [{ exemplar: undefined }]])(
    'is none where the options are %p',
    async (options) => {
      const { metrics, told } = setUp();
      const counter = metrics.counter('c_total');
      counter.increment(1, {}, options as never);
      expect(counter.getValue()).toBe(1);
      expect(await exemplarsIn(metrics, 'c_total')).toEqual([]);
      expect(told).toEqual([]);
    },
  );
});

describe('a native histogram', () => {
  it('keeps exemplars per bucket where it has some with fixed bounds', async () => {
    const { metrics } = setUp();
    const histogram = metrics.histogram('h', { native: true, buckets: [1, 2] });
    histogram.observe(0.5, {}, trace('a'));
    histogram.observe(0.6, {}, trace('b'));
    histogram.observe(9, {}, trace('c'));
    const [kept = []] = await exemplarsIn(metrics, 'h');
    expect(kept.map(({ column, labels }) => [column, labels.trace_id])).toEqual([
      [0, 'b'],
      [2, 'c'],
    ]);
  });

  it('shows the last of several where text has a line for one', async () => {
    const { metrics, lines, clock } = setUp();
    const histogram = metrics.histogram('h', { native: true });
    histogram.observe(9, {}, trace('first'));
    clock.advance(1);
    histogram.observe(1, {}, trace('last'));
    expect(await exemplarsIn(metrics, 'h')).toMatchObject([[{ value: 9 }, { value: 1 }]]);
    expect(await lines('openmetrics')).toContain('h_bucket{le="+Inf"} 2 # {trace_id="last"} 1 1767225601');
  });

  it('keeps negative values, zero and ten times the same apart as well as it can', async () => {
    const { metrics, clock } = setUp();
    const histogram = metrics.histogram('h', { native: { maxExemplars: 3 } });
    for (const value of [-1, 0, 5, 5, 5]) {
      histogram.observe(value, {}, trace(String(value)));
      clock.advance(1);
    }
    const [kept = []] = await exemplarsIn(metrics, 'h');
    expect(kept.map(({ value }) => value)).toEqual([-1, 0, 5]);
  });

  it('takes the two signs for far apart', async () => {
    const { metrics } = setUp();
    const histogram = metrics.histogram('h', { native: { maxExemplars: 3 } });
    for (const value of [-5, 5, 7, 7.1]) histogram.observe(value, {}, trace(String(value)));
    const [kept = []] = await exemplarsIn(metrics, 'h');
    expect(kept.map(({ value }) => value)).toEqual([-5, 5, 7.1]);
  });

  it('refuses limits that make no sense', () => {
    const { metrics } = setUp();
    expect(() => metrics.histogram('h', { native: { maxExemplars: 101 } })).toThrow(/native.maxExemplars/);
    expect(() => metrics.histogram('h', { native: { exemplarTtlSeconds: -1 } })).toThrow(/native.exemplarTtlSeconds/);
  });
});
