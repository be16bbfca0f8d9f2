// Exemplars from the active span: with OpenTelemetry's own API, context manager and tracer, and with stand-ins for copies of
// the API that are old, broken or hostile.
import { context, type Span, TraceFlags, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { AlwaysOffSampler, BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { type CollectorOptions, type Exemplar, MetricDefinitionError, MetricsCollector } from 'telltale';
import { Timed } from 'telltale/decorators';
import { pollUntil } from '../support/poll.js';
import { type Setup, setUp } from './setup.js';

const API = Symbol.for('opentelemetry.js.api.1');
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');
const registered = globalThis as { [API]?: unknown };

const sampled = new BasicTracerProvider().getTracer('test');
const unsampled = new BasicTracerProvider({ sampler: new AlwaysOffSampler() }).getTracer('test');

function within<T>(span: Span, call: () => T): T {
  return context.with(trace.setSpan(context.active(), span), call);
}

const labelsOf = (span: Span) => ({ trace_id: span.spanContext().traceId, span_id: span.spanContext().spanId });

async function exemplarsIn({ metrics }: Pick<Setup, 'metrics'>, name: string): Promise<Exemplar[]> {
  const { families } = await metrics.snapshot();
  const blocks = [...(families.find(({ descriptor }) => descriptor.name === name)?.blocks() ?? [])];
  return blocks.flatMap(({ exemplars }) => [...(exemplars?.values() ?? [])].flat());
}

const withSpans = (options: CollectorOptions = {}) => setUp({ exemplars: true, ...options });

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

afterEach(() => {
  context.disable();
  delete registered[API];
});

describe('exemplars: true', () => {
  it.each<[string, (setup: Setup) => () => void]>([
    [
      'a counter',
      ({ metrics }) =>
        () =>
          metrics.counter('m').increment(),
    ],
    [
      'a child of a counter',
      ({ metrics }) => {
        const child = metrics.counter('m', { labelNames: ['a'] }).labels({ a: 'x' });
        return () => child.increment(2);
      },
    ],
    [
      'a counter with labels',
      ({ metrics }) =>
        () =>
          metrics.counter('m').increment(1, { a: 'x' }),
    ],
    [
      'a histogram',
      ({ metrics }) =>
        () =>
          metrics.histogram('m').observe(0.3),
    ],
    [
      'a child of a histogram',
      ({ metrics }) => {
        const child = metrics.histogram('m').labels({ a: 'x' });
        return () => child.observe(0.3);
      },
    ],
    [
      'a histogram with labels',
      ({ metrics }) =>
        () =>
          metrics.histogram('m').observe(1, { a: 'x' }),
    ],
    [
      'a native histogram',
      ({ metrics }) =>
        () =>
          metrics.histogram('m', { native: true }).observe(1),
    ],
    [
      'a timer',
      ({ metrics }) => {
        const stop = metrics.histogram('m').startTimer();
        return () => stop();
      },
    ],
    [
      'series that expire',
      ({ metrics }) =>
        () =>
          metrics.counter('m', { expireAfter: 60 }).increment(),
    ],
  ])('notes the span in which %s records', async (_, recorderOf) => {
    const setup = withSpans();
    const record = recorderOf(setup);
    const span = sampled.startSpan('work');
    within(span, record);
    expect(await exemplarsIn(setup, 'm')).toEqual([expect.objectContaining({ labels: labelsOf(span) })]);
  });

  it('notes the span of an asynchronous call that is measured', async () => {
    const setup = withSpans();
    const histogram = setup.metrics.histogram('m');
    const span = sampled.startSpan('work');
    await within(span, () => histogram.time(() => Promise.resolve()));
    expect(await exemplarsIn(setup, 'm')).toMatchObject([{ labels: labelsOf(span) }]);
  });

  it('notes the span of a decorated method', async () => {
    const setup = withSpans();
    class Service {
      @Timed({ name: 'm', collector: setup.metrics })
      async work(): Promise<void> {}
    }
    const span = sampled.startSpan('work');
    await within(span, () => new Service().work());
    expect(await exemplarsIn(setup, 'm')).toMatchObject([{ labels: labelsOf(span) }]);
  });

  it('shows trace and span in OpenMetrics', async () => {
    const { metrics, lines } = withSpans();
    const span = sampled.startSpan('work');
    within(span, () => metrics.counter('m_total').increment());
    const { trace_id, span_id } = labelsOf(span);
    expect(trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect((await lines('openmetrics'))[0]).toBe(
      `m_total 1 # {trace_id="${trace_id}",span_id="${span_id}"} 1 1767225600`,
    );
  });

  it.each<[string, () => Span]>([
    ['not sampled', () => unsampled.startSpan('work')],
    [
      'no valid one',
      () => trace.wrapSpanContext({ traceId: '0'.repeat(32), spanId: 'x', traceFlags: TraceFlags.SAMPLED }),
    ],
  ])('notes no span that is %s', async (_, spanOf) => {
    const setup = withSpans();
    within(spanOf(), () => setup.metrics.counter('m').increment());
    expect(setup.metrics.counter('m').getValue()).toBe(1);
    expect(await exemplarsIn(setup, 'm')).toEqual([]);
  });

  it('notes one span a second and bucket', async () => {
    const setup = withSpans();
    const histogram = setup.metrics.histogram('m', { buckets: [1] });
    const spans = [1, 2, 3, 4].map(() => sampled.startSpan('work'));
    const observe = (value: number, index: number) => within(spans[index] as Span, () => histogram.observe(value));
    const noted = async () =>
      (await exemplarsIn(setup, 'm')).map(({ labels }) =>
        spans.findIndex((span) => labelsOf(span).span_id === labels.span_id),
      );
    observe(0.5, 0);
    observe(0.5, 1);
    observe(5, 2);
    expect(await noted()).toEqual([0, 2]);
    setup.clock.advance(0.999);
    observe(0.5, 1);
    expect(await noted()).toEqual([0, 2]);
    setup.clock.advance(0.001);
    observe(0.5, 3);
    expect(await noted()).toEqual([3, 2]);
  });

  it('notes one in minIntervalSeconds, and a native histogram one per octave in them', async () => {
    const setup = withSpans({ exemplars: { minIntervalSeconds: 10 } });
    const counter = setup.metrics.counter('m');
    const native = setup.metrics.histogram('n', { native: true });
    const spans = [1, 2, 3].map(() => sampled.startSpan('work'));
    spans.forEach((span, i) => {
      within(span, () => counter.increment());
      within(span, () => native.observe([1, 1.5, 4][i] as number));
      setup.clock.advance(4);
    });
    expect(await exemplarsIn(setup, 'm')).toMatchObject([{ labels: labelsOf(spans[0] as Span) }]);
    expect((await exemplarsIn(setup, 'n')).map(({ value }) => value)).toEqual([1, 4]);
  });

  it('prefers what is given to the span, and keeps it for as long', async () => {
    const setup = withSpans();
    const counter = setup.metrics.counter('m');
    const span = sampled.startSpan('work');
    within(span, () => counter.increment(1, {}, { exemplar: { order: 'a' } }));
    within(span, () => counter.increment());
    expect(await exemplarsIn(setup, 'm')).toMatchObject([{ labels: { order: 'a' } }]);
    setup.clock.advance(1);
    within(span, () => counter.increment());
    expect(await exemplarsIn(setup, 'm')).toMatchObject([{ labels: labelsOf(span) }]);
    counter.increment(1, {}, { exemplar: { order: 'b' } });
    expect(await exemplarsIn(setup, 'm')).toMatchObject([{ labels: { order: 'b' } }]);
  });

  it('pauses after many recordings in a row, and looks again by itself', async () => {
    const metrics = new MetricsCollector({ exemplars: true });
    const [busy, quiet] = [metrics.counter('busy'), metrics.counter('quiet')];
    const child = metrics.counter('busy').labels({ a: 'x' });
    for (let i = 0; i < 10_000; i++) busy.increment();
    child.increment();
    const span = sampled.startSpan('work');
    const record = () =>
      within(span, () => {
        for (const counter of [busy, child, quiet]) counter.increment();
      });
    record();
    expect(await exemplarsIn({ metrics }, 'busy')).toEqual([]);
    expect(await exemplarsIn({ metrics }, 'quiet')).toHaveLength(1);
    const noted = await pollUntil({ what: 'A look at the end of the pause', timeoutMs: 5000 }, async () => {
      record();
      const exemplars = await exemplarsIn({ metrics }, 'busy');
      return exemplars.length === 2 ? exemplars : undefined;
    });
    expect(noted.map(({ labels }) => labels)).toEqual([labelsOf(span), labelsOf(span)]);
  });

  it('loses no recording where the way of recording changes', async () => {
    const metrics = new MetricsCollector({ exemplars: true });
    const histogram = metrics.histogram('m', { buckets: [1], labelNames: ['i'] });
    const children = Array.from({ length: 100 }, (_, i) => histogram.labels({ i }));
    let expected = 0;
    await pollUntil({ what: 'Several pauses', timeoutMs: 10_000, intervalMs: 5 }, async () => {
      for (const child of children) child.observe(2);
      for (let i = 0; i < 100; i++) histogram.observe(2, { i });
      expected += 200;
      return expected >= 20_000 ? true : undefined;
    });
    const [sum] = (await metrics.getAllMetrics()).filter(({ name }) => name === 'm_count').map(({ value }) => value);
    expect(sum).toBe(expected / 100);
  });

  it('is off by default, and for instruments that take no exemplars', async () => {
    const setup = setUp();
    within(sampled.startSpan('work'), () => setup.metrics.counter('m').increment());
    expect(await exemplarsIn(setup, 'm')).toEqual([]);
    const { metrics } = withSpans();
    expect(metrics.gauge('g').family.exemplars.looks).toBe(0);
    expect(metrics.counter('c').family.exemplars.looks).toBeGreaterThan(0);
  });

  it.each([[0], ['yes'], [null], [{ minIntervalSeconds: -1 }], [{ minIntervalSeconds: Number.NaN }]])(
    'cannot be %p',
    (exemplars) => {
      expect(() => new MetricsCollector({ exemplars: exemplars as never })).toThrow(MetricDefinitionError);
    },
  );
});

describe('a copy of the API', () => {
  const spanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
  const active = (span: unknown) => ({
    context: { active: () => ({ getValue: (key: symbol) => (key === SPAN ? span : undefined) }) },
  });
  const broken = () => {
    throw new Error('broken');
  };

  const record = async (api: unknown) => {
    registered[API] = api;
    const setup = withSpans({ strict: true });
    setup.metrics.counter('m').increment();
    expect(setup.metrics.counter('m').getValue()).toBe(1);
    return exemplarsIn(setup, 'm');
  };

  it('is found by its symbol, whichever version of 1.x it is', async () => {
    expect(await record({ version: '1.0.0', ...active({ spanContext: () => spanContext }) })).toMatchObject([
      { labels: { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) } },
    ]);
  });

  it.each<[string, unknown]>([
    ['is missing', undefined],
    ['is no object', 5],
    ['has no context manager', { version: '1.9.0' }],
    ['throws when it is asked for the context', { context: { active: broken } }],
    ['has no active context', { context: { active: () => undefined } }],
    ['throws in the context', { context: { active: () => ({ getValue: broken }) } }],
    ['has something else for a span', active('span')],
    ['throws in the span', active({ spanContext: broken })],
    ['has a span without a context', active({ spanContext: () => undefined })],
    ['has an id with quotes', active({ spanContext: () => ({ ...spanContext, traceId: '"} 1\nfake 1 # {a="' }) })],
    ['has an id in capitals', active({ spanContext: () => ({ ...spanContext, spanId: 'B'.repeat(16) }) })],
    ['has an id of zeros', active({ spanContext: () => ({ ...spanContext, spanId: '0'.repeat(16) }) })],
    ['has an id that is too short', active({ spanContext: () => ({ ...spanContext, traceId: 'a'.repeat(31) }) })],
    ['has an id that is no text', active({ spanContext: () => ({ ...spanContext, spanId: 5 }) })],
    ['has no flags', active({ spanContext: () => ({ ...spanContext, traceFlags: undefined }) })],
  ])('does not disturb a recording where it %s', async (_, api) => {
    expect(await record(api)).toEqual([]);
  });

  it('does not disturb a recording where even looking for it throws', async () => {
    Object.defineProperty(globalThis, API, { configurable: true, get: broken });
    const setup = withSpans();
    setup.metrics.counter('m').increment();
    delete registered[API];
    expect(setup.metrics.counter('m').getValue()).toBe(1);
    expect(await exemplarsIn(setup, 'm')).toEqual([]);
  });
});
