// Names beyond the classic rule under the schemes of escaping: what is shown, that nothing is lost where two names become
// one, and that any names whatever give a text that Prometheus' own tools can read.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type ExpositionTextFormat, encodeFamilies, encodeToString } from '../../lib/exposition/encode.js';
import { escapedFamilies } from '../../lib/exposition/escaped-families.js';
import { parseExposition } from '../../lib/exposition/reading/parse-exposition.js';
import { ESCAPINGS, type Escaping } from '../../lib/model/escaping.js';
import type { MetricFamily } from '../../lib/model/family.js';
import { isLabelName, isMetricName } from '../../lib/model/names.js';
import { samplesOf } from '../../lib/model/samples.js';
import { CREATED_MS, familyOf } from '../support/families.js';
import { checkMetrics, promtool } from '../support/promtool.js';
import { describeWithServer } from '../support/servers.js';

const requests = familyOf(
  { type: 'counter', name: 'http.requests', description: 'Requests "served"' },
  {
    series: [
      { labels: { 'http.route': '/a"b', status: '200' }, row: 3, createdMs: 1_700_000_000_000 },
      { row: 1, createdMs: 1_700_000_000_000 },
    ],
  },
);
const latency = familyOf(
  { type: 'histogram', name: 'duration µs_seconds', unit: 'seconds', upperBounds: [0.5] },
  { series: [{ row: [1, 1, 2.25] }, { labels: { 'a,b': 'x' }, row: [1, 0, 0.25] }] },
);
const breaker = familyOf(
  { type: 'stateset', name: 'breaker.state', states: ['open', 'closed'] },
  { series: [{ row: [1, 0] }] },
);

function classic(escaping: Escaping, ...families: MetricFamily[]): Promise<string> {
  return encodeToString(families, 'prometheus', { escaping });
}

const gauge = (name: string, ...labels: Record<string, string>[]) =>
  familyOf({ type: 'gauge', name }, { series: labels.map((set, i) => ({ labels: set, row: i + 1 })) });

describe('encodeToString', () => {
  it('puts names in quotes where they may stand as they are', async () => {
    expect(await classic('allow-utf-8', requests, latency, breaker)).toBe(`# HELP "http.requests" Requests "served"
# TYPE "http.requests" counter
{"http.requests","http.route"="/a\\"b",status="200"} 3
{"http.requests"} 1
# TYPE "duration µs_seconds" histogram
{"duration µs_seconds_bucket",le="0.5"} 1
{"duration µs_seconds_bucket",le="+Inf"} 2
{"duration µs_seconds_sum"} 2.25
{"duration µs_seconds_count"} 2
{"duration µs_seconds_bucket","a,b"="x",le="0.5"} 1
{"duration µs_seconds_bucket","a,b"="x",le="+Inf"} 1
{"duration µs_seconds_sum","a,b"="x"} 0.25
{"duration µs_seconds_count","a,b"="x"} 1
# TYPE "breaker.state" gauge
{"breaker.state","breaker.state"="open"} 1
{"breaker.state","breaker.state"="closed"} 0
`);
  });

  it('does so in OpenMetrics, too, with the suffixes of its samples', async () => {
    const text = await encodeToString([requests, latency], 'openmetrics', { escaping: 'allow-utf-8' });
    expect(text.replace(/\{"duration.*\n/g, '')).toBe(`# TYPE "http.requests" counter
# HELP "http.requests" Requests \\"served\\"
{"http.requests_total","http.route"="/a\\"b",status="200"} 3
{"http.requests_created","http.route"="/a\\"b",status="200"} 1700000000
{"http.requests_total"} 1
{"http.requests_created"} 1700000000
# TYPE "duration µs_seconds" histogram
# UNIT "duration µs_seconds" seconds
# EOF
`);
  });

  it.each([
    ['underscores', 'http_requests', 'http_route'],
    ['dots', 'http_dot_requests', 'http_dot_route'],
    ['values', 'U__http_2e_requests', 'U__http_2e_route'],
  ] as const)('writes classic names for %s', async (escaping, metric, label) => {
    expect(await classic(escaping, requests)).toBe(`# HELP ${metric} Requests "served"
# TYPE ${metric} counter
${metric}{${label}="/a\\"b",status="200"} 3
${metric} 1
`);
    expect(await encodeToString([requests], 'openmetrics', { escaping })).toContain(
      `${metric}_total{${label}="/a\\"b",status="200"} 3\n`,
    );
  });

  it('writes underscores where nothing is said', async () => {
    expect(await encodeToString([requests], 'prometheus')).toBe(await classic('underscores', requests));
  });

  it('leaves classic names alone under every scheme', async () => {
    const family = gauge('queue__depth:sum', { a_b: 'x', U__c: 'y' });
    for (const escaping of ESCAPINGS) {
      expect(await classic(escaping, family)).toBe(
        '# TYPE queue__depth:sum gauge\nqueue__depth:sum{a_b="x",U__c="y"} 1\n',
      );
    }
  });

  it('escapes a colon in the name of a label', async () => {
    expect(await classic('underscores', gauge('a:b', { 'c:d': 'x' }))).toContain('\na:b{c_d="x"} 1\n');
    expect(await classic('values', gauge('a:b', { 'c:d': 'x' }))).toContain('\na:b{U__c_3a_d="x"} 1\n');
    expect(await classic('allow-utf-8', gauge('a:b', { 'c:d': 'x' }))).toContain('\na:b{"c:d"="x"} 1\n');
  });

  it('names the label of a state set like the state set', async () => {
    expect(await classic('underscores', breaker)).toContain('breaker_state{breaker_state="open"} 1\n');
  });

  it('escapes labels that all series share, and those of series that have no others', async () => {
    const shared = familyOf(
      { type: 'gauge', name: 'g' },
      { series: [{ row: 1 }, { labels: { a: 'x' }, row: 2 }], constantLabels: [['zone.name', 'eu']] },
    );
    for (let time = 0; time < 2; time++) {
      expect(await classic('underscores', shared)).toContain('\ng{zone_name="eu"} 1\ng{a="x",zone_name="eu"} 2\n');
      expect(await classic('allow-utf-8', shared)).toContain('\ng{"zone.name"="eu"} 1\ng{a="x","zone.name"="eu"} 2\n');
    }
  });
});

describe('escapedFamilies', () => {
  const names = (escaping: Escaping, ...families: MetricFamily[]) =>
    [...escapedFamilies(families, escaping)].map(({ descriptor }) => descriptor.name);

  it('gives families whose names become one the scheme that keeps them apart, in any order', () => {
    const [dot, blank, plain] = [gauge('a.b', {}), gauge('a b', {}), gauge('a_b', {})];
    expect(names('underscores', dot, plain)).toEqual(['U__a_2e_b', 'a_b']);
    expect(names('underscores', plain, dot)).toEqual(['a_b', 'U__a_2e_b']);
    expect(names('underscores', dot, blank)).toEqual(['U__a_2e_b', 'U__a_20_b']);
    expect(names('dots', dot, blank)).toEqual(['a_dot_b', 'a__b']);
  });

  it('takes the names of samples for names as well', () => {
    const histogram = familyOf({ type: 'histogram', name: 'a.b', upperBounds: [] }, { series: [] });
    expect(names('underscores', gauge('a_b_count', {}), histogram)).toEqual(['a_b_count', 'U__a_2e_b']);
    const counter = familyOf({ type: 'counter', name: 'c.d' }, { series: [] });
    expect(names('underscores', gauge('c_d_total', {}), counter)).toEqual(['c_d_total', 'U__c_2e_d']);
  });

  it('keeps labels of a family apart, those of different series included', async () => {
    const family = gauge('g', { 'a.b': '1' }, { a_b: '1' }, { 'x.y': '1', 'x y': '1' }, { 'k.l': '1' });
    expect((await classic('underscores', family)).split('\n').slice(1, -1)).toEqual([
      'g{U__a_2e_b="1"} 1',
      'g{a_b="1"} 2',
      'g{U__x_2e_y="1",U__x_20_y="1"} 3',
      'g{k_l="1"} 4',
    ]);
  });

  it('makes no label name that belongs to Prometheus', async () => {
    const text = await classic('underscores', gauge('g', { '..name..': 'up', 火花: 'x' }));
    expect(text).toContain('g{U___2e__2e_name_2e__2e_="up",U___706b__82b1_="x"} 1');
  });

  it('keeps names apart that were chosen to meet an escaped one', async () => {
    const family = gauge('g', { 'a.b': '1', a_b: '2', U__a_2e_b: '3' });
    expect(await classic('underscores', family)).toContain('g{U__a_2e_b_="1",a_b="2",U__a_2e_b="3"} 1');
    expect(names('underscores', gauge('a.b', {}), gauge('a_b', {}), gauge('U__a_2e_b', {}))[0]).toBe('U__a_2e_b_');
  });

  it('shows values that come later', async () => {
    const values = ['x'];
    const block = {
      size: 1,
      live: undefined,
      dictionaries: [{ name: 'a.b', values }],
      labelIds: Int32Array.of(0),
      constantLabels: [],
      width: 1,
      values: Float64Array.of(1),
      createdMs: Float64Array.of(CREATED_MS),
    };
    const descriptor = { type: 'gauge', name: 'g', description: '', unit: '' } as const;
    const family: MetricFamily = { descriptor, observedNegative: false, blocks: () => [block] };
    expect(await classic('underscores', family)).toContain('g{a_b="x"} 1');
    values.push('y');
    block.labelIds[0] = 1;
    expect(await classic('underscores', family)).toContain('g{a_b="y"} 1');
  });

  it('ends the walk over a family that is left early', async () => {
    const left: string[] = [];
    const family: MetricFamily = {
      ...gauge('a.b', {}),
      *blocks() {
        try {
          yield* gauge('a.b', { 'x.y': '1' }).blocks();
        } finally {
          left.push('left');
        }
      },
    };
    for await (const piece of encodeFamilies([family], { format: 'prometheus' })) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    expect(left.at(-1)).toBe('left');
    const [shown] = escapedFamilies([family], 'underscores');
    left.length = 0;
    for (const block of shown?.blocks() ?? []) if (block.size > 0) break;
    // Once for the look at all names, once for the walk itself.
    expect(left).toEqual(['left', 'left']);
  });

  it('makes classic names that differ as much as the names did, whatever these are', () => {
    const name = fc.oneof(
      fc.constantFrom('a.b', 'a_b', 'a b', 'U__a_2e_b', 'a__b', 'a_dot_b', '1', '_', '..', 'ü', 'a:b'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
    );
    const escaping = fc.constantFrom('underscores', 'dots', 'values') as fc.Arbitrary<Escaping>;
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 6 }), escaping, (given, scheme) => {
        const shown = names(scheme, ...given.map((one) => gauge(one, {})));
        expect(shown.every((one) => isMetricName(one))).toBe(true);
        expect(new Set(shown).size).toBe(given.length);
        const labels = given.filter((one) => !one.startsWith('__'));
        const family = gauge('g', Object.fromEntries(labels.map((one) => [one, 'x'])));
        const [block] = [...([...escapedFamilies([family], scheme)][0]?.blocks() ?? [])];
        const written = block?.dictionaries.map((dictionary) => dictionary.name) ?? [];
        expect(written.every((one) => isLabelName(one) && !one.startsWith('__'))).toBe(true);
        expect(new Set(written).size).toBe(labels.length);
      }),
    );
  });
});

describe('names in quotes', () => {
  it('are read back as they were, in both formats, whatever they are', async () => {
    const name = fc
      .oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }), fc.constantFrom('a', 'a.b', '"', '\\', '\n'))
      .filter((one) => isMetricName(one, 'utf8') && !one.startsWith('__'));
    const format = fc.constantFrom('prometheus', 'openmetrics') as fc.Arbitrary<ExpositionTextFormat>;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { maxLength: 5 }), format, async (given, shownIn) => {
        const labels = Object.fromEntries(given.map((one) => [one, `of ${one}`]));
        const families = given.map((one) => gauge(one, labels, {}));
        const text = await encodeToString(families, shownIn, { escaping: 'allow-utf-8' });
        const read = (await parseExposition(text, { format: shownIn }))._unsafeUnwrap();
        const shown = [...samplesOf(read)].map((sample) => ({ name: sample.name, labels: { ...sample.labels } }));
        expect(shown).toEqual(
          given.flatMap((one) => [
            { name: one, labels },
            { name: one, labels: {} },
          ]),
        );
      }),
    );
  });
});

const HOSTILE = 'a"} 1\nb{c="\\{}#\r\té😱';

describeWithServer(['promtool'], 'names in quotes, read by Prometheus itself', () => {
  it.each(ESCAPINGS)('are valid classic text with %s', async (escaping) => {
    const hostile = gauge(HOSTILE, { [`${HOSTILE} label`]: HOSTILE });
    const { exitCode, output } = await checkMetrics(await classic(escaping, requests, latency, breaker, hostile));
    // Lint is about style; what cannot be parsed is 1.
    expect({ exitCode, output }).toEqual({ exitCode: 3, output: expect.stringContaining('no help text') });
  });

  it('come back out of OpenMetrics exactly as they were', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'telltale-names-'));
    try {
      const hostile = gauge(HOSTILE, { [`${HOSTILE} label`]: 'x' });
      const text = await encodeToString([requests, hostile], 'openmetrics', { escaping: 'allow-utf-8' });
      // Building blocks asks for a time stamp on each sample.
      const timed = text.split('\n').map((line) => (/^[\w{]/.test(line) ? `${line} 1700000000` : line));
      writeFileSync(join(directory, 'text'), timed.join('\n'));
      const data = join(directory, 'data');
      expect(
        await promtool(['tsdb', 'create-blocks-from', 'openmetrics', join(directory, 'text'), data]),
      ).toMatchObject({ exitCode: 0 });
      mkdirSync(join(data, 'wal'));
      const { output } = await promtool(['tsdb', 'dump', `--sandbox-dir-root=${directory}`, data]);
      expect(output).toContain('{__name__="http.requests_total", http.route="/a\\"b", status="200"} 3 1700000000000');
      expect(output).toContain(`{__name__=${JSON.stringify(HOSTILE)}, ${HOSTILE} label="x"} 1 1700000000000`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
