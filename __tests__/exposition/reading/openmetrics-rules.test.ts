// Reading OpenMetrics, judged by the reference parser: rule by rule with hand-made texts, and on thousands of damaged expositions,
// where every difference in the verdict has to be one that is explained here.
import { parseExposition } from '../../../lib/exposition/reading/parse-exposition.js';
import { JUDGE_COMPONENTS, type OpenMetricsJudge, startOpenMetricsJudge } from '../../support/openmetrics-judge.js';
import { describeWithServer } from '../../support/servers.js';
import { specimens } from '../specimens.js';
import { Mutator } from './mutants.js';

jest.setTimeout(60_000);

const GOOD: Readonly<Record<string, string>> = {
  'nothing at all': '# EOF',
  'metadata in any order, and a family without samples': '# HELP a x\n# TYPE a gauge\n# TYPE b counter\n# EOF\n',
  'an unknown type, said and unsaid': '# TYPE a unknown\na 1\nb{c="d"} -2.5e-3\n# EOF\n',
  'exemplars with and without a time':
    '# TYPE a counter\na_total 1 # {trace="x"} 1\n# TYPE h histogram\nh_bucket{le="1.0"} 1 # {} 0.5 1.5\nh_bucket{le="+Inf"} 1\n# EOF\n',
  'points at several times': '# TYPE a gauge\na 1 1\na 2 2.5\na 3 2.75\n# EOF\n',
  'a gauge histogram that has negative values':
    '# TYPE g gaugehistogram\ng_bucket{le="-1.0"} 1\ng_bucket{le="+Inf"} 2\ng_gsum -3\ng_gcount 2\n# EOF\n',
  'a summary of nothing': '# TYPE s summary\ns{quantile="0.5"} NaN\n# EOF\n',
  'an escape that is none': '# TYPE a gauge\na{b="c\\d"} 1\n# EOF\n',
  'infinity and NaN in any case': '# TYPE a gauge\na{b="1"} inf\na{b="2"} -Infinity\na{b="3"} nan\n# EOF\n',
  'infos of one name': '# TYPE a info\na_info{b="1"} 1\na_info{b="2"} 1.0\n# EOF\n',
};

const BAD: Readonly<Record<string, string>> = {
  'no EOF': '# TYPE a gauge\na 1\n',
  'text after EOF': '# EOF\na 1\n',
  'an empty line': '# TYPE a gauge\n\na 1\n# EOF\n',
  'a comment for people': '# hello\n# EOF\n',
  'two TYPE lines': '# TYPE a gauge\n# TYPE a gauge\na 1\n# EOF\n',
  'metadata behind samples': '# TYPE a gauge\na 1\n# HELP a x\n# EOF\n',
  untyped: '# TYPE a untyped\na 1\n# EOF\n',
  'a family in two pieces': '# TYPE a gauge\na{x="1"} 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\na{x="2"} 1\n# EOF\n',
  'names that clash': '# TYPE a counter\na_total 1\n# TYPE a_total gauge\na_total 1\n# EOF\n',
  'a series in two pieces': '# TYPE a gauge\na{x="1"} 1\na{x="2"} 1\na{x="1"} 1\n# EOF\n',
  'a series twice': '# TYPE a gauge\na{x="1",y="2"} 1\na{y="2",x="1"} 1\n# EOF\n',
  'a label twice': '# TYPE a gauge\na{x="1",x="2"} 1\n# EOF\n',
  'blanks in a line': '# TYPE a gauge\na  1\n# EOF\n',
  'a blank at its end': '# TYPE a gauge\na 1 \n# EOF\n',
  'a comma behind the last label': '# TYPE a gauge\na{x="1",} 1\n# EOF\n',
  'a line break of Windows': '# TYPE a gauge\r\na 1\r\n# EOF\r\n',
  'times of some points only': '# TYPE a gauge\na 1 1\na 2\n# EOF\n',
  'times that go back': '# TYPE a gauge\na 1 2\na 2 1\n# EOF\n',
  'a time that is NaN': '# TYPE a gauge\na 1 NaN\n# EOF\n',
  'a negative counter': '# TYPE a counter\na_total -1\n# EOF\n',
  'a counter without its suffix': '# TYPE a counter\na 1\n# EOF\n',
  'an info that is 2': '# TYPE a info\na_info 2\n# EOF\n',
  'a state that is 2': '# TYPE a stateset\na{a="x"} 2\n# EOF\n',
  'a state without its label': '# TYPE a stateset\na{b="x"} 1\n# EOF\n',
  'a negative quantile': '# TYPE a summary\na{quantile="0.5"} -1\n# EOF\n',
  'a quantile above 1': '# TYPE a summary\na{quantile="1.5"} 1\n# EOF\n',
  'a summary with a broken count': '# TYPE a summary\na_count 1.5\n# EOF\n',
  'buckets that fall': '# TYPE a histogram\na_bucket{le="1.0"} 3\na_bucket{le="+Inf"} 2\n# EOF\n',
  'buckets in another order': '# TYPE a histogram\na_bucket{le="+Inf"} 2\na_bucket{le="1.0"} 1\n# EOF\n',
  'a bucket twice': '# TYPE a histogram\na_bucket{le="1.0"} 1\na_bucket{le="1.0"} 1\na_bucket{le="+Inf"} 2\n# EOF\n',
  'no last bucket': '# TYPE a histogram\na_bucket{le="1.0"} 3\na_count 3\na_sum 1\n# EOF\n',
  'a count that is another': '# TYPE a histogram\na_bucket{le="+Inf"} 3\na_count 2\na_sum 1\n# EOF\n',
  'a sum without a count': '# TYPE a histogram\na_bucket{le="+Inf"} 3\na_sum 1\n# EOF\n',
  'a sum beside negative bounds':
    '# TYPE a histogram\na_bucket{le="-1.0"} 3\na_bucket{le="+Inf"} 3\na_sum 1\na_count 3\n# EOF\n',
  'a whole number as a bound': '# TYPE a histogram\na_bucket{le="1"} 3\na_bucket{le="+Inf"} 3\n# EOF\n',
  'infinity in another spelling': '# TYPE a histogram\na_bucket{le="Inf"} 3\n# EOF\n',
  'a negative gauge sum': '# TYPE g gaugehistogram\ng_bucket{le="+Inf"} 2\ng_gsum -3\ng_gcount 2\n# EOF\n',
  'a unit that is no suffix': '# TYPE a gauge\n# UNIT a seconds\na 1\n# EOF\n',
  'the unit of an info': '# TYPE a_s info\n# UNIT a_s s\na_s_info 1\n# EOF\n',
  'an exemplar of a gauge': '# TYPE a gauge\na 1 # {x="y"} 1\n# EOF\n',
  'an exemplar that is too long': `# TYPE a counter\na_total 1 # {x="${'y'.repeat(128)}"} 1\n# EOF\n`,
  'an exemplar without a value': '# TYPE a counter\na_total 1 # {x="y"}\n# EOF\n',
};

/** Whatever the reference parser lets pass, and what it should have said. */
const LEFT_TO_US: Readonly<Record<string, readonly [text: string, problem: RegExp]>> = {
  'an exemplar beyond its bucket': [
    '# TYPE h histogram\nh_bucket{le="1.0"} 1 # {x="y"} 2.0\nh_bucket{le="+Inf"} 1\n# EOF\n',
    /in its bucket/,
  ],
  'a counter without its value': ['# TYPE a counter\na_created 1\n# EOF\n', /no value/],
  'a digit of another script': ['# TYPE a gauge\na ١\n# EOF\n', /A number/],
  'a number that is no double': ['# TYPE a gauge\na 1e999\n# EOF\n', /A number/],
  'a number with an underscore as a bound': [
    '# TYPE a histogram\na_bucket{le="1_0"} 3\na_bucket{le="+Inf"} 3\n# EOF\n',
    /bound of a bucket/,
  ],
  'minus infinity as a bound': [
    '# TYPE a histogram\na_bucket{le="-Inf"} 3\na_bucket{le="+Inf"} 3\n# EOF\n',
    /bound of a bucket/,
  ],
};

/** The same, where texts are damaged at random. */
const EXPLAINED: readonly RegExp[] = [
  /no value/,
  /begins with # HELP/,
  /One blank has to stand/,
  /bound of a bucket/,
  /A quote is missing/,
  /A number has to stand/,
  /in its bucket/,
];

const DAMAGED = 4_000;

async function problemOf(text: string | Uint8Array): Promise<string> {
  const result = await parseExposition(text, { format: 'openmetrics' });
  if (result.isOk()) return '';
  return result.error.kind === 'malformed_exposition' ? result.error.problem : result.error.kind;
}

describeWithServer(JUDGE_COMPONENTS, 'exposition/reading/openmetrics-rules', () => {
  let judge: OpenMetricsJudge;

  beforeAll(async () => {
    judge = await startOpenMetricsJudge();
  });

  afterAll(() => judge.stop());

  it.each(Object.entries(GOOD))('reads %s', async (title, text) => {
    expect(await problemOf(text)).toBe('');
    // The judge takes every second point of a series for a duplicate.
    if (!title.startsWith('points')) expect(await judge.check(text)).toEqual({ ok: true });
  });

  it.each(Object.entries(BAD))('refuses %s', async (_title, text) => {
    expect(await problemOf(text)).not.toBe('');
    expect((await judge.check(text)).ok).toBe(false);
  });

  it.each(Object.entries(LEFT_TO_US))(
    'refuses %s, which the reference parser lets pass',
    async (_title, [text, problem]) => {
      expect(await problemOf(text)).toMatch(problem);
      expect(await judge.check(text)).toEqual({ ok: true });
    },
  );

  it('agrees about damaged texts', async () => {
    const exemplars = '# TYPE a counter\na_total 1 # {t="x"} 1.0 12.5\na_created 1.5\n# TYPE h histogram\n';
    const buckets = 'h_bucket{le="1.0"} 1 # {t="x"} 0.5\nh_bucket{le="+Inf"} 2\nh_sum 4\nh_count 2\n';
    const texts = [...specimens.map(({ openmetrics }) => openmetrics), exemplars + buckets].filter(
      (text) => text !== '',
    );
    const mutator = new Mutator(5);
    const differences: string[] = [];
    let accepted = 0;
    for (let i = 0; i < DAMAGED; i++) {
      const text = mutator.mutant(`${mutator.pick(texts)}# EOF\n`);
      const [verdict, problem] = await Promise.all([judge.check(text), problemOf(text)]);
      if (verdict.ok && problem === '') accepted++;
      if (verdict.ok === (problem === '')) continue;
      const isExplained = verdict.ok
        ? EXPLAINED.some((one) => one.test(problem))
        : verdict.error.includes('Duplicate series');
      if (!isExplained) differences.push(`${JSON.stringify(verdict)} | ${problem} | ${JSON.stringify(text)}`);
    }
    expect(differences).toEqual([]);
    expect(accepted).toBeGreaterThan(DAMAGED / 50);
  });
});
