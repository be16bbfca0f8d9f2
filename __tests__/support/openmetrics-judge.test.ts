// That the judge is strict: each text here breaks one rule of OpenMetrics and must be refused for that rule.
import { JUDGE_COMPONENTS, type OpenMetricsJudge, startOpenMetricsJudge } from './openmetrics-judge.js';
import { describeWithServer } from './servers.js';

const GOOD = `# TYPE latency_seconds histogram
# UNIT latency_seconds seconds
# HELP latency_seconds How long.
latency_seconds_bucket{route="/ü",le="0.5"} 2
latency_seconds_bucket{route="/ü",le="1.0"} 3 # {trace_id="a"} 0.7
latency_seconds_bucket{route="/ü",le="+Inf"} 3
latency_seconds_sum{route="/ü"} 1.5
latency_seconds_count{route="/ü"} 3
# TYPE orders counter
orders_total 3
orders_created 1.5
# EOF
`;

const BAD: readonly (readonly [rule: string, text: string, error: RegExp])[] = [
  ['a missing EOF', '# TYPE a gauge\na 1\n', /Missing # EOF/],
  ['text after EOF', '# EOF\na 1\n', /Received line after # EOF/],
  [
    'interleaved families',
    '# TYPE a gauge\na{x="1"} 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\na{x="2"} 1\n# EOF\n',
    /Clashing name: a/,
  ],
  [
    'decreasing buckets',
    '# TYPE a histogram\na_bucket{le="1.0"} 3\na_bucket{le="+Inf"} 2\na_count 2\na_sum 1\n# EOF\n',
    /Bucket values out of order/,
  ],
  ['a missing +Inf bucket', '# TYPE a histogram\na_bucket{le="1.0"} 3\na_count 3\na_sum 1\n# EOF\n', /\+Inf/],
  ['a counter without _total', '# TYPE a counter\na 1\n# EOF\n', /Clashing name: a/],
  ['a unit that is no suffix', '# TYPE a gauge\n# UNIT a seconds\na 1\n# EOF\n', /Unit does not match/],
  ['a blank line', '# TYPE a gauge\n\na 1\n# EOF\n', /Received blank line/],
  ['a duplicate series', '# TYPE a gauge\na{x="1",y="2"} 1\na{y="2",x="1"} 1\n# EOF\n', /Duplicate series/],
  ['a label that comes twice', '# TYPE a gauge\na{x="1",x="2"} 1\n# EOF\n', /Invalid labels/],
  ['a counter that is NaN', '# TYPE a counter\na_total NaN\n# EOF\n', /NaN/],
  ['a line break of Windows', '# TYPE a gauge\r\na 1\r\n# EOF\r\n', /Invalid value/],
  [
    'an integer as le',
    '# TYPE a histogram\na_bucket{le="1"} 3\na_bucket{le="+Inf"} 3\na_count 3\na_sum 1\n# EOF\n',
    /Uncanonical le: 1/,
  ],
];

describeWithServer(JUDGE_COMPONENTS, 'support/openmetrics-judge', () => {
  let judge: OpenMetricsJudge;

  beforeAll(async () => {
    judge = await startOpenMetricsJudge();
  });

  afterAll(() => judge.stop());

  describe('check', () => {
    it('accepts a valid text', async () => {
      expect(await judge.check(GOOD)).toEqual({ ok: true });
    });

    it('accepts it as bytes too', async () => {
      expect(await judge.check(Buffer.from(GOOD))).toEqual({ ok: true });
    });

    it.each(BAD)('refuses %s', async (_rule, text, error) => {
      expect(await judge.check(text)).toEqual({ ok: false, error: expect.stringMatching(error) });
    });

    it('refuses bytes that are no UTF-8', async () => {
      const text = Buffer.concat([
        Buffer.from('# TYPE a gauge\na{x="'),
        Buffer.from([0xff]),
        Buffer.from('"} 1\n# EOF\n'),
      ]);
      expect(await judge.check(text)).toEqual({ ok: false, error: expect.stringContaining('UnicodeDecodeError') });
    });

    it('answers thousands of texts in the order in which they were given', async () => {
      const texts = Array.from({ length: 2_000 }, (_, i) => `# TYPE a gauge\na ${i}\n${i % 3 === 0 ? '' : '# EOF\n'}`);
      const verdicts = await Promise.all(texts.map((text) => judge.check(text)));
      expect(verdicts.map(({ ok }) => ok)).toEqual(texts.map((_, i) => i % 3 !== 0));
    });

    it('rejects instead of waiting when the judge has been stopped', async () => {
      const other = await startOpenMetricsJudge();
      const pending = other.check(GOOD.repeat(50_000));
      const refused = expect(pending).rejects.toThrow('The judge has ended');
      await other.stop();
      await refused;
      await expect(other.check(GOOD)).rejects.toThrow('The judge has ended');
    });
  });
});
