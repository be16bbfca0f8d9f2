// What prom-client's own suite says of its registries, said once and run on both libraries: the whole texts, default labels,
// merging, exemplars, aggregation. Source: https://github.com/siimon/prom-client, folder test, v15.1.3.
import { cases, libraries, registryOf, type Sample } from './libraries.js';

/** What others register in the place of a metric. */
function plainMetric(values: readonly object[], more: object = {}): never {
  const name = 'test_metric';
  const metric = { name, type: 'counter', help: 'A test metric', values, ...more };
  return { name, get: async () => metric, reset() {} } as never;
}

describe.each(cases)('$title', ({ library, type }) => {
  const { Counter, Gauge, Histogram, Summary, register, Registry } = library;
  const isOpenMetrics = type === Registry.OPENMETRICS_CONTENT_TYPE;
  const isOriginal = library === libraries[0]?.[1];
  const total = isOpenMetrics ? '_total' : '';
  /** The whole text: families, and what stands between and behind them. */
  const text = (...families: string[][]) => {
    const parts = families.map((lines) => `${lines.join('\n')}\n`);
    return isOpenMetrics ? `${parts.join('')}# EOF\n` : parts.join('\n');
  };

  beforeEach(() => register.setContentType(type as never));
  afterEach(() => register.clear());

  it('is known to its class', () => {
    const known = Registry as unknown as { readonly globalRegistry: unknown };
    expect(known.globalRegistry).toBe(register);
    expect((library.AggregatorRegistry as unknown as typeof known).globalRegistry).toBe(register);
  });

  describe('content types', () => {
    it('are these two and no others', () => {
      const other = 'application/openmetrics-text; version=42.0.0; charset=utf-8';
      expect(() => register.setContentType(other as never)).toThrow(new Error(`Content type ${other} is unsupported`));
      expect(() => registryOf(library, other)).toThrow(new TypeError(`Content type ${other} is unsupported`));
      expect(register.contentType).toBe(type);
      expect(library.contentType).toBe(type);
      expect(new Registry().contentType).toBe(library.prometheusContentType);
      expect(library.openMetricsContentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
      expect(library.prometheusContentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    });
  });

  describe('metrics', () => {
    it('shows metrics without labels at zero, and the heads of the others', async () => {
      new Counter({ name: 'counter', help: 'help' });
      new Gauge({ name: 'gauge', help: 'help \\ "quoted"' });
      new Histogram({ name: 'histogram', help: 'help', buckets: [0.5, 1] });
      new Counter({ name: 'labelled', help: 'help', labelNames: ['label'] });
      new Summary({ name: 'none', help: 'help', labelNames: ['label'] });
      // OpenMetrics wants quotes escaped, and prom-client forgets it.
      const quote = isOpenMetrics && !isOriginal ? '\\"' : '"';
      expect(await register.metrics()).toBe(
        text(
          ['# HELP counter help', '# TYPE counter counter', `counter${total} 0`],
          [`# HELP gauge help \\\\ ${quote}quoted${quote}`, '# TYPE gauge gauge', 'gauge 0'],
          [
            '# HELP histogram help',
            '# TYPE histogram histogram',
            'histogram_bucket{le="0.5"} 0',
            'histogram_bucket{le="1"} 0',
            'histogram_bucket{le="+Inf"} 0',
            'histogram_sum 0',
            'histogram_count 0',
          ],
          ['# HELP labelled help', '# TYPE labelled counter'],
          ['# HELP none help', '# TYPE none summary'],
        ),
      );
    });

    it('shows labels, default ones last except in histograms, le and quantile first', async () => {
      const own = registryOf(library, type);
      own.setDefaultLabels({ env: 'development', type: 'by default' });
      const config = { help: 'help', labelNames: ['type'], registers: [own as never] };
      new Counter({ name: 'c_total', ...config }).inc({ type: 'a"b\\c\nd' }, 1.5);
      new Counter({ name: 'd', ...config }).inc();
      new Histogram({ name: 'h', ...config, buckets: [1] }).labels('mine').observe(1);
      new Summary({ name: 's', ...config, percentiles: [0.5] }).labels('mine').observe(2);
      const name = isOpenMetrics ? 'c' : 'c_total';
      const mine = 'env="development",type="mine"';
      expect(await own.metrics()).toBe(
        text(
          [`# HELP ${name} help`, `# TYPE ${name} counter`, 'c_total{type="a\\"b\\\\c\\nd",env="development"} 1.5'],
          ['# HELP d help', '# TYPE d counter', `d${total}{env="development",type="by default"} 1`],
          [
            '# HELP h help',
            '# TYPE h histogram',
            `h_bucket{le="1",${mine}} 1`,
            `h_bucket{le="+Inf",${mine}} 1`,
            `h_sum{${mine}} 1`,
            `h_count{${mine}} 1`,
          ],
          [
            '# HELP s help',
            '# TYPE s summary',
            's{quantile="0.5",type="mine",env="development"} 2',
            's_sum{type="mine",env="development"} 2',
            's_count{type="mine",env="development"} 1',
          ],
        ),
      );
    });

    it('shows the default labels of a histogram as they are by then', async () => {
      const own = registryOf(library, type);
      const histogram = new Histogram({
        name: 'h',
        help: 'h',
        labelNames: ['a', 'b'],
        buckets: [],
        registers: [own as never],
      });
      histogram.observe({ a: 'x', b: 'y' }, 1);
      histogram.observe({ a: 'x' }, 2);
      const seriesWith = async (labels: object) => {
        own.setDefaultLabels(labels);
        return [...(await own.metrics()).matchAll(/^h_sum\{(.*)\}/gm)].map(([, shown]) => shown);
      };
      expect(await seriesWith({ env: 'one' })).toEqual(['env="one",a="x",b="y"', 'env="one",a="x"']);
      expect(await seriesWith({ env: 'two', zone: '"' })).toEqual([
        'env="two",zone="\\"",a="x",b="y"',
        'env="two",zone="\\"",a="x"',
      ]);
      expect(await seriesWith({ env: 'one' })).toEqual(['env="one",a="x",b="y"', 'env="one",a="x"']);
    });

    it('shows metrics that are plain objects', async () => {
      register.setDefaultLabels({ testLabel: 'testValue' });
      new Gauge({ name: 'first', help: 'help' });
      register.registerMetric(
        plainMetric([
          { value: 12, labels: { label: 'hel"lo', code: '303' } },
          { value: Number.POSITIVE_INFINITY, labels: { testLabel: 'overlapped' } },
          { value: Number.NEGATIVE_INFINITY },
        ]),
      );
      new Gauge({ name: 'last', help: 'help' });
      expect(await register.metrics()).toBe(
        text(
          ['# HELP first help', '# TYPE first gauge', 'first{testLabel="testValue"} 0'],
          [
            '# HELP test_metric A test metric',
            '# TYPE test_metric counter',
            `test_metric${total}{label="hel\\"lo",code="303",testLabel="testValue"} 12`,
            `test_metric${total}{testLabel="overlapped"} +Inf`,
            `test_metric${total}{testLabel="testValue"} -Inf`,
          ],
          ['# HELP last help', '# TYPE last gauge', 'last{testLabel="testValue"} 0'],
        ),
      );
    });

    it('escapes names that are none', async () => {
      register.registerMetric(plainMetric([], { name: 'test_"_\\_\n_metric', help: 'help_help' }));
      expect(await register.metrics()).toBe(
        text(['# HELP test_"_\\\\_\\n_metric help_help', '# TYPE test_"_\\\\_\\n_metric counter']),
      );
    });

    it('shows a single one', async () => {
      new Counter({ name: 'one', help: 'help' });
      new Counter({ name: 'two', help: 'help' });
      expect(await register.getSingleMetricAsString('two')).toBe(
        `# HELP two help\n# TYPE two counter\ntwo${isOpenMetrics ? '_total' : ''} 0`,
      );
    });
  });

  describe('what it holds', () => {
    it('is answered as objects', async () => {
      register.setDefaultLabels({ env: 'development' });
      const counter = new Counter({ name: 'my_counter', help: 'my counter', labelNames: ['type'] });
      register.registerMetric(plainMetric([{ value: 1, labels: { code: '303' } }]));
      counter.labels('myType').inc();
      expect(await register.getMetricsAsJSON()).toEqual([
        {
          aggregator: 'sum',
          help: 'my counter',
          name: 'my_counter',
          type: 'counter',
          values: [{ labels: { env: 'development', type: 'myType' }, value: 1 }],
        },
        {
          help: 'A test metric',
          name: 'test_metric',
          type: 'counter',
          values: [{ labels: { code: '303', env: 'development' }, value: 1 }],
        },
      ]);
    });

    it('can be found, removed, reset and cleared', async () => {
      const counter = new Counter({ name: 'one', help: 'help' });
      const gauge = new Gauge({ name: 'two', help: 'help', labelNames: ['level'] });
      expect(register.getSingleMetric('one')).toBe(counter);
      expect(register.getSingleMetric('three')).toBeUndefined();
      expect(register.getMetricsAsArray()).toEqual([counter, gauge]);
      register.registerMetric(counter);
      counter.inc(12);
      gauge.set({ level: 'low' }, -12);
      register.resetMetrics();
      expect((await register.getMetricsAsJSON()).map(({ values }) => values)).toEqual([[{ value: 0, labels: {} }], []]);
      register.removeSingleMetric('one');
      expect(register.getMetricsAsArray()).toEqual([gauge]);
      register.clear();
      expect(register.getMetricsAsArray()).toEqual([]);
    });

    it('can be merged', async () => {
      const [one, two] = [registryOf(library, type), registryOf(library, type)];
      new Counter({ name: 'one', help: 'help', registers: [one as never] });
      new Counter({ name: 'two', help: 'help', registers: [two as never] });
      const merged = Registry.merge([one, two] as never);
      expect((await merged.getMetricsAsJSON()).map(({ name }) => name)).toEqual(['one', 'two']);
      expect(merged.contentType).toBe(type);
      new Counter({ name: 'one', help: 'help', registers: [two as never] });
      expect(() => Registry.merge([one, two] as never)).toThrow(
        'A metric with the name one has already been registered.',
      );
      const other = registryOf(library, isOpenMetrics ? library.prometheusContentType : library.openMetricsContentType);
      expect(() => Registry.merge([one, other] as never)).toThrow(
        'Registers can only be merged if they have the same content type',
      );
    });
  });

  describe('AggregatorRegistry.aggregate', () => {
    const { AggregatorRegistry } = library;
    const worker = (n: number) => [
      {
        name: 'test_histogram',
        help: 'help',
        type: 'histogram',
        values: [
          { labels: { le: 0.1, code: '300' }, value: n, metricName: 'test_histogram_bucket' },
          { labels: { code: '300' }, value: n / 2, metricName: 'test_histogram_sum' },
        ],
        aggregator: 'sum',
      },
      ...(['sum', 'omit', 'average', 'first', 'min', 'max'] as const).map((aggregator) => ({
        name: `test_${aggregator}`,
        help: 'help',
        type: 'gauge',
        values: [{ value: n, labels: { method: 'get', code: 200 } }],
        aggregator,
      })),
    ];
    const samplesIn = (registry: { getSingleMetric(name: string): unknown }, name: string) =>
      (registry.getSingleMetric(name) as { get(): { values: readonly Sample[] } } | undefined)?.get().values;

    it('puts the metrics of several processes together', async () => {
      const aggregated = AggregatorRegistry.aggregate([worker(1), worker(3)]);
      expect(samplesIn(aggregated, 'test_histogram')).toEqual([
        { labels: { le: 0.1, code: '300' }, value: 4, metricName: 'test_histogram_bucket' },
        { labels: { code: '300' }, value: 2, metricName: 'test_histogram_sum' },
      ]);
      const labels = { method: 'get', code: 200 };
      const expected = { sum: 4, average: 2, first: 1, min: 1, max: 3 };
      for (const [name, value] of Object.entries(expected)) {
        expect(samplesIn(aggregated, `test_${name}`)).toEqual([{ value, labels }]);
      }
      expect(samplesIn(aggregated, 'test_omit')).toBeUndefined();
      expect(await aggregated.metrics()).toContain('test_sum{method="get",code="200"} 4\n');
      const strange = [{ ...worker(1)[0], aggregator: 'none' }];
      expect(() => AggregatorRegistry.aggregate([strange])).toThrow("'none' is not a defined aggregator.");
    });

    it('has nothing to say without workers, and refuses what is no registry', async () => {
      const registry = new AggregatorRegistry();
      expect(registry).toBeInstanceOf(Registry);
      expect(await registry.clusterMetrics()).toBe('');
      expect(() => AggregatorRegistry.setRegistries({} as never)).toThrow('Expected Registry, got object');
      AggregatorRegistry.setRegistries(register);
    });
  });
});

describe.each(libraries)('exemplars of %s', (_, library) => {
  const { Counter, Histogram, Registry } = library;
  const registry = () => registryOf(library, library.openMetricsContentType);
  const exemplarLabels = { traceId: 'trace', spanId: 'span' } as never;
  const labels = { method: 'get' };

  beforeEach(() => jest.useFakeTimers({ now: 1_678_654_679_123 }));
  afterEach(() => jest.useRealTimers());

  it('need OpenMetrics', () => {
    const config = { name: 'c', help: 'help', enableExemplars: true, registers: [new Registry()] };
    expect(() => new Counter(config)).toThrow(new TypeError('Exemplars are supported only on OpenMetrics registries'));
  });

  it('stand behind what they explain', async () => {
    const own = registry();
    const config = { help: 'help', labelNames: ['method'], enableExemplars: true, registers: [own as never] };
    const counter = new Counter({ name: 'c', ...config });
    const histogram = new Histogram({ name: 'h', buckets: [1, 2], ...config });
    counter.inc({ value: 2, labels, exemplarLabels });
    counter.inc({ labels });
    histogram.observe({ value: 1.5, labels, exemplarLabels });
    const end = histogram.startTimer(labels, { traceId: 'timed' } as never);
    jest.advanceTimersByTime(3000);
    end({}, { spanId: 'late' } as never);
    expect(await own.metrics()).toBe(
      [
        '# HELP c help',
        '# TYPE c counter',
        'c_total{method="get"} 3 # {traceId="trace",spanId="span"} 2 1678654679.123',
        '# HELP h help',
        '# TYPE h histogram',
        'h_bucket{le="1",method="get"} 0',
        'h_bucket{le="2",method="get"} 1 # {traceId="trace",spanId="span"} 1.5 1678654679.123',
        'h_bucket{le="+Inf",method="get"} 2 # {traceId="timed",spanId="late"} 3 1678654682.123',
        'h_sum{method="get"} 4.5',
        'h_count{method="get"} 2',
        '# EOF',
        '',
      ].join('\n'),
    );
    const [sample] = (await counter.get()).values as unknown as Sample[];
    expect(sample?.exemplar).toEqual({ labelSet: exemplarLabels, value: 2, timestamp: 1_678_654_679.123 });
    expect((await histogram.get()).values[0]).toHaveProperty('exemplar', null);
  });

  it('are refused where they are too long', () => {
    const config = { help: 'help', enableExemplars: true, registers: [registry() as never] };
    const tooLong = { traceId: 'j'.repeat(100), spanId: 'j'.repeat(100) } as never;
    const message = 'Label set size must be smaller than 128 UTF-8 chars';
    const counter = new Counter({ name: 'c', ...config });
    const histogram = new Histogram({ name: 'h', ...config });
    expect(() => counter.inc({ exemplarLabels: tooLong })).toThrow(new RangeError(message));
    expect(() => histogram.observe({ value: 1, exemplarLabels: tooLong })).toThrow(new RangeError(message));
  });
});

describe.each(libraries)('helpers of %s', (_, { linearBuckets, exponentialBuckets, validateMetricName }) => {
  it('make buckets', () => {
    expect(linearBuckets(0, 50, 4)).toEqual([0, 50, 100, 150]);
    expect(exponentialBuckets(0.1, 1.2, 5)).toEqual([0.1, 0.12, 0.144, 0.17279999999999998, 0.20735999999999996]);
    expect(() => linearBuckets(0, 50, 0)).toThrow('Linear buckets needs a positive count');
    expect(() => exponentialBuckets(0, 2, 5)).toThrow('Exponential buckets needs a positive start');
    expect(() => exponentialBuckets(1, 2, 0)).toThrow('Exponential buckets needs a positive count');
    expect(() => exponentialBuckets(1, 1, 5)).toThrow('Exponential buckets needs a factor greater than 1');
  });

  it('know names', () => {
    expect(['counter', 'a:b', '_x1'].map(validateMetricName)).toEqual([true, true, true]);
    expect(['1x', 'a b', 'a-b', ''].map(validateMetricName)).toEqual([false, false, false, false]);
  });
});
