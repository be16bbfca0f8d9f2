// Meters, views and the end of a provider, each on the SDK's own provider and on telltale's.
import { type MeterProvider as ApiMeterProvider, createNoopMeter, ValueType } from '@opentelemetry/api';
import {
  AggregationType,
  createAllowListAttributesProcessor,
  createDenyListAttributesProcessor,
  InstrumentType,
  MeterProvider,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics';
import { getMetricsCollector, MetricDefinitionError, MetricsCollector, setMetricsCollector } from 'telltale';
import { TelltaleMeterProvider } from 'telltale/opentelemetry';
import { onBoth, readerOf, samplesOf } from './both-providers.js';

const attributes = { attrib1: 'value1', attrib2: 'value2' };

describe('getMeter', () => {
  it('gives one meter per name, version and schema', async () => {
    const schemaUrl = 'https://opentelemetry.io/schemas/1.4.0';
    const { sdk, own } = await onBoth((provider) => {
      for (let i = 0; i < 2; i++) {
        provider.getMeter('meter1', 'v1.0.0').createCounter('test').add(1);
        provider.getMeter('meter2', 'v1.0.0').createCounter('test').add(1);
        provider.getMeter('meter1', 'v1.0.1').createCounter('test').add(1);
        provider.getMeter('meter1', 'v1.0.1', { schemaUrl }).createCounter('test').add(1);
      }
    });
    expect(own.readings[0]).toHaveLength(4);
    expect(own.readings).toEqual(sdk.readings);
  });

  it('answers the same object again', () => {
    const provider = new TelltaleMeterProvider({ collector: new MetricsCollector() });
    expect(provider.getMeter('a', '1')).toBe(provider.getMeter('a', '1'));
    expect(provider.getMeter('a', '1')).not.toBe(provider.getMeter('a', '2'));
  });

  it('records into the collector of the process unless another one is given', async () => {
    setMetricsCollector(undefined);
    try {
      new TelltaleMeterProvider().getMeter('').createCounter('hits').add(3);
      expect(await samplesOf(getMetricsCollector())).toContain('hits_total 3');
    } finally {
      setMetricsCollector(undefined);
    }
  });

  it('leaves advice on buckets alone that is none', async () => {
    const collector = new MetricsCollector();
    const meter = new TelltaleMeterProvider({ collector }).getMeter('shop');
    meter.createHistogram('h', { advice: { explicitBucketBoundaries: 5 as never } }).record(1);
    expect((await samplesOf(collector)).filter((line) => line.includes('le="'))).toHaveLength(16);
  });

  it('takes what JavaScript gives it for a schema without throwing', async () => {
    const collector = new MetricsCollector();
    const meter = new TelltaleMeterProvider({ collector }).getMeter('shop', '1', { schemaUrl: 5 as never });
    meter.createCounter('orders').add(1);
    expect((await samplesOf(collector)).join()).toContain('otel_scope_schema_url="5"');
  });

  it('lets providers of one collector share what they record', async () => {
    const collector = new MetricsCollector();
    for (let i = 0; i < 2; i++) {
      new TelltaleMeterProvider({ collector }).getMeter('shop').createCounter('orders').add(1);
    }
    expect(await samplesOf(collector)).toEqual([
      '# TYPE orders_total counter',
      'orders_total{otel_scope_name="shop"} 2',
    ]);
  });
});

/** One of each kind in two meters, recorded with attributes. */
function recordAll(provider: ApiMeterProvider): void {
  for (const name of ['meter1', 'meter2']) {
    const meter = provider.getMeter(name, 'v1.0.0');
    meter.createCounter('test-counter', { unit: 'ms', description: 'counts' }).add(2, attributes);
    meter.createUpDownCounter('test-updown', { unit: 's' }).add(-3, attributes);
    meter
      .createHistogram('test-histogram', { unit: 'ms', advice: { explicitBucketBoundaries: [1, 5] } })
      .record(4, attributes);
    meter.createHistogram('other-histogram', { unit: 'By' }).record(4, { ...attributes, attrib1: 'other' });
    meter.createHistogram('other-histogram', { unit: 'By' }).record(6, attributes);
    meter.createGauge('test-gauge').record(7, attributes);
    meter.createObservableCounter('test-observed').addCallback((result) => result.observe(8, attributes));
  }
}

const viewCases: readonly (readonly [string, readonly ViewOptions[]])[] = [
  ['none', []],
  ['a rename, with a description', [{ instrumentName: 'test-counter', name: 'renamed', description: 'mine' }]],
  ['a rename in one meter', [{ instrumentName: 'test-counter', name: 'renamed', meterName: 'meter1' }]],
  [
    'two kinds renamed to the same name',
    [
      { instrumentName: 'test-counter', name: 'renamed' },
      { instrumentName: 'test-histogram', name: 'renamed' },
    ],
  ],
  [
    'an allow list',
    [{ instrumentName: '*histogram', attributesProcessors: [createAllowListAttributesProcessor(['attrib2'])] }],
  ],
  [
    'a deny list',
    [{ instrumentName: 'test-counter', attributesProcessors: [createDenyListAttributesProcessor(['attrib2'])] }],
  ],
  [
    'a list that allows nothing',
    [{ instrumentName: '*', attributesProcessors: [createAllowListAttributesProcessor([])] }],
  ],
  ['a drop', [{ instrumentName: 'test-counter', aggregation: { type: AggregationType.DROP } }]],
  ['a drop of everything', [{ instrumentName: '*', aggregation: { type: AggregationType.DROP } }]],
  [
    'buckets by unit',
    [
      {
        instrumentUnit: 'ms',
        instrumentType: InstrumentType.HISTOGRAM,
        aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [0, 3, 10] } },
      },
      {
        instrumentUnit: 's',
        instrumentType: InstrumentType.HISTOGRAM,
        aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [5] } },
      },
    ],
  ],
  [
    'two streams of one instrument',
    [
      { instrumentName: 'test-histogram', name: 'first' },
      {
        instrumentName: 'test-histogram',
        name: 'second',
        attributesProcessors: [createAllowListAttributesProcessor(['attrib1'])],
      },
    ],
  ],
  ['an instrument type', [{ instrumentType: InstrumentType.UP_DOWN_COUNTER, description: 'selected' }]],
  ['another version of the meter', [{ meterName: 'meter1', meterVersion: 'v2', description: 'never' }]],
  ['a sum of a histogram', [{ instrumentName: 'test-histogram', aggregation: { type: AggregationType.SUM } }]],
  [
    'the last value of a counter',
    [{ instrumentName: 'test-counter', aggregation: { type: AggregationType.LAST_VALUE } }],
  ],
  ['the last value of a sum', [{ instrumentName: 'test-updown', aggregation: { type: AggregationType.LAST_VALUE } }]],
  ['a sum of a gauge', [{ instrumentName: 'test-gauge', aggregation: { type: AggregationType.SUM } }]],
  [
    'buckets for a counter',
    [
      {
        instrumentName: 'test-counter',
        aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [1, 2, 3] } },
      },
    ],
  ],
];

describe('views', () => {
  it.each(viewCases)('make of instruments what the SDK makes of them: %s', async (_, given) => {
    const views = given.map((view) => ({ ...view }));
    const { sdk, own } = await onBoth(recordAll, { views });
    expect(own.readings).toEqual(sdk.readings);
    expect(own.errors).toEqual([]);
  });

  it('make exponential histograms of the resolution that the collector has', async () => {
    const collector = new MetricsCollector();
    const reader = readerOf();
    const views = [
      { instrumentName: '*', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 20 } } },
    ];
    const histogram = new TelltaleMeterProvider({ collector, views: views as ViewOptions[], readers: [reader] })
      .getMeter('')
      .createHistogram('spread');
    for (let i = 1; i <= 100; i++) histogram.record(i);
    histogram.record(0);
    const { resourceMetrics } = await reader.collect();
    const [point] =
      resourceMetrics.scopeMetrics
        .flatMap(({ metrics }) => metrics)
        .find(({ descriptor }) => descriptor.name === 'spread')?.dataPoints ?? [];
    const value = point?.value as {
      count: number;
      sum: number;
      scale: number;
      zeroCount: number;
      positive: { offset: number; bucketCounts: number[] };
    };
    expect(value).toMatchObject({ count: 101, sum: 5050, zeroCount: 1 });
    expect(value.positive.bucketCounts.length).toBeLessThanOrEqual(20);
    expect(value.positive.bucketCounts.reduce((total, count) => total + count, 0)).toBe(100);
    // The last bucket is the one that 100 is in.
    const upper = 2 ** ((value.positive.offset + value.positive.bucketCounts.length) * 2 ** -value.scale);
    const lower = 2 ** ((value.positive.offset + value.positive.bucketCounts.length - 1) * 2 ** -value.scale);
    expect(lower).toBeLessThan(100);
    expect(upper).toBeGreaterThanOrEqual(100);
  });

  it.each<readonly [string, ViewOptions]>([
    ['no selector', { description: 'all' }],
    ['a name for a pattern', { name: 'one', instrumentName: 'test.*' }],
    ['a name for a kind', { name: 'one', instrumentType: InstrumentType.COUNTER }],
    ['a limit of none', { instrumentName: '*', aggregationCardinalityLimit: 0 }],
    ['an aggregation that is unknown', { instrumentName: '*', aggregation: { type: 'drop' as never } }],
  ])('are refused when they have %s', (_, view) => {
    expect(() => new TelltaleMeterProvider({ collector: new MetricsCollector(), views: [view] })).toThrow(
      MetricDefinitionError,
    );
  });
});

describe('attributes', () => {
  it('of one set in another order are one series', async () => {
    const { sdk, own } = await onBoth((provider) => {
      const counter = provider.getMeter('').createCounter('orders', { valueType: ValueType.INT });
      counter.add(1, { 'payment.method': 'card', 'http.status_code': 200, express: true });
      counter.add(1, { express: true, 'http.status_code': 200, 'payment.method': 'card' });
      counter.add(1, { 'http.status_code': 500 });
      counter.add(1);
      counter.add(1, {});
    });
    expect(own.readings).toEqual(sdk.readings);
  });

  it('keep their names and types through a change of memory', async () => {
    const { sdk, own } = await onBoth((provider) => {
      const gauge = provider.getMeter('').createGauge('level');
      for (let i = 0; i < 300; i++)
        gauge.record(i, { 'shelf.number': i, 'shelf.kind': `kind ${i % 7}`, isLow: i % 2 === 0 });
    });
    expect(own.readings).toEqual(sdk.readings);
  });
});

describe('shutdown', () => {
  it.each([
    ['the SDK', (reader: ReturnType<typeof readerOf>) => new MeterProvider({ readers: [reader] })],
    [
      'telltale',
      (reader: ReturnType<typeof readerOf>) =>
        new TelltaleMeterProvider({ collector: new MetricsCollector(), readers: [reader] }),
    ],
  ])('ends every reader once, and after it there is nothing to flush: %s', async (_, make) => {
    const reader = readerOf();
    const provider = make(reader);
    await provider.forceFlush();
    await provider.forceFlush({ timeoutMillis: 1234 });
    await provider.shutdown({ timeoutMillis: 1234 });
    await provider.shutdown();
    await provider.forceFlush();
    expect([reader.flushes, reader.shutdowns]).toEqual([2, 1]);
    expect(provider.getMeter('late').constructor).toBe(createNoopMeter().constructor);
  });

  it('leaves the collector as it is, and takes what callbacks told', async () => {
    const collector = new MetricsCollector();
    const provider = new TelltaleMeterProvider({ collector });
    const meter = provider.getMeter('');
    const counter = meter.createCounter('hits');
    counter.add(1);
    meter.createObservableGauge('depth').addCallback((result) => result.observe(5));
    expect(await samplesOf(collector)).toContain('depth 5');
    await provider.shutdown();
    counter.add(1);
    const samples = await samplesOf(collector);
    expect(samples).toContain('hits_total 2');
    expect(samples).not.toContain('depth 5');
    provider.getMeter('late').createCounter('late').add(1);
    expect(await samplesOf(collector)).toEqual(samples);
  });
});
