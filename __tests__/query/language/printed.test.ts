// What is printed of a query: on one line, and laid out over lines. The layouts were asked of a Prometheus 3.5.3.
import fc from 'fast-check';
import type { LabelMatcher } from '../../../lib/model/storage.js';
import { parseExpression } from '../../../lib/query/language/parse-expression.js';
import { prettyExpression } from '../../../lib/query/language/pretty-expression.js';
import { printExpression } from '../../../lib/query/language/print-expression.js';
import { anyQuery } from './any-query.js';

const read = (text: string) => parseExpression(text)._unsafeUnwrap();

/** Without positions, and with matchers in the order in which they are printed. */
function withoutPlaces(text: string): string {
  return JSON.stringify(read(text), (key, value: unknown) => {
    if (key === 'position') return undefined;
    if (key === 'matchers') return (value as LabelMatcher[]).map((matcher) => JSON.stringify(matcher)).sort();
    return typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)) ? `${1 / value}` : value;
  });
}

describe('printExpression', () => {
  it.each([
    ['sum( up )by(job)', 'sum by (job) (up)'],
    ['sum without()(up)', 'sum without () (up)'],
    ['sum by() (up)', 'sum(up)'],
    ['topk by (a,"b c")(5,up)', 'topk by (a, "b c") (5, up)'],
    ['up{b="c",a!~"d\\n"}', 'up{a!~"d\\n",b="c"}'],
    ['{"a b"="c"}', '{"a b"="c"}'],
    ['{__name__=~"a|b"}', '{__name__=~"a|b"}'],
    ['up offset 90 @ 1.2345', 'up @ 1.235 offset 1m30s'],
    ['up[90] offset -60', 'up[1m30s] offset -1m'],
    ['up [ 1h : 60 ] @ end()', 'up[1h:1m] @ end()'],
    ['1+-0x1F*5m', '1 + -31 * 5m'],
    ['a==bool on(x)group_left(y)b', 'a == bool on (x) group_left (y) b'],
    ['a*ignoring(x)b', 'a * ignoring (x) b'],
    ['a*ignoring()b', 'a * b'],
    ['a*on()b', 'a * on () b'],
    ['- a', '-a'],
    ["label_replace(a,'b',`c`,\"d\",'e')", 'label_replace(a, "b", "c", "d", "e")'],
  ])('prints %s as %s', (text, printed) => {
    expect(printExpression(read(text))).toBe(printed);
  });

  it('keeps a group modifier and quotes that Prometheus 3.5 loses, because without them it is another query', () => {
    expect(printExpression(read('a * ignoring() group_left() b'))).toBe('a * ignoring () group_left () b');
    expect(printExpression(read('a * on("b.c") d'))).toBe('a * on ("b.c") d');
  });

  it('prints what reads as the same expression', () => {
    fc.assert(
      fc.property(anyQuery, (text) => {
        expect(withoutPlaces(printExpression(read(text)))).toBe(withoutPlaces(text));
      }),
      { numRuns: 500 },
    );
  });
});

const METRIC = 'http_request_duration_seconds_bucket{job="shop", method=~"GET|POST", status!~"5.."}';

const LAYOUT = `  histogram_quantile(
    0.9,
    sum by (le) (
      rate(http_request_duration_seconds_bucket{job="shop",method=~"GET|POST",status!~"5.."}[5m])
    )
  )
/ on (job) group_left ()
  -max_over_time(
    (
        http_request_duration_seconds_bucket{job="shop",method=~"GET|POST",status!~"5.."}
      +
        http_request_duration_seconds_bucket{job="shop",method=~"GET|POST",status!~"5.."}
    )[1h:1m]
  )`;

describe('prettyExpression', () => {
  it('leaves on one line what has no more than 100 characters', () => {
    expect(prettyExpression(read(`sum by (le)(  rate(up{a="${'x'.repeat(68)}"}[5m]))`))).toHaveLength(100);
    expect(prettyExpression(read(`sum by (le)(  rate(up{a="${'x'.repeat(69)}"}[5m]))`))).toContain('\n');
    // Counted in bytes, as Prometheus does.
    expect(prettyExpression(read(`sum by (le)(  rate(up{a="ü${'x'.repeat(67)}"}[5m]))`))).toContain('\n');
  });

  it('breaks up calls, aggregations and operators that are longer', () => {
    const text = `histogram_quantile(0.9, sum by (le) (rate(${METRIC}[5m]))) / on(job) group_left() -max_over_time((${METRIC} + ${METRIC})[1h:1m])`;
    expect(prettyExpression(read(text))).toBe(LAYOUT);
  });

  it('indents no subquery that fits into a line, as Prometheus does not', () => {
    const subquery = 'rate(http_request_duration_seconds_count{instance="one",job="shop"}[5m])[1h:1m]';
    const text = `quantile_over_time(0.99, ${subquery})`;
    expect(prettyExpression(read(text))).toBe(`quantile_over_time(\n  0.99,\n${subquery}\n)`);
  });

  it('lays out what reads as the same expression', () => {
    fc.assert(
      fc.property(anyQuery, (text) => {
        const longer = `(${text}) + label_replace(up, "${'x'.repeat(90)}", "", "", "") / (${text})`;
        expect(withoutPlaces(prettyExpression(read(longer)))).toBe(withoutPlaces(longer));
      }),
    );
  });
});
