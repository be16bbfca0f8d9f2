// What scrapers see of instruments of OpenTelemetry: whole texts, names that collide, and what cannot be recorded.
import { type Attributes, type MetricAdvice, ValueType } from '@opentelemetry/api';
import { AggregationType, type ViewOptions } from '@opentelemetry/sdk-metrics';
import { describe as inWords, MetricsCollector, type MetricsError } from 'telltale';
import { TelltaleMeterProvider } from 'telltale/opentelemetry';
import { type OpenMetricsJudge, startOpenMetricsJudge } from '../../support/openmetrics-judge.js';
import { samplesOf } from './both-providers.js';

function setUp(options: ConstructorParameters<typeof MetricsCollector>[0] = {}) {
  const told: MetricsError[] = [];
  const collector = new MetricsCollector({ ...options, onError: (error) => told.push(error) });
  const provider = new TelltaleMeterProvider({ collector });
  return { collector, provider, told };
}

let judge: OpenMetricsJudge;
beforeAll(async () => {
  judge = await startOpenMetricsJudge();
});
afterAll(() => judge.stop());

const dropped = async (collector: MetricsCollector) =>
  (await collector.getAllMetrics())
    .filter(({ name }) => name === 'telltale_dropped_recordings_total')
    .map(({ labels, value }) => [labels.reason, value]);

describe('the exposition', () => {
  it('has units, totals and the scope', async () => {
    const { collector, provider } = setUp();
    const meter = provider.getMeter('shop.web', '1.2.0', { schemaUrl: 'https://example.com/1' });
    meter
      .createCounter('http.requests', { unit: '{request}', description: 'Requests' })
      .add(2, { 'http.route': '/', code: 200 });
    meter.createHistogram('http.duration', { unit: 's', advice: { explicitBucketBoundaries: [0.1, 1] } }).record(0.5);
    meter.createUpDownCounter('connections').add(-1);
    meter.createGauge('disk.use', { unit: '1' }).record(0.25);
    const scope = 'otel_scope_name="shop.web",otel_scope_version="1.2.0",otel_scope_schema_url="https://example.com/1"';
    expect(await samplesOf(collector)).toEqual([
      '# HELP http_requests_total Requests',
      '# TYPE http_requests_total counter',
      `http_requests_total{code="200",http_route="/",${scope}} 2`,
      '# TYPE http_duration_seconds histogram',
      `http_duration_seconds_bucket{${scope},le="0.1"} 0`,
      `http_duration_seconds_bucket{${scope},le="1"} 1`,
      `http_duration_seconds_bucket{${scope},le="+Inf"} 1`,
      `http_duration_seconds_sum{${scope}} 0.5`,
      `http_duration_seconds_count{${scope}} 1`,
      '# TYPE connections gauge',
      `connections{${scope}} -1`,
      '# TYPE disk_use_ratio gauge',
      `disk_use_ratio{${scope}} 0.25`,
    ]);
    expect(await judge.check(await collector.expose('openmetrics'))).toEqual({ ok: true });
  });

  // The SDK gives every histogram buckets for milliseconds, so that seconds all fall into the first.
  it('has buckets for seconds where the unit is seconds, unless advice or a view has others', async () => {
    const seconds = async (views: ViewOptions[], advice?: MetricAdvice) => {
      const collector = new MetricsCollector();
      const provider = new TelltaleMeterProvider({ collector, views });
      provider
        .getMeter('')
        .createHistogram('took', { unit: 's', ...(advice && { advice }) })
        .record(0.02);
      return (await samplesOf(collector)).flatMap((line) => /le="(.*?)"/.exec(line)?.[1] ?? []).join(' ');
    };
    const boundaries = [0.25, 1];
    const view: ViewOptions = {
      aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries } },
    };
    expect(await seconds([])).toBe('0.005 0.01 0.025 0.05 0.075 0.1 0.25 0.5 0.75 1 2.5 5 7.5 10 +Inf');
    expect(await seconds([], { explicitBucketBoundaries: [1, 2] })).toBe('1 2 +Inf');
    expect(await seconds([{ instrumentName: 'took', ...view }], { explicitBucketBoundaries: [1, 2] })).toBe(
      '0.25 1 +Inf',
    );
  });

  it('shows the same instrument of two meters as one family', async () => {
    const { collector, provider, told } = setUp();
    for (const name of ['a', 'b']) provider.getMeter(name).createCounter('hits', { description: 'Hits' }).add(1);
    expect(await samplesOf(collector)).toEqual([
      '# HELP hits_total Hits',
      '# TYPE hits_total counter',
      'hits_total{otel_scope_name="a"} 1',
      'hits_total{otel_scope_name="b"} 1',
    ]);
    expect(told).toEqual([]);
  });

  it('keeps the labels that the collector gives all series, once', async () => {
    const { collector, provider } = setUp({ defaultLabels: { host: 'h1' } });
    const counter = provider.getMeter('').createCounter('hits');
    counter.add(1, { host: 'h1' });
    counter.add(1);
    counter.add(1, { host: 'h2' });
    expect(await samplesOf(collector)).toEqual([
      '# TYPE hits_total counter',
      'hits_total{host="h1"} 2',
      'hits_total{host="h2"} 1',
    ]);
  });

  it('tells what the metrics are about', async () => {
    const collector = new MetricsCollector();
    const resource = { attributes: { 'service.name': 'shop', 'process.pid': 7, nothing: undefined, object: {} } };
    new TelltaleMeterProvider({ collector, resource });
    expect(await samplesOf(collector)).toContain('target_info{service_name="shop",process_pid="7"} 1');
  });
});

describe('names that collide', () => {
  it.each<
    readonly [
      string,
      readonly (readonly [
        string,
        'createCounter' | 'createUpDownCounter' | 'createGauge' | 'createHistogram',
        string,
      ])[],
      readonly string[],
    ]
  >([
    [
      'after the signs are gone',
      [
        ['a.b', 'createCounter', ''],
        ['a/b', 'createCounter', ''],
        ['a_b', 'createCounter', ''],
      ],
      ['a_b_total', 'U__a_2f_b_total', 'a_b_counter_total'],
    ],
    [
      'because of the kind',
      [
        ['x', 'createCounter', ''],
        ['x', 'createUpDownCounter', ''],
        ['x', 'createHistogram', ''],
        ['x', 'createGauge', ''],
      ],
      ['x_total', 'x_up_down_counter', 'x_histogram', 'x_gauge'],
    ],
    [
      'within a meter, of two kinds that are one to Prometheus,',
      [
        ['x', 'createUpDownCounter', ''],
        ['x', 'createGauge', ''],
      ],
      ['x', 'x_gauge'],
    ],
    [
      'with what a histogram shows',
      [
        ['x', 'createHistogram', ''],
        ['x.count', 'createGauge', ''],
      ],
      ['x', 'U__x_2e_count'],
    ],
    [
      'because the unit is in a name',
      [
        ['x', 'createGauge', 's'],
        ['x.seconds', 'createGauge', ''],
      ],
      ['x_seconds', 'U__x_2e_seconds'],
    ],
  ])('%s are families of their own, with a warning', async (_, instruments, names) => {
    const { collector, provider, told } = setUp({ clock: { now: () => Date.now(), monotonic: steps() } });
    for (const [name, create, unit] of instruments) {
      const instrument = provider.getMeter('m')[create](name, { unit });
      if ('add' in instrument) instrument.add(1);
      else instrument.record(1);
    }
    const text = await collector.expose();
    const types = [...text.matchAll(/^# TYPE (\S+) /gm)]
      .map(([, name]) => name)
      .filter((name) => !name?.startsWith('telltale'));
    expect(types).toEqual(names);
    expect(told).toHaveLength(names.length - 1);
    expect(told.map(inWords).join(' ')).toContain(`It is shown as ${names.at(-1)}.`);
  });

  it('with a metric that was defined otherwise leave that one alone', async () => {
    const { collector, provider, told } = setUp();
    collector.counter('orders_total', { labelNames: ['shop'] }).increment(1, { shop: 'north' });
    provider.getMeter('m').createCounter('orders').add(2);
    expect(await samplesOf(collector)).toEqual([
      '# TYPE orders_total counter',
      'orders_total{shop="north"} 1',
      '# TYPE orders_counter_total counter',
      'orders_counter_total{otel_scope_name="m"} 2',
    ]);
    expect(told).toMatchObject([{ kind: 'family_conflict', metric: 'orders_total' }]);
  });

  it('by other buckets in another meter get a family as well', async () => {
    const { collector, provider } = setUp();
    provider
      .getMeter('a')
      .createHistogram('size', { advice: { explicitBucketBoundaries: [1] } })
      .record(1);
    provider
      .getMeter('b')
      .createHistogram('size', { advice: { explicitBucketBoundaries: [2] } })
      .record(1);
    const samples = await samplesOf(collector);
    expect(samples).toContain('size_bucket{otel_scope_name="a",le="1"} 1');
    expect(samples).toContain('size_histogram_bucket{otel_scope_name="b",le="2"} 1');
  });
});

describe('attributes as labels', () => {
  it.each<readonly [string, object, string]>([
    ['lists', { list: ['a"b', 1, true] }, 'hits_total{list="[\\"a\\\\\\"b\\",1,true]"} 1'],
    ['nothing', { none: null, undef: undefined, empty: '' }, 'hits_total 1'],
    ['numbers without end', { n: Number.NaN, m: Number.POSITIVE_INFINITY }, 'hits_total{m="Infinity",n="NaN"} 1'],
    ['names that become one', { 'a.b': 1, a_b: 2 }, 'hits_total{a_b="1;2"} 1'],
    [
      'names that are none',
      { '1st': 'a', _x: 'b', __name__: 'c', ü: 'd' },
      'hits_total{key_="d",key_1st="a",key__name__="c",key_x="b"} 1',
    ],
    ['names that are taken', { 'otel.metric.overflow': true }, 'hits_total{exported_otel_metric_overflow="true"} 1'],
    [
      'a prototype',
      JSON.parse('{"__proto__": "p", "constructor": "c"}') as object,
      'hits_total{constructor="c",key__proto__="p"} 1',
    ],
    ['halves of a pair', { half: '\ud800' }, 'hits_total{half="\ufffd"} 1'],
  ])('%s', async (_, attributes, expected) => {
    const { collector, provider, told } = setUp();
    const counter = provider.getMeter('').createCounter('hits');
    counter.add(1, attributes as Attributes);
    expect((await samplesOf(collector)).at(-1)).toBe(expected);
    counter.add(1, attributes as Attributes);
    expect((await samplesOf(collector)).at(-1)).toBe(expected.replace(/ 1$/, ' 2'));
    expect(told).toEqual([]);
  });

  it('of a histogram leave its own label alone', async () => {
    const { collector, provider } = setUp();
    provider
      .getMeter('')
      .createHistogram('size', { advice: { explicitBucketBoundaries: [1] } })
      .record(1, { le: 'mine' });
    expect(await samplesOf(collector)).toContain('size_bucket{exported_le="mine",le="1"} 1');
  });

  const cyclic: { self?: object } = {};
  cyclic.self = cyclic;
  const throwing = Object.defineProperty({}, 'bad', {
    enumerable: true,
    get: () => {
      throw new Error('no');
    },
  });

  it.each<readonly [string, unknown, string]>([
    ['an object', { a: { b: 1 } }, 'invalid_label_value'],
    ['a circle', cyclic, 'invalid_label_value'],
    ['a list of objects', { a: [{}] }, 'invalid_label_value'],
    ['an endless list', { a: Array.from({ length: 1e5 }, () => 1) }, 'invalid_label_value'],
    ['an endless text', { a: 'x'.repeat(1e6) }, 'invalid_label_value'],
    ['a function', { a: () => 1 }, 'invalid_label_value'],
    ['a symbol', { a: Symbol('s') }, 'invalid_label_value'],
    ['a big number', { a: 1n }, 'invalid_label_value'],
    ['a getter that throws', throwing, 'invalid_label_value'],
    ['a text', 'attributes', 'label_mismatch'],
    ['an array', ['a'], 'label_mismatch'],
    ['a number', 5, 'label_mismatch'],
  ])('drop a recording with %s, and count it', async (_, attributes, reason) => {
    const { collector, provider } = setUp();
    const meter = provider.getMeter('');
    meter.createCounter('hits').add(1, attributes as Attributes);
    meter.createHistogram('sizes').record(1, attributes as Attributes);
    expect(await dropped(collector)).toEqual([[reason, 2]]);
    expect((await samplesOf(collector)).filter((line) => !line.startsWith('#'))).toEqual([]);
  });
});

describe('amounts that cannot be recorded', () => {
  it('are dropped, and counted by reason', async () => {
    const { collector, provider } = setUp();
    const meter = provider.getMeter('');
    const [counter, sum, histogram] = [
      meter.createCounter('c'),
      meter.createUpDownCounter('s'),
      meter.createHistogram('h'),
    ];
    const whole = meter.createGauge('g', { valueType: ValueType.INT });
    for (const amount of [Number.NaN, undefined, null, '1', {}, Symbol('one'), 1n] as number[]) {
      counter.add(amount);
      sum.add(amount);
      histogram.record(amount);
      whole.record(amount);
    }
    for (const amount of [-1, Number.NEGATIVE_INFINITY]) {
      counter.add(amount);
      histogram.record(amount);
    }
    expect((await samplesOf(collector)).filter((line) => !line.startsWith('#'))).toEqual([]);
    expect(await dropped(collector)).toEqual([
      ['not_a_number', 28],
      ['negative', 3],
      ['infinite', 1],
    ]);
  });

  it('are what a gauge takes: NaN stands for unknown', async () => {
    const { collector, provider } = setUp();
    provider.getMeter('').createGauge('level').record(Number.NaN);
    expect(await samplesOf(collector)).toContain('level NaN');
  });
});

describe('a filter of attributes that throws', () => {
  it('drops the recording', async () => {
    const collector = new MetricsCollector();
    const broken = {
      process: () => {
        throw new Error('no');
      },
    };
    const provider = new TelltaleMeterProvider({
      collector,
      views: [{ instrumentName: '*', attributesProcessors: [broken] }],
    });
    provider.getMeter('').createCounter('hits').add(1, { a: 1 });
    expect(await dropped(collector)).toEqual([['label_mismatch', 1]]);
  });
});

/** A clock that is a minute later each time, so that every error is told. */
function steps(): () => number {
  let now = 0;
  return () => (now += 60);
}
