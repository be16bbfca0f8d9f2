// Exemplars in OpenMetrics text: whatever their labels hold, the strict reference parser accepts the text, and reading it back
// gives what was recorded.
import fc from 'fast-check';
import { MetricsCollector } from 'telltale';
import { parseExposition } from 'telltale/exposition';
import { ManualClock } from 'telltale/testing';
import { encodeToString } from '../../lib/exposition/encode.js';
import type { Exemplar } from '../../lib/model/exemplar.js';
import type { MetricFamily } from '../../lib/model/family.js';
import { familyOf } from '../support/families.js';
import { JUDGE_COMPONENTS, type OpenMetricsJudge, startOpenMetricsJudge } from '../support/openmetrics-judge.js';
import { describeWithServer } from '../support/servers.js';
import { anyText } from './any-text.js';

/** Exemplars by family and row; those without come as nothing. */
function exemplarsOf(families: readonly MetricFamily[]): Record<string, (readonly Exemplar[])[]> {
  const own = families.filter(({ descriptor }) => !descriptor.name.startsWith('telltale_'));
  return Object.fromEntries(
    own.map(({ descriptor, blocks }) => {
      const rows = [...blocks()].flatMap(({ size, exemplars }) => {
        return Array.from({ length: size }, (_, row) =>
          (exemplars?.get(row) ?? []).map((one) => ({ ...one, labels: { ...one.labels } })),
        );
      });
      return [descriptor.name, rows];
    }),
  );
}

async function parsed(text: string): Promise<readonly MetricFamily[]> {
  const snapshot = await parseExposition(text, { format: 'openmetrics' });
  return snapshot._unsafeUnwrap().families;
}

/** Up to 4 labels with texts of up to 20 characters stay below 128. U+0000 is refused when it is recorded. */
const anyValue = anyText().filter((text) => !text.includes('\0'));
const anyExemplar = fc.dictionary(fc.constantFrom('trace_id', 'a', 'B_1', 'constructor'), anyValue);
const anyRecording = fc.record({
  value: fc.oneof(fc.constantFrom(0, 1, 2), fc.double({ min: 0, max: 1e9, noNaN: true })),
  exemplar: anyExemplar,
  afterSeconds: fc.integer({ min: 0, max: 5000 }).map((ms) => ms / 1000),
  series: fc.constantFrom('x', 'y'),
});

async function collectorWith(recordings: readonly (typeof anyRecording extends fc.Arbitrary<infer T> ? T : never)[]) {
  const clock = new ManualClock();
  const metrics = new MetricsCollector({ clock, strict: true });
  const histogram = metrics.histogram('h', { buckets: [1, 2, 1000], labelNames: ['series'] });
  const counter = metrics.counter('c_total', { labelNames: ['series'] });
  for (const { value, exemplar, afterSeconds, series } of recordings) {
    clock.advance(afterSeconds);
    histogram.observe(value, { series }, { exemplar });
    counter.increment(value, { series }, { exemplar });
  }
  return metrics;
}

describe('exemplars in OpenMetrics text', () => {
  it('escape quotes, backslashes and line feeds, so that nobody makes up a series', async () => {
    const metrics = new MetricsCollector({ clock: new ManualClock() });
    metrics.counter('c_total').increment(1, {}, { exemplar: { a: '"} 1\nfake_total{a="\\', b: '# 花' } });
    const text = await metrics.expose('openmetrics');
    expect(text).toContain('\nc_total 1 # {a="\\"} 1\\nfake_total{a=\\"\\\\",b="# 花"} 1 1767225600\n');
    expect(exemplarsOf(await parsed(text))).toEqual(exemplarsOf((await metrics.snapshot()).families));
  });

  it('read back as they were recorded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRecording, { minLength: 1, maxLength: 10 }), async (recordings) => {
        const metrics = await collectorWith(recordings);
        const read = exemplarsOf(await parsed(await metrics.expose('openmetrics')));
        expect(read).toEqual(exemplarsOf((await metrics.snapshot()).families));
      }),
    );
  });

  it('read back where they cross the ends of many chunks', async () => {
    const metrics = new MetricsCollector({ clock: new ManualClock() });
    const histogram = metrics.histogram('h', { buckets: [1, 2], labelNames: ['i'] });
    for (let i = 0; i < 1500; i++) {
      // Every other series has none.
      for (const value of [0.5, 1.5, 3]) {
        histogram.observe(value, { i }, i % 2 === 0 ? { exemplar: { a: '花'.repeat(100 + (i % 20)), i } } : undefined);
      }
    }
    const text = await metrics.expose('openmetrics');
    expect(Buffer.byteLength(text)).toBeGreaterThan(1_000_000);
    expect(exemplarsOf(await parsed(text))).toEqual(exemplarsOf((await metrics.snapshot()).families));
  });

  it('stand on buckets and counters alone, and never in classic text', async () => {
    const metrics = await collectorWith([{ value: 5000, exemplar: { a: 'b' }, afterSeconds: 0, series: 'x' }]);
    const lines = (await metrics.expose('openmetrics')).split('\n').filter((line) => line.includes(' # '));
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['h_bucket{series="x",le="+Inf"}', 'c_total{series="x"}']);
    expect(await metrics.expose()).not.toContain(' # ');
  });

  it('are left out of types that have none, whoever brings them', async () => {
    const gauge = familyOf({ type: 'gauge', name: 'g' }, { series: [{ row: 1 }] });
    const exemplars = new Map([[0, [{ column: 0, labels: { a: 'b' }, value: 1, timestampMs: 0 }]]]);
    const foreign = { ...gauge, blocks: () => [...gauge.blocks()].map((block) => ({ ...block, exemplars })) };
    expect(await encodeToString([foreign], 'openmetrics')).toBe('# TYPE g gauge\ng 1\n# EOF\n');
  });
});

describeWithServer(JUDGE_COMPONENTS, 'exemplars, read by the reference parser', () => {
  let judge: OpenMetricsJudge;
  beforeAll(async () => {
    judge = await startOpenMetricsJudge();
  });
  afterAll(() => judge.stop());

  // It takes the first closing brace for the end of an exemplar's labels, be it between quotes; Prometheus does not.
  const readable = anyRecording.filter(({ exemplar }) => !Object.values(exemplar).some((text) => text.includes('}')));

  it('are accepted whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(readable, { minLength: 1, maxLength: 10 }), async (recordings) => {
        const metrics = await collectorWith(recordings);
        expect(await judge.check(await metrics.expose('openmetrics'))).toEqual({ ok: true });
      }),
    );
  });
});
