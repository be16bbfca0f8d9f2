// What reads as a query, and as which one. Every line was put to a Prometheus 3.5.3 as well, which reads it the same way.
import { type Expression, operandsOf } from '../../../lib/query/language/expression.js';
import { parseExpression } from '../../../lib/query/language/parse-expression.js';
import { printExpression } from '../../../lib/query/language/print-expression.js';
import { grouped } from './grouped.js';

const read = (text: string) => parseExpression(text)._unsafeUnwrap();

describe('parseExpression', () => {
  it.each([
    ['up', 'up'],
    ['job:requests:rate5m', 'job:requests:rate5m'],
    ['up{}', 'up'],
    ['up{job="shop",}', 'up{job="shop"}'],
    ['{__name__="up"}', '{__name__="up"}'],
    ['{"http.requests", \'status.code\'=~`5..`}', '{"status.code"=~"5..",__name__="http.requests"}'],
    ['up{a!="b", a=~"c|d", a!~"e.*"}', 'up{a!="b",a!~"e.*",a=~"c|d"}'],
    ['{a=~".+"}', '{a=~".+"}'],
    ['up # and no more', 'up'],
    ['up\n  + # both\n  up', 'up + up'],
  ])('reads the selector %s', (text, printed) => {
    expect(printExpression(read(text))).toBe(printed);
  });

  it.each(['sum', 'by', 'without', 'offset', 'start', 'end', 'and', 'or', 'unless', 'rate', 'limitk', 'count_values'])(
    'takes the word %s for a metric where a value stands',
    (word) => {
      expect(read(`${word} + ${word}{a="b"}`)).toMatchObject({ left: { name: word }, right: { name: word } });
    },
  );

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('takes %s as any other name', (name) => {
    const query = `sum by (${name}) (${name}{${name}="x"}) + on (${name}) ${name}`;
    expect(printExpression(read(query))).toBe(query);
  });

  it.each(['on', 'bool', 'inf', 'atan2', 'offset', 'sum', 'group_left', 'without'])(
    'takes the word %s for a label in braces',
    (word) => {
      expect(read(`up{${word}="x"}`)).toMatchObject({ matchers: [{ name: word, value: 'x' }, { name: '__name__' }] });
    },
  );

  it.each(['on', 'bool', 'atan2', 'offset', 'sum', 'group_left', 'by', 'start', 'a:b'])(
    'takes the word %s for a label to group by',
    (word) => {
      expect(read(`sum by (${word}, "x.y",) (up)`)).toMatchObject({ grouping: [word, 'x.y'] });
    },
  );

  it.each([
    ['a + b * c', '(a + (b * c))'],
    ['a - b - c', '((a - b) - c)'],
    ['a ^ b ^ c', '(a ^ (b ^ c))'],
    ['a * b atan2 c % d', '(((a * b) atan2 c) % d)'],
    ['a or b and c unless d', '(a or ((b and c) unless d))'],
    ['a == b + c > d', '((a == (b + c)) > d)'],
    ['a and b == c', '(a and (b == c))'],
    ['-a ^ b', '(-(a ^ b))'],
    ['-1 ^ 2', '(-(1 ^ 2))'],
    ['2 ^ -1 ^ 2', '(2 ^ (-(1 ^ 2)))'],
    ['-a * b', '((-a) * b)'],
    ['a ^ -b * c', '((a ^ (-b)) * c)'],
    ['a - -b', '(a - (-b))'],
    ['a + b offset 5m', '(a + b offset 5m)'],
    ['-a offset 5m', '(-a offset 5m)'],
    ['a * b @ 5', '(a * b @ 5.000)'],
    ['a offset 1h - 1m', '(a offset 1h - 1m)'],
    ['A AND B Or C', '((A and B) or C)'],
  ])('groups %s by what binds most', (text, expected) => {
    expect(grouped(read(text))).toBe(expected);
  });

  it.each([
    ['up offset 5m', { offsetMs: 300_000 }],
    ['up offset -5m', { offsetMs: -300_000 }],
    ['up offset 90', { offsetMs: 90_000 }],
    ['up offset 1.5', { offsetMs: 1500 }],
    ['up @ 1609746000', { at: 1_609_746_000_000 }],
    ['up @ -0.5', { at: -500 }],
    ['up @ 5m', { at: 300_000 }],
    ['up @ start()', { at: 'start' }],
    ['up @ END() offset 1w', { at: 'end', offsetMs: 604_800_000 }],
    ['up offset 1w @ end()', { at: 'end', offsetMs: 604_800_000 }],
    ['up[5m]', { rangeMs: 300_000, selector: { offsetMs: 0 } }],
    ['up[1h30m]', { rangeMs: 5_400_000 }],
    ['up[ 5m # back\n]', { rangeMs: 300_000 }],
    ['up[90]', { rangeMs: 90_000 }],
    ['up[0.5]', { rangeMs: 500 }],
    ['up[0x10]', { rangeMs: 16_000 }],
    ['up[5m] offset 1m @ 7', { rangeMs: 300_000, selector: { offsetMs: 60_000, at: 7000 } }],
    ['up @ start()[5m]', { rangeMs: 300_000, selector: { at: 'start' } }],
    ['up[1h:5m]', { rangeMs: 3_600_000, stepMs: 300_000, offsetMs: 0 }],
    ['up[1h:] @ 0 offset 1m', { kind: 'subquery', rangeMs: 3_600_000, at: 0, offsetMs: 60_000 }],
    ['(up offset 1m)[3600:60] offset 2m', { stepMs: 60_000, offsetMs: 120_000 }],
  ])('reads the modifiers of %s', (text, expected) => {
    expect(read(text)).toMatchObject(expected);
  });

  it('leaves the step of a subquery to the engine where none is written', () => {
    expect(read('up[1h:]')).not.toHaveProperty('stepMs');
  });

  it.each([
    ['sum(up)', { operator: 'sum', grouping: [], isWithout: false }],
    ['SUM BY (job) (up)', { operator: 'sum', grouping: ['job'], isWithout: false }],
    ['sum(up) by (job, on)', { operator: 'sum', grouping: ['job', 'on'], isWithout: false }],
    ['sum without () (up)', { operator: 'sum', grouping: [], isWithout: true }],
    ['topk without (a) (5, up)', { operator: 'topk', parameter: { value: 5 }, isWithout: true }],
    ['count_values("v", up)', { operator: 'count_values', parameter: { kind: 'string', value: 'v' } }],
    ['quantile(0.5, up)', { operator: 'quantile', parameter: { value: 0.5 }, expression: { name: 'up' } }],
  ])('reads the aggregation %s', (text, expected) => {
    expect(read(text)).toMatchObject({ kind: 'aggregation', ...expected });
  });

  it.each([
    ['a + b', { cardinality: 'one-to-one', isOn: false, labels: [], include: [] }],
    ['a + on() b', { cardinality: 'one-to-one', isOn: true, labels: [] }],
    ['a + ignoring(x, "y.z") b', { cardinality: 'one-to-one', isOn: false, labels: ['x', 'y.z'] }],
    ['a + on(x) group_left b', { cardinality: 'many-to-one', labels: ['x'], include: [] }],
    ['a + on(x) group_right(y,) b', { cardinality: 'one-to-many', labels: ['x'], include: ['y'] }],
    ['a + ignoring(x) group_left(x) b', { cardinality: 'many-to-one', isOn: false, include: ['x'] }],
    ['a and on(x) b', { cardinality: 'many-to-many', isOn: true }],
    ['a unless b', { cardinality: 'many-to-many', isOn: false }],
  ])('reads how the vectors of %s match', (text, matching) => {
    expect(read(text)).toMatchObject({ kind: 'binary', returnsBool: false, matching });
  });

  it.each(['1 + 2', 'a + 1', '1 + a', 'a + on() 1'])('knows no matching in %s', (text) => {
    expect(read(text)).not.toHaveProperty('matching');
  });

  it('reads bool before the matching', () => {
    expect(read('a == bool on(x) b')).toMatchObject({ returnsBool: true, matching: { isOn: true } });
  });

  it.each([
    'time()',
    'pi() * 2',
    'round(up)',
    'round(up, 0.1)',
    'hour()',
    'hour(up)',
    'label_join(up, "a", "")',
    'label_join(up, "a", "", "b", "c", "d")',
    'label_replace(up, "a", "$1", "b", "(.*)")',
    'histogram_quantile(0.9, rate(h[5m]))',
    'quantile_over_time(scalar(a), up[5m])',
    'vector(1) == bool vector(2)',
    '1 == bool 2',
    '"a text"',
    'scalar(up) > bool time()',
  ])('takes %s for well typed', (text) => {
    expect(printExpression(read(text))).toBe(text);
  });

  it('says where the parts stand', () => {
    const text = 'sum by (a) (rate(x{b="c"}[5m] offset 1m)) / -2';
    const shown: string[] = [];
    const visit = (expression: Expression) => {
      shown.push(text.slice(expression.position.start, expression.position.end));
      operandsOf(expression).forEach(visit);
    };
    visit(read(text));
    expect(shown).toEqual([
      text,
      'sum by (a) (rate(x{b="c"}[5m] offset 1m))',
      'rate(x{b="c"}[5m] offset 1m)',
      'x{b="c"}[5m] offset 1m',
      'x{b="c"}',
      '-2',
    ]);
  });

  it('reads chains of operators as long as it allows', () => {
    const terms = Array.from({ length: 450 }, (_, i) => `up{instance="host-${i}.example.com:9090", job="shop"}`);
    expect(printExpression(read(terms.join(' or ')))).toContain('host-449');
  });

  it('reads values in parentheses as deep as it allows', () => {
    expect(read(`${'('.repeat(490)}up${')'.repeat(490)}`).kind).toBe('parentheses');
  });
});
