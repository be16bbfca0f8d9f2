// What defining a metric checks, and when asking again gives the same instrument.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DefinitionError, MetricDefinitionError, MetricsCollector } from 'telltale';
import { setUp } from '../instruments/setup.js';

const names = JSON.parse(
  readFileSync(join(__dirname, '../../../shared/cases/names_and_escaping_common.json'), 'utf8'),
) as {
  readonly metricNameValid: readonly {
    readonly name: string | { readonly bytesHex: string };
    readonly legacy: boolean;
  }[];
  readonly labelNameValid: readonly {
    readonly name: string | { readonly bytesHex: string };
    readonly legacy: boolean;
  }[];
};
const text = (name: string | { readonly bytesHex: string }) =>
  typeof name === 'string' ? name : Buffer.from(name.bytesHex, 'hex').toString('latin1');

function refusal(define: () => unknown): DefinitionError {
  try {
    define();
  } catch (error) {
    expect(error).toBeInstanceOf(MetricDefinitionError);
    expect((error as Error).message).toMatch(/^[A-Z"].*\.$/s);
    return (error as MetricDefinitionError).detail;
  }
  throw new Error('It was accepted.');
}

describe('names', () => {
  it.each(names.metricNameValid.map(({ name, legacy }) => [text(name), legacy]))(
    'of metrics follow the classic rule: %p is %p',
    (name, valid) => {
      const { metrics } = setUp();
      if (valid) expect(metrics.gauge(name as string).name).toBe(name);
      else expect(refusal(() => metrics.gauge(name as string)).kind).toBe('invalid_metric_name');
    },
  );

  it.each(names.labelNameValid.map(({ name, legacy }) => [text(name), legacy]))(
    'of labels follow the classic rule: %p is %p',
    (name, valid) => {
      const { metrics } = setUp();
      const define = () => metrics.gauge('g', { labelNames: [name as string] });
      if (valid) expect(define().name).toBe('g');
      else expect(['invalid_label_name', 'reserved_label']).toContain(refusal(define).kind);
    },
  );

  it.each([
    ['a line break', 'a\nb 1'],
    ['a number', 7],
    ['nothing', undefined],
    ['ten megabytes', 'é'.repeat(10_000_000)],
  ])('of metrics cannot be %s', (_, name) => {
    const { metrics } = setUp();
    const detail = refusal(() => metrics.gauge(name as string));
    expect(detail.kind).toBe('invalid_metric_name');
    expect(new MetricDefinitionError(detail).message.length).toBeLessThan(500);
  });

  it.each([
    ['histogram', 'le'],
    ['summary', 'quantile'],
    ['counter', '__name'],
    ['gauge', 'otel_metric_overflow'],
  ] as const)('of labels of a %s cannot be %s', (type, label) => {
    const { metrics } = setUp();
    expect(refusal(() => metrics[type]('x', { labelNames: [label] }))).toMatchObject({ kind: 'reserved_label', label });
    expect(refusal(() => metrics[type]('x', { labels: { [label]: '1' } }))).toMatchObject({
      kind: 'reserved_label',
      label,
    });
  });

  it('of labels are given once, and as an array', () => {
    const { metrics } = setUp();
    expect(refusal(() => metrics.gauge('g', { labelNames: ['a', 'b', 'a'] })).kind).toBe('invalid_label_name');
    expect(refusal(() => metrics.gauge('g', { labelNames: 'abc' as never })).kind).toBe('invalid_label_name');
    expect(refusal(() => metrics.gauge('g', { labelNames: ['a'], labels: { b: '1' } as never })).kind).toBe(
      'invalid_label_name',
    );
  });
});

describe('options', () => {
  it.each([
    [[5, 1, 10, 1]],
    [[1, 1]],
    [[1, Number.NaN]],
    [[1, Number.POSITIVE_INFINITY, 2]],
    [[Number.NEGATIVE_INFINITY, 1]],
    [['1']],
    ['1,2'],
  ])('refuse the buckets %j', (buckets) => {
    const { metrics } = setUp();
    expect(refusal(() => metrics.histogram('h', { buckets: buckets as number[] }))).toMatchObject({
      kind: 'invalid_buckets',
      metric: 'h',
    });
  });

  it.each([[[1.1]], [[-0.1]], [[Number.NaN]], [[0.5, 0.5]], [['0.5']], [0.5]])(
    'refuse the quantiles %j',
    (quantiles) => {
      const { metrics } = setUp();
      expect(refusal(() => metrics.summary('s', { quantiles: quantiles as number[] }))).toMatchObject({
        kind: 'invalid_quantiles',
        metric: 's',
      });
    },
  );

  it('take a unit only as the suffix of the name', () => {
    const { metrics } = setUp();
    expect(metrics.counter('cpu_seconds_total', { unit: 'seconds' }).name).toBe('cpu_seconds_total');
    expect(metrics.gauge('size_bytes', { unit: 'bytes' }).name).toBe('size_bytes');
    expect(refusal(() => metrics.gauge('size', { unit: 'bytes' }))).toMatchObject({
      kind: 'invalid_unit',
      unit: 'bytes',
    });
    expect(refusal(() => metrics.counter('cpu_total', { unit: 'seconds' })).kind).toBe('invalid_unit');
  });

  it.each([
    () => new MetricsCollector({ prefix: 'a b' }),
    () => new MetricsCollector({ defaultLabels: { le: '1' } }),
    () => new MetricsCollector({ defaultLabels: { a: {} as never } }),
    () => new MetricsCollector({ limits: { maxSeriesPerMetric: 0 } }),
    () => new MetricsCollector({ limits: { maxLabelValueLength: Number.NaN } }),
    () => new MetricsCollector({ collectTimeoutSeconds: -1 }),
    () => new MetricsCollector().gauge('g', { expireAfter: 0 }),
    () => new MetricsCollector().gauge('g', { labels: { a: ['x'] as never } }),
    () => new MetricsCollector().summary('s', { maxAge: 0 }),
    () => new MetricsCollector().summary('s', { maxSamples: 3 }),
    () => new MetricsCollector().startCollecting({ intervalSeconds: 0 }),
  ])('are checked: %p', (make) => {
    expect(refusal(make).kind).toMatch(/^(invalid_|reserved_)/);
  });

  it('that are refused leave nothing behind', () => {
    const { metrics } = setUp();
    refusal(() => metrics.histogram('h', { buckets: [2, 1] }));
    expect(metrics.counter('h').name).toBe('h');
  });
});

describe('asking again', () => {
  it('gives the same instrument for the same shape, no options, or another description', () => {
    const { metrics } = setUp();
    const first = metrics.histogram('h_seconds', {
      buckets: [1, 2],
      labelNames: ['a', 'b'],
      unit: 'seconds',
      description: 'first',
    });
    expect(metrics.histogram('h_seconds')).toBe(first);
    expect(metrics.histogram('h_seconds', { description: 'second' })).toBe(first);
    expect(metrics.histogram('h_seconds', { labelNames: ['b', 'a'], buckets: [1, 2, Number.POSITIVE_INFINITY] })).toBe(
      first,
    );
    const summary = metrics.summary('s', { quantiles: [0.9, 0.5] });
    expect(metrics.summary('s', { quantiles: [0.5, 0.9] })).toBe(summary);
  });

  it('keeps the first description', async () => {
    const { metrics } = setUp();
    metrics.gauge('g', { description: 'first' });
    metrics.gauge('g', { description: 'second' });
    expect(await metrics.expose()).toContain('# HELP g first\n');
  });

  it.each([
    ['type', (m: MetricsCollector) => m.counter('x'), /a gauge.*a counter/],
    ['label names', (m: MetricsCollector) => m.gauge('x', { labelNames: ['b'] }), /label names a\b.*label names b/],
    ['unit', (m: MetricsCollector) => m.gauge('x', { unit: 'x' }), /unit/],
    ['expiry', (m: MetricsCollector) => m.gauge('x', { expireAfter: 5 }), /expireAfter/],
  ])('with another %s is a conflict that shows both sides and the way out', (_, ask, message) => {
    const { metrics } = setUp();
    metrics.gauge('x', { labelNames: ['a'] });
    expect(() => ask(metrics)).toThrow(message);
    expect(refusal(() => ask(metrics))).toMatchObject({
      kind: 'family_conflict',
      resolution: expect.stringMatching(/rename/i),
    });
  });

  it('with another layout is a conflict', () => {
    const { metrics } = setUp();
    metrics.histogram('h', { buckets: [1] });
    metrics.summary('s', { quantiles: [0.5], maxAge: 5 });
    metrics.stateSet('t', { states: ['a'] });
    expect(refusal(() => metrics.histogram('h', { buckets: [2] })).kind).toBe('family_conflict');
    metrics.histogram('n', { native: true });
    expect(refusal(() => metrics.histogram('n', { buckets: [2] }))).toMatchObject({
      existing: 'a histogram without buckets',
      requested: 'a histogram with the buckets 2',
    });
    expect(refusal(() => metrics.summary('s', { quantiles: [0.6] })).kind).toBe('family_conflict');
    expect(refusal(() => metrics.summary('s', { maxAge: 6 })).kind).toBe('family_conflict');
    expect(refusal(() => metrics.stateSet('t', { states: ['b'] })).kind).toBe('family_conflict');
    expect(refusal(() => metrics.histogram('defaulted', { buckets: [1] }) && metrics.gauge('h')).kind).toBe(
      'family_conflict',
    );
  });

  it.each([
    ['counter', 'x_total', 'gauge', 'x'],
    ['gauge', 'x', 'counter', 'x_total'],
    ['histogram', 'x', 'counter', 'x_count'],
    ['gauge', 'x_sum', 'summary', 'x'],
    ['gauge', 'x_bucket', 'histogram', 'x'],
    ['counter', 'x', 'counter', 'x_total'],
    ['counter', 'x_total', 'gauge', 'x_created'],
  ] as const)(
    'for a name that clashes in some format is a conflict: %s %s, %s %s',
    (type, name, otherType, otherName) => {
      const { metrics } = setUp();
      metrics[type](name);
      expect(refusal(() => metrics[otherType](otherName))).toMatchObject({
        kind: 'family_conflict',
        metric: otherName,
      });
    },
  );
});

describe('prefix', () => {
  it('goes before every name but those of telltale itself', () => {
    const { metrics } = setUp({ prefix: 'shop_' });
    expect(metrics.counter('orders_total').name).toBe('shop_orders_total');
    expect(metrics.counter('telltale_x_total').name).toBe('telltale_x_total');
  });
});
