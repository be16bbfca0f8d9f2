// Instruments of OpenTelemetry beside what else a collector has: exemplars of active spans, storages that are queried, and
// workers that are gathered.
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { MemoryStorage, MetricsCollector } from 'telltale';
import { TelltaleMeterProvider } from 'telltale/opentelemetry';
import { Members } from '../../cluster/members.js';

describe('exemplars', () => {
  beforeEach(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  afterEach(() => context.disable());

  it.each(['active', 'given'])('come from the span that is %s', async (how) => {
    const collector = new MetricsCollector({ exemplars: true });
    const meter = new TelltaleMeterProvider({ collector }).getMeter('');
    const counter = meter.createCounter('hits');
    const histogram = meter.createHistogram('sizes', { advice: { explicitBucketBoundaries: [5] } });
    const span = new BasicTracerProvider().getTracer('test').startSpan('work');
    const withSpan = trace.setSpan(context.active(), span);
    const record = (given?: typeof withSpan) => {
      counter.add(2, { a: 1 }, given);
      histogram.record(3, { a: 1 }, given);
    };
    if (how === 'active') context.with(withSpan, () => record());
    else record(withSpan);
    const { traceId, spanId } = span.spanContext();
    const exemplar = `# {trace_id="${traceId}",span_id="${spanId}"}`;
    const text = await collector.expose('openmetrics');
    expect(text).toContain(`hits_total{a="1"} 2 ${exemplar} 2 `);
    expect(text).toContain(`sizes_bucket{a="1",le="5.0"} 1 ${exemplar} 3 `);
  });
});

describe('storages', () => {
  it('get the series of all meters', async () => {
    const storage = new MemoryStorage();
    const collector = new MetricsCollector({ storage });
    const provider = new TelltaleMeterProvider({ collector });
    for (const name of ['a', 'b']) provider.getMeter(name).createCounter('hits').add(2, { 'http.route': '/' });
    expect((await collector.collectAndStore()).isOk()).toBe(true);
    const matcher = { name: '__name__', operator: '=', value: 'hits_total' } as const;
    const selected = (await storage.select([matcher], { startMs: 0, endMs: Date.now() }))._unsafeUnwrap();
    const series: object[] = [];
    for await (const { labels, values } of selected) series.push({ ...labels, values: [...values] });
    expect(series).toEqual([
      { __name__: 'hits_total', http_route: '/', otel_scope_name: 'a', values: [2] },
      { __name__: 'hits_total', http_route: '/', otel_scope_name: 'b', values: [2] },
    ]);
  });
});

describe('a cluster', () => {
  it.each([
    ['sent', true],
    ['read in place', false],
  ])('adds up what workers record, numbers %s', async (_, copies) => {
    const members = new Members();
    for (let i = 0; i < 2; i++) {
      const provider = new TelltaleMeterProvider({ collector: members.join(copies).metrics });
      for (const name of ['a', 'b'])
        provider
          .getMeter(name)
          .createCounter('hits')
          .add(i + 1, { 'http.route': '/' });
      provider
        .getMeter('a')
        .createHistogram('sizes', { advice: { explicitBucketBoundaries: [5] } })
        .record(i);
    }
    expect((await members.shown('hits_total{')).sort()).toEqual([
      'hits_total{http_route="/",otel_scope_name="a"} 3',
      'hits_total{http_route="/",otel_scope_name="b"} 3',
    ]);
    expect(await members.shown('sizes_')).toEqual([
      'sizes_bucket{otel_scope_name="a",le="+Inf"} 2',
      'sizes_bucket{otel_scope_name="a",le="5"} 2',
      'sizes_count{otel_scope_name="a"} 2',
      'sizes_sum{otel_scope_name="a"} 1',
    ]);
  });
});
