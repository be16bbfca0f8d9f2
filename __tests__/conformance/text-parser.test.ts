// Reading classic text, judged by the public cases of prometheus/common: what parses to what, and what is refused.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExposition } from '../../lib/exposition/reading/parse-exposition.js';
import type { FamilyDescriptor, MetricFamily, SeriesBlock } from '../../lib/model/family.js';

type CaseNumber = number | 'NaN' | '+Inf' | '-Inf';

interface CaseMetric {
  readonly labels?: readonly (readonly [string, string])[];
  readonly timestampMs?: number;
  readonly value?: CaseNumber;
  readonly summary?: {
    readonly count: number | null;
    readonly sum: number | null;
    readonly quantiles: readonly { readonly quantile: number; readonly value: CaseNumber }[];
  };
  readonly histogram?: {
    readonly count?: number;
    readonly countFloat?: number;
    readonly sum: number;
    readonly buckets: readonly { readonly le: CaseNumber; readonly count?: number; readonly countFloat?: number }[];
  };
}

interface CaseFamily {
  readonly name: string;
  readonly help?: string;
  readonly type: string;
  readonly metrics: readonly CaseMetric[];
}

interface Cases {
  readonly parse: readonly { readonly in: string; readonly families: readonly CaseFamily[] }[];
  readonly refuse: readonly {
    readonly in: string | { readonly bytesHex: string };
    readonly error: string;
    readonly errorLegacyNames?: string;
  }[];
}

const file = join(__dirname, '../../../shared/cases/text_parser_common.json');
const cases = JSON.parse(readFileSync(file, 'utf8')) as Cases;

const numberOf = (value: CaseNumber | null) =>
  value === null ? Number.NaN : typeof value === 'number' ? value : Number(value.replace('Inf', 'Infinity'));

/** A series as one line of text, so that both sides can be sorted and compared, and a failure can be read. */
function line(labels: readonly (readonly [string, string])[], time: number | undefined, numbers: readonly number[]) {
  const rounded = numbers.map((number) => Number(number.toPrecision(12)));
  return JSON.stringify([[...labels].sort(), time ?? 'no time', rounded.map(String)]);
}

/** What a case expects, in the model: buckets that are not cumulative, and one more than there are bounds. */
function expectedLine({ labels = [], timestampMs, value, summary, histogram }: CaseMetric): string {
  if (histogram !== undefined) {
    const buckets = histogram.buckets.map(({ le, count, countFloat }) => [numberOf(le), count ?? countFloat!] as const);
    if (buckets.at(-1)?.[0] !== Infinity) buckets.push([Infinity, histogram.count ?? histogram.countFloat!]);
    const counts = buckets.map(([, count], i) => count - (buckets[i - 1]?.[1] ?? 0));
    const bounds = buckets.map(([le]) => le).slice(0, -1);
    return line(labels, timestampMs, [...bounds, ...counts, histogram.sum]);
  }
  if (summary !== undefined) {
    const quantiles = [...summary.quantiles].sort((a, b) => a.quantile - b.quantile);
    const numbers = [...quantiles.map(({ quantile }) => quantile), ...quantiles.map((one) => numberOf(one.value))];
    return line(labels, timestampMs, [...numbers, numberOf(summary.sum), numberOf(summary.count)]);
  }
  return line(labels, timestampMs, [numberOf(value!)]);
}

function readLine(descriptor: FamilyDescriptor, block: SeriesBlock, row: number): string {
  const labels = block.dictionaries.map(({ name, values }, c) => {
    return [name, values[block.labelIds[row * block.dictionaries.length + c]!]!] as const;
  });
  const time = block.timestampsMs?.[row];
  const layout =
    'upperBounds' in descriptor ? descriptor.upperBounds : 'quantiles' in descriptor ? descriptor.quantiles : [];
  const numbers = block.values.subarray(row * block.width, (row + 1) * block.width);
  return line(labels, time === undefined || Number.isNaN(time) ? undefined : time, [...layout, ...numbers]);
}

function linesOf({ descriptor, blocks }: MetricFamily): string[] {
  return [...blocks()].flatMap((block) => Array.from({ length: block.size }, (_, r) => readLine(descriptor, block, r)));
}

const TYPES: Readonly<Record<string, string>> = { untyped: 'unknown', gauge_histogram: 'gaugehistogram' };

describe('text_parser_common.json', () => {
  it.each(cases.parse)('is read: $in', async ({ in: text, families }) => {
    const snapshot = (await parseExposition(text, { format: 'prometheus' }))._unsafeUnwrap();
    const names = [...new Set(snapshot.families.map(({ descriptor }) => descriptor.name))];
    expect(names.sort()).toEqual(families.map(({ name }) => name).sort());
    for (const { name, help = '', type, metrics } of families) {
      const read = snapshot.families.filter(({ descriptor }) => descriptor.name === name);
      for (const { descriptor } of read) {
        expect(descriptor).toMatchObject({ description: help, type: TYPES[type] ?? type });
      }
      expect(read.flatMap(linesOf).sort()).toEqual(metrics.map(expectedLine).sort());
    }
  });

  const refused = cases.refuse.filter(({ error }) => error !== '');

  it.each(refused)('is refused: $in ($error)', async ({ in: given, error }) => {
    const source = typeof given === 'string' ? given : Buffer.from(given.bytesHex, 'hex');
    const problem = (await parseExposition(source, { format: 'prometheus' }))._unsafeUnwrapErr();
    // Theirs counts what it has read: the end of the text is a line of its own to it.
    expect(problem).toMatchObject({ kind: 'malformed_exposition', line: Number(/line (\d+)/.exec(error)?.[1]) });
  });

  const legacy = cases.refuse.filter(({ error }) => error === '');

  it.each(legacy)('is read, being refused with classic names only: $in', async ({ in: given, errorLegacyNames }) => {
    expect(errorLegacyNames).toMatch(/invalid/);
    expect((await parseExposition(given as string, { format: 'prometheus' })).isOk()).toBe(true);
  });
});
