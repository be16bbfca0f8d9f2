// What is no query, and what is said of it: the place, what was found, and what could have stood there. In Prometheus' words,
// which a Prometheus 3.5.3 was asked for, as far as it has any: what is expected is told in more places here.
import { parseExpression } from '../../../lib/query/language/parse-expression.js';

const refusal = (text: string) => parseExpression(text)._unsafeUnwrapErr();

/** As `line:column problem`. */
function told(text: string): string {
  const error = refusal(text);
  return 'problem' in error && 'line' in error
    ? `${error.line}:${error.column} ${error.problem}`
    : JSON.stringify(error);
}

describe('parseExpression', () => {
  it.each([
    ['', '1:1 no expression found in input'],
    ['# nothing but this', '1:1 no expression found in input'],
    ['a b', '1:3 unexpected identifier "b", expected an operator or the end of the query'],
    ['(a b)', '1:4 unexpected identifier "b", expected an operator or ")"'],
    ['a +', '1:4 unexpected end of input, expected an expression'],
    ['a +\n  * b', '2:3 unexpected <op:*>, expected an expression'],
    ['(a', '1:3 unclosed left parenthesis'],
    ['a)', "1:2 unexpected right parenthesis ')'"],
    ['a[5m', '1:5 unclosed left bracket'],
    ['a[', '1:3 unexpected end of input in duration expression'],
    ['a]', "1:2 unexpected right bracket ']'"],
    ['a}', "1:2 unexpected character: '}'"],
    ['a{', '1:3 unexpected end of input inside braces'],
    ['a{b}', '1:4 unexpected "}" in label matching, expected label matching operator'],
    ['a{b=}', '1:5 unexpected "}" in label matching, expected string'],
    ['a{b="c" d="e"}', '1:9 unexpected identifier "d" in label matching, expected "," or "}"'],
    ['a{,}', '1:3 unexpected "," in label matching, expected identifier or "}"'],
    ['a{b:c="d"}', "1:4 unexpected character inside braces: ':'"],
    ['a{b=c}', '1:5 unexpected identifier "c" in label matching, expected string'],
    ['a{b!"c"}', "1:4 unexpected character after '!' inside braces: '\"'"],
    ['a{{', "1:3 unexpected left brace '{'"],
    ['a ! b', "1:3 unexpected character after '!': ' '"],
    ['a =~ "b"', "1:3 unexpected character after '=': '~'"],
    ['a = b', '1:3 unexpected "=", expected an operator or the end of the query'],
    ['a ; b', "1:3 unexpected character: ';'"],
    ['sum by a (b)', '1:8 unexpected identifier "a" in grouping opts, expected "("'],
    ['sum by (a b) (c)', '1:11 unexpected identifier "b" in grouping opts, expected "," or ")"'],
    ['sum by (a, 1) (c)', '1:12 unexpected number "1" in grouping opts, expected label'],
    ['sum by (inf) (c)', '1:9 unexpected number "inf" in grouping opts, expected label'],
    ['sum by (without) (c)', '1:9 unexpected <without> in grouping opts, expected label'],
    ['sum by ("") (c)', '1:9 invalid label name for grouping: ""'],
    ['a offset', '1:9 unexpected end of input in offset, expected number or duration'],
    ['a offset b', '1:10 unexpected identifier "b" in offset, expected number or duration'],
    ['a @ b', '1:5 unexpected identifier "b" in @, expected timestamp'],
    ['a[5m:1m:1m]', '1:8 unexpected ":" in subquery selector, expected "]"'],
    ['a[5m 1m]', '1:6 unexpected duration "1m" in subquery or range, expected ":" or "]"'],
    ['a[]', '1:3 unexpected "]" in subquery selector, expected number or duration'],
    ['a[b]', "1:3 unexpected character in duration expression: 'b'"],
    ['a[ # how far back?\n5m]', "1:4 unexpected character in duration expression: '#'"],
    ['rate(a[5m],)', '1:11 trailing commas not allowed in function call args'],
    ['unknown(a)', '1:1 unknown function with name "unknown"'],
    ['RATE(a[5m])', '1:1 unknown function with name "RATE"'],
    ['on', '1:1 unexpected <on>, expected an expression'],
    ['atan2', '1:1 unexpected <op:atan2>, expected an expression'],
    ['a on(b) c', '1:3 unexpected <on>, expected an operator or the end of the query'],
    ['a + on(b) group_left(c', '1:23 unclosed left parenthesis'],
    ['sum()', '1:1 no arguments for aggregate expression provided'],
    ['sum(a, b)', '1:1 wrong number of arguments for aggregate expression provided, expected 1, got 2'],
    ['topk(a)', '1:1 wrong number of arguments for aggregate expression provided, expected 2, got 1'],
    ['a[0]', '1:3 duration must be greater than 0'],
    ['a[-5m]', '1:3 duration must be greater than 0'],
    ['a[5m:0s]', '1:6 duration must be greater than 0'],
    ['a[30m1h]', '1:3 not a valid duration string: "30m1h"'],
    ['a[300y]', '1:3 duration out of range'],
    ['a offset 1e11', '1:10 duration out of range'],
    ['5mx', '1:1 bad number or duration syntax: "5mx"'],
    ['1e', '1:1 bad number or duration syntax: "1e"'],
    ['1__0', '1:1 bad number or duration syntax: "1__0"'],
    [
      '1 offset 5m',
      '1:1 offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
    ],
    ['-1 @ 5', '1:2 @ modifier must be preceded by an instant vector selector or range vector selector or a subquery'],
    [
      '(a) offset 5m',
      '1:1 offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
    ],
    ['a offset 1m offset 2m', '1:1 offset may not be set multiple times'],
    ['a @ 1 @ start()', '1:1 @ <timestamp> may not be set multiple times'],
    ['a @ inf', '1:1 timestamp out of bounds for @ modifier: +Inf'],
    ['a offset 1m[5m]', '1:12 no offset modifiers allowed before range'],
    ['a @ 1 [5m]', '1:7 no @ modifiers allowed before range'],
    ['(a)[5m]', '1:4 ranges only allowed for vector selectors'],
    ['a[5m][5m]', '1:6 ranges only allowed for vector selectors'],
    ['a{b="c}', '1:5 unterminated quoted string'],
    ['"a\nb"', '1:1 unterminated quoted string'],
    ['`a', '1:1 unterminated raw string'],
    ['"\\q"', "1:1 unknown escape sequence U+0071 'q'"],
    ['"\\xfg"', "1:1 illegal character U+0067 'g' in escape sequence"],
    ['"\\ud800"', '1:1 escape sequence is an invalid Unicode code point'],
    ['"\ud800"', '1:1 invalid UTF-8 rune'],
  ])('says of %j: %s', (text, expected) => {
    expect(told(text)).toBe(expected);
    expect(refusal(text).kind).toBe('parse_error');
  });

  it('tells what is wrong first, though characters that fit nowhere come later', () => {
    expect(told('sum by a (b) ; c')).toBe('1:8 unexpected identifier "a" in grouping opts, expected "("');
    expect(told('sum(a b')).toBe('1:7 unexpected identifier "b", expected an operator or ")"');
  });

  it('names the regular expression that RE2 does not take', () => {
    expect(told('up{a="b", c=~"(?=x)"}')).toMatch(/^1:11 error parsing regexp: /);
    expect(told('up{a=~"("}')).toBe('1:4 error parsing regexp: missing closing ): `(`');
  });

  it.each([
    ['{}', '1:1 vector selector must contain at least one non-empty matcher'],
    ['{a=~".*"}', '1:1 vector selector must contain at least one non-empty matcher'],
    ['sum({a!="b"})', '1:5 vector selector must contain at least one non-empty matcher'],
    ['up{__name__="down"}', '1:1 metric name must not be set twice: "up" or "down"'],
    ['up{"down"}', '1:1 metric name must not be set twice: "up" or "down"'],
    ['rate(up)', '1:6 expected type range vector in call to function "rate", got instant vector'],
    ['abs(up[5m])', '1:5 expected type instant vector in call to function "abs", got range vector'],
    ['vector("1")', '1:8 expected type scalar in call to function "vector", got string'],
    ['label_join(up, "a", 1)', '1:21 expected type string in call to function "label_join", got scalar'],
    ['label_join(up, "a", "", "b", 1)', '1:30 expected type string in call to function "label_join", got scalar'],
    ['time(1)', '1:1 expected 0 argument(s) in call to "time", got 1'],
    ['rate()', '1:1 expected 1 argument(s) in call to "rate", got 0'],
    ['round()', '1:1 expected at least 1 argument(s) in call to "round", got 0'],
    ['round(up, 1, 2)', '1:1 expected at most 2 argument(s) in call to "round", got 3'],
    ['sum(1)', '1:5 expected type instant vector in aggregation expression, got scalar'],
    ['topk("a", up)', '1:6 expected type scalar in aggregation parameter, got string'],
    ['count_values(1, up)', '1:14 expected type string in aggregation parameter, got scalar'],
    ['up + "a"', '1:6 binary expression must contain only scalar and instant vector types'],
    ['up[5m] + 1', '1:1 binary expression must contain only scalar and instant vector types'],
    ['-"a"', '1:1 unary expression only allowed on expressions of type scalar or instant vector, got "string"'],
    [
      '-up[5m]',
      '1:1 unary expression only allowed on expressions of type scalar or instant vector, got "range vector"',
    ],
    ['1 == 1', '1:3 comparisons between scalars must use BOOL modifier'],
    ['up + bool up', '1:4 bool modifier can only be used on comparison operators'],
    ['1 and 2', '1:1 set operator "and" not allowed in binary scalar expression'],
    ['up or 1', '1:1 set operator "or" not allowed in binary scalar expression'],
    ['up and on(a) group_left(b) up', '1:1 no grouping allowed for "and" operation'],
    ['up + on(a) group_left(a) up', '1:4 label "a" must not occur in ON and GROUP clause at once'],
    ['up + on(a) 1', '1:1 vector matching only allowed between instant vectors'],
    ['1[5m:]', '1:1 subquery is only allowed on instant vector, got scalar instead'],
    ['up[5m][5m:]', '1:1 subquery is only allowed on instant vector, got matrix instead'],
  ])('says that the parts of %j do not go together: %s', (text, expected) => {
    expect(told(text)).toBe(expected);
    expect(refusal(text).kind).toBe('type_mismatch');
  });

  it('tells of types only what can be read otherwise', () => {
    expect(told('rate(up) + unknown(up)')).toBe('1:12 unknown function with name "unknown"');
  });

  it.each([
    ['mad_over_time(up[5m])', 1, 'the function mad_over_time'],
    ['1 + info(up)', 5, 'the function info'],
    ['limitk(1, up)', 1, 'the aggregation limitk'],
    ['sum(limit_ratio(0.5, up))', 5, 'the aggregation limit_ratio'],
    ['up[5m + 1m]', 7, 'arithmetic on durations'],
    ['up[(5m)]', 4, 'arithmetic on durations'],
    ['up[5m:1m*2]', 9, 'arithmetic on durations'],
    ['up offset (5m)', 11, 'arithmetic on durations'],
    ['up offset -(5m)', 12, 'arithmetic on durations'],
  ])('refuses %s, which is an experiment', (text, column, feature) => {
    expect(refusal(text)).toEqual({ kind: 'unsupported', line: 1, column, feature });
  });

  it.each([
    ['a text of 10 MB', 'x'.repeat(10_000_000), 'the length of a query', 262_144],
    ['10 000 parentheses', `${'('.repeat(10_000)}1${')'.repeat(10_000)}`, 'the depth of an expression', 500],
    ['10 000 parentheses that are never closed', '('.repeat(10_000), 'the depth of an expression', 500],
    ['10 000 calls in each other', `${'abs('.repeat(10_000)}a${')'.repeat(10_000)}`, 'the depth of an expression', 500],
    ['9 000 signs', `${'-'.repeat(9000)}1`, 'the depth of an expression', 500],
    ['a chain of 4 000 operators', `a${'+a'.repeat(4000)}`, 'the depth of an expression', 500],
    ['a tower of 4 000 powers', `2${'^2'.repeat(4000)}`, 'the depth of an expression', 500],
    ['1 000 subqueries of each other', `a${'[1m:]'.repeat(1000)}`, 'the depth of an expression', 500],
    ['chains in chains', `${'('.repeat(100)}a${`${'+a'.repeat(10)})`.repeat(100)}`, 'the depth of an expression', 500],
    ['9 000 matchers', `a{${'b="",'.repeat(9000)}}`, 'the number of names, values and signs in a query', 10_000],
  ])('refuses %s', (_, text, limit, allowed) => {
    expect(refusal(text)).toEqual({ kind: 'limit_exceeded', limit, allowed });
  });
});
