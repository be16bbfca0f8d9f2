// Whatever is exposed is read back as what it was: every type, hostile texts, all numbers, both formats.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type ExpositionTextFormat, encodeToString } from '../../../lib/exposition/encode.js';
import { parseExposition } from '../../../lib/exposition/reading/parse-exposition.js';
import { MetricsCollector } from '../../../lib/index.js';
import type { FamilyDescriptor, MetricFamily, MetricType, Snapshot } from '../../../lib/model/family.js';
import { samplesOf } from '../../../lib/model/samples.js';
import { ManualClock } from '../../../lib/testing/index.js';
import { familyOf } from '../../support/families.js';
import { anyFamilies } from '../any-families.js';
import { specimens } from '../specimens.js';

jest.setTimeout(60_000);

const FORMATS: readonly ExpositionTextFormat[] = ['prometheus', 'openmetrics'];

async function read(text: string, format: ExpositionTextFormat): Promise<Snapshot> {
  return (await parseExposition(text, { format, timestampMs: 1 }))._unsafeUnwrap();
}

/** Types that the classic format does not have. */
const CLASSIC_TYPES: Readonly<Partial<Record<MetricType, MetricType>>> = {
  info: 'gauge',
  stateset: 'gauge',
  gaugehistogram: 'histogram',
};

/** All samples of some families, as a format lets them be known, in any order. */
function samplesIn(families: readonly MetricFamily[], format: ExpositionTextFormat): string[] {
  const lines: string[] = [];
  for (const family of families) {
    for (const sample of samplesOf({ timestampMs: 1, families: [family] })) {
      const { descriptor } = family;
      if (isHidden(family, sample.name, sample.value, format)) continue;
      const isInfo = format === 'openmetrics' && descriptor.type === 'info' && !sample.name.endsWith('_info');
      const type = format === 'prometheus' ? (CLASSIC_TYPES[sample.type] ?? sample.type) : sample.type;
      const description = format === 'prometheus' ? sample.description.replace(/^[ \t]+/, '') : sample.description;
      const name = isInfo ? `${sample.name}_info` : sample.name;
      lines.push(
        JSON.stringify([
          name,
          type,
          String(sample.value),
          Object.entries(sample.labels)
            .filter(([, text]) => text !== '')
            .sort(),
          wellFormed(description),
        ]),
      );
    }
  }
  return lines.sort();
}

const wellFormed = (text: string) => Buffer.from(text).toString();

/** Samples that OpenMetrics has no place for, and those that are not there once such a text was read. */
function isHidden(
  { descriptor, observedNegative }: MetricFamily,
  name: string,
  value: number,
  format: ExpositionTextFormat,
) {
  if (Number.isNaN(value) && /_(sum|count)$/.test(name)) return true;
  if (format === 'prometheus') return false;
  if (descriptor.type === 'summary') return value < 0;
  if (descriptor.type !== 'histogram') return false;
  return (observedNegative || (descriptor.upperBounds[0] ?? 0) < 0) && name.endsWith('_sum');
}

const sortedLines = (text: string) => text.split('\n').sort();

/** A label without a value is none. Within a value no quote is without a backslash, so that `=""` is never a part of one. */
function withoutEmptyLabels(text: string): string {
  return text.replace(/^[^#].*$/gm, (line) =>
    line
      .replace(/,[^,{}"=]+=""/g, '')
      .replace(/\{[^,{}"=]+="",?/g, '{')
      .replace(/^([^{]+)\{\}/, '$1'),
  );
}

describe.each(FORMATS)('a text of %s', (format) => {
  it('is read as the families that it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(anyFamilies(), async (families) => {
        const text = await encodeToString(families, format);
        const snapshot = await read(text, format);
        expect(samplesIn(snapshot.families, format)).toEqual(samplesIn(families, format));
      }),
      { numRuns: 100 },
    );
  });

  it('becomes the same text again, times of creation and headers included', async () => {
    await fc.assert(
      fc.asyncProperty(anyFamilies(), async (families) => {
        const text = await encodeToString(families, format);
        const again = await encodeToString((await read(text, format)).families, format);
        // Leading blanks of a description are no part of it in classic text.
        const expected =
          format === 'prometheus'
            ? text.replace(/^(# HELP \w+) [ \t]+/gm, '$1 ').replace(/^# HELP \w+ $\n/gm, '')
            : text;
        expect(sortedLines(again)).toEqual(sortedLines(withoutEmptyLabels(expected)));
      }),
      { numRuns: 100 },
    );
  });

  it.each(specimens)('becomes the same text again: $title', async ({ [format]: expected }) => {
    const text = format === 'openmetrics' ? `${expected}# EOF\n` : expected;
    const again = await encodeToString((await read(text, format)).families, format);
    expect(sortedLines(again)).toEqual(sortedLines(withoutEmptyLabels(text)));
  });

  it('has names between quotes as they were', async () => {
    const families = [
      familyOf(
        { type: 'counter', name: 'http.requests"é"_total', description: 'Requests.' },
        {
          series: [
            { labels: { 'http.route': '/', b: '1' }, row: 1 },
            { labels: { 'http.route': '/x', b: '1' }, row: 2 },
          ],
        },
      ),
      familyOf(
        { type: 'histogram', name: 'wait.seconds', upperBounds: [1] },
        { series: [{ row: [1, 2, 3] }, { labels: { 'a\\b': 'c' }, row: [4, 5, 6] }] },
      ),
    ];
    const text = await encodeToString(families, format, { escaping: 'allow-utf-8' });
    expect(text).toContain('"wait.seconds_bucket"');
    const snapshot = await read(text, format);
    expect(samplesIn(snapshot.families, format)).toEqual(samplesIn(families, format));
  });

  it('keeps every bit of every number', async () => {
    const file = join(__dirname, '../../../../shared/cases/float_format.json');
    const { values } = JSON.parse(readFileSync(file, 'utf8')) as { values: readonly { bits: string }[] };
    const numbers = values.map(({ bits }) => Buffer.from(bits, 'hex').readDoubleBE(0));
    const family = familyOf(
      { type: 'gauge', name: 'x' },
      { series: numbers.map((row, i) => ({ labels: { i: String(i) }, row })) },
    );
    const { families } = await read(await encodeToString([family], format), format);
    const [block] = [...families[0]!.blocks()];
    expect(block!.size).toBe(numbers.length);
    expect([...block!.values]).toEqual(numbers);
  });

  it('keeps any double', async () => {
    const numbers = fc.array(fc.double(), { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(numbers, async (rows) => {
        const series = rows.map((row, i) => ({ labels: { i: String(i) }, row }));
        const text = await encodeToString([familyOf({ type: 'gauge', name: 'x' }, { series })], format);
        const [block] = [...(await read(text, format)).families[0]!.blocks()];
        expect([...block!.values]).toEqual(rows);
      }),
    );
  });

  it('is read as the snapshot of the collector that exposed it', async () => {
    const metrics = new MetricsCollector({ clock: new ManualClock(), defaultLabels: { service: 'a "b"\\\n花' } });
    metrics.counter('orders_total', { description: 'Orders\nof all "kinds".' }).increment(2.5, { shop: '\\n"' });
    metrics.gauge('depth', { unit: '' }).set(Number.NaN);
    metrics.histogram('wait_seconds', { buckets: [0.1, 1, 10], unit: 'seconds' }).observe(3, { to: '' });
    metrics.summary('rpc_seconds', { quantiles: [0.5, 0.9] }).observe(0.25);
    metrics.info('build_info', { version: '1.2.3' });
    metrics.stateSet('breaker', { states: ['open', 'closed'] }).set('open');
    const snapshot = await metrics.snapshot();
    const parsed = await read(await metrics.expose(format), format);
    expect(parsed.families.length).toBe(snapshot.families.length);
    expect(samplesIn(parsed.families, format)).toEqual(samplesIn(snapshot.families, format));
    const wait = (families: readonly MetricFamily[]) =>
      families.find(({ descriptor: { name } }) => name === 'wait_seconds');
    const shape = (descriptor: FamilyDescriptor | undefined) => ({ ...descriptor, unit: '' });
    expect(shape(wait(parsed.families)?.descriptor)).toEqual(shape(wait(snapshot.families)?.descriptor));
    await metrics.shutdown();
  });
});
