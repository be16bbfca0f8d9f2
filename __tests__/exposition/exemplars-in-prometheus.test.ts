// A real Prometheus scrapes exemplars, those of active spans and those that were given, and answers them.
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { MetricsCollector, type MetricsServer, startMetricsServer } from 'telltale';
import { pollUntil } from '../support/poll.js';
import { type Prometheus, startPrometheus } from '../support/prometheus.js';
import { describeWithServer } from '../support/servers.js';

interface ExemplarsData {
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly exemplars: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: string;
    readonly timestamp: number;
  }[];
}

const unescaped = (text: string): string =>
  text.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character));

describeWithServer(['prometheus'], 'exemplars in Prometheus', () => {
  const metrics = new MetricsCollector({ exemplars: true });
  const span = new BasicTracerProvider().getTracer('test').startSpan('work');
  const hostile = '"} 1\nfake_total{a="\\ # 花';
  const startMs = Date.now();
  let server: MetricsServer;
  let prometheus: Prometheus;

  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    server = (await startMetricsServer(metrics, { port: 0 }))._unsafeUnwrap();
    const targets = [`127.0.0.1:${server.port}`];
    const settings = { scrape_protocols: ['OpenMetricsText1.0.0'] };
    prometheus = await startPrometheus({
      jobs: [
        { name: 'text', targets, settings },
        { name: 'preferred', targets },
      ],
    });
    const latency = metrics.histogram('latency_seconds', { buckets: [0.1, 1], labelNames: ['route'] });
    context.with(trace.setSpan(context.active(), span), () => latency.observe(0.67, { route: '/' }));
    const sizes = metrics.histogram('upload_bytes', { native: true });
    sizes.observe(1_000, {}, { exemplar: { file: 'a' } });
    sizes.observe(50_000, {}, { exemplar: { file: 'b' } });
    metrics.counter('orders_total').increment(3, {}, { exemplar: { order: hostile } });
    await prometheus.waitForScrapes();
  }, 60_000);

  afterAll(async () => {
    context.disable();
    await Promise.all([prometheus.stop(), server.close()]);
  });

  const answered = (query: string): Promise<readonly ExemplarsData[]> =>
    pollUntil({ what: `Exemplars of ${query}`, timeoutMs: 20_000 }, async () => {
      const range = { start: String(startMs / 1000 - 60), end: String(Date.now() / 1000 + 60) };
      const data = await prometheus.get<readonly ExemplarsData[]>('query_exemplars', { query, ...range });
      return data.length > 0 ? data : undefined;
    });

  it.each(['text', 'preferred'])('answers the trace of an observation: %s', async (job) => {
    const { traceId, spanId } = span.spanContext();
    expect(await answered(`latency_seconds_bucket{job="${job}"}`)).toEqual([
      {
        seriesLabels: expect.objectContaining({ __name__: 'latency_seconds_bucket', route: '/', le: '1.0' }),
        exemplars: [{ labels: { trace_id: traceId, span_id: spanId }, value: '0.67', timestamp: expect.any(Number) }],
      },
    ]);
  });

  it('answers all exemplars of a native histogram, which text cannot show', async () => {
    const [data] = await answered('upload_bytes{job="preferred"}');
    const shown = data?.exemplars.map(({ labels, value }) => [labels.file, value]);
    expect(shown).toEqual([
      ['a', '1000'],
      ['b', '50000'],
    ]);
  });

  it.each(['text', 'preferred'])('answers what was given with an increment, and when: %s', async (job) => {
    const [data] = await answered(`orders_total{job="${job}"}`);
    const { exemplars } = data as ExemplarsData;
    expect(exemplars).toHaveLength(1);
    const { labels, value, timestamp } = exemplars[0] as ExemplarsData['exemplars'][number];
    expect(value).toBe('3');
    const { order = '' } = labels;
    // Prometheus 2 reads over what is escaped in the text of an exemplar, and keeps the escapes in the value.
    expect(order === hostile ? order : unescaped(order)).toBe(hostile);
    const timestampMs = timestamp * 1000;
    expect(timestampMs).toBeGreaterThanOrEqual(startMs);
    expect(timestampMs).toBeLessThanOrEqual(Date.now());
  });
});
