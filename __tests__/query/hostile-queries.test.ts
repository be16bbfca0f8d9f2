// Queries that are sent to hurt: expressions that other regular-expression engines never finish, texts of megabytes, nesting
// without end, ranges and steps that ask for billions of points. All are answered, with an error where that is the answer.
import { QueryEngine } from '../../lib/query/query-engine.js';
import type { QueryResult } from '../../lib/query/values/query-result.js';
import { GivenSeries, seriesOf } from './given-series.js';

/** A backtracking engine takes ages for each: exponential, or polynomial of a high degree. */
const KILLERS = [
  '(a+)+',
  '(a|aa)+',
  '(a|a)*b',
  '(.*a){12}b',
  '([a-z]+)*\\d',
  '(x+x+)+y',
  '((a*)*)*b',
  'a?a?a?a?a?a?a?aaaaaaab',
];

const VICTIM = `${'a'.repeat(5_000)}!`;
const engine = new QueryEngine(new GivenSeries(seriesOf({ __name__: 'up', path: VICTIM }, { 60: 1 })));

describe('hostile queries', () => {
  it.each(KILLERS)('finds nothing by the expression %s, and by its opposite all', async (killer) => {
    const quoted = JSON.stringify(killer);
    expect(samplesOf(await instant(`up{path=~${quoted}}`))).toBe(0);
    expect(samplesOf(await instant(`up{path!~${quoted}}`))).toBe(1);
  });

  it.each(KILLERS)('replaces nothing by the expression %s', async (killer) => {
    const result = await instant(`label_replace(up, "path", "replaced", "path", ${JSON.stringify(killer)})`);
    expect(result.type === 'vector' && result.samples[0]?.labels.path).toBe(VICTIM);
  });

  it.each([
    ['ten megabytes of text', `up{a="${'x'.repeat(10_000_000)}"}`],
    ['ten megabytes of additions', `1${'+1'.repeat(5_000_000)}`],
    ['a hundred thousand brackets', `${'('.repeat(100_000)}1${')'.repeat(100_000)}`],
    ['a hundred thousand calls', `${'abs('.repeat(100_000)}up${')'.repeat(100_000)}`],
    ['a hundred thousand signs', `${'-'.repeat(100_000)}1`],
    ['ten thousand subqueries', `up${'[1m:1s]'.repeat(10_000)}`],
    ['a hundred thousand brackets that are never closed', '('.repeat(100_000)],
  ])('refuses %s before reading it', async (_what, text) => {
    expect(await kindOf(engine.instant(text, { time: 60 }))).toBe('limit_exceeded');
  });

  it('answers a long one that means no harm, such as a dashboard writes that lists three thousand instances', async () => {
    const others = Array.from({ length: 3_000 }, (_, i) =>
      `orders-7d9f8c6b5-${i}.orders.example.org:9464`.replaceAll('.', '\\\\.'),
    );
    expect(samplesOf(await instant(`up{path=~"${[...others, VICTIM].join('|')}"}`))).toBe(1);
    expect(samplesOf(await instant(`up{path!~"${[...others, VICTIM].join('|')}"}`))).toBe(0);
  });

  it('refuses a range of more points than it may have in memory', async () => {
    const range = { start: 0, end: 4_000_000_000, step: 0.001 };
    expect(await kindOf(engine.range('up', range))).toBe('limit_exceeded');
    expect(await kindOf(engine.range('vector(1)', range))).toBe('limit_exceeded');
  });

  it.each([
    ['joined with itself', (text: string) => `label_join(${text}, "path", "", "path", "path")`],
    ['replaced by many of it', (text: string) => `label_replace(${text}, "path", "${'$0'.repeat(50)}", "path", ".*")`],
  ])('refuses a label value that grows with each call, %s', async (_what, grown) => {
    const small = new QueryEngine(new GivenSeries(seriesOf({ __name__: 'up', path: 'a' }, { 60: 1 })));
    let text = 'up';
    for (let i = 0; i < 40; i++) text = grown(text);
    const answer = await small.instant(text, { time: 60 });
    const limit = { kind: 'limit_exceeded', limit: 'the length of a label value', allowed: 65_536 };
    expect(answer._unsafeUnwrapErr()).toEqual(limit);
  });

  it('counts long values of labels as the samples whose memory they take', async () => {
    const twice = 'label_join(up, "path", "", "path", "path")';
    const storage = new GivenSeries(seriesOf({ __name__: 'up', path: VICTIM }, { 60: 1 }));
    const kindFor = (maxSamples: number) =>
      kindOf(new QueryEngine(storage, { maxSamples }).instant(twice, { time: 60 }));
    expect(await kindFor(2_000)).toBe('limit_exceeded');
    expect(await kindFor(3_000)).toBe('answered');
  });

  it('refuses a subquery of as many', async () => {
    expect(await kindOf(engine.instant('count_over_time(up[100y:1ms])', { time: 4_000_000_000 }))).toBe(
      'limit_exceeded',
    );
  });
});

async function instant(text: string): Promise<QueryResult> {
  return (await engine.instant(text, { time: 60 }))._unsafeUnwrap();
}

function samplesOf(result: QueryResult): number {
  return result.type === 'vector' ? result.samples.length : Number.NaN;
}

async function kindOf(asked: ReturnType<QueryEngine['instant']>): Promise<string> {
  return (await asked).match(
    () => 'answered',
    ({ kind }) => kind,
  );
}
