// Which expressions say of themselves that all their series have one name.
import { hasOneName } from '../../../lib/query/language/one-name.js';
import { parseExpression } from '../../../lib/query/language/parse-expression.js';

function judged(query: string): boolean {
  return hasOneName(parseExpression(query)._unsafeUnwrap());
}

describe('hasOneName', () => {
  it.each([
    'a',
    'a{x="1"} offset 5m',
    '{__name__="a"}',
    '(a)',
    '+a',
    '-{x="1"}',
    'rate(a[5m])',
    'max_over_time(a[5m:1m])',
    'time()',
    'vector(1)',
    'label_replace(a, "x", "$1", "y", "(.*)")',
    'sum({x="1"})',
    'sum by (x) ({x="1"})',
    'sum without (x) ({x="1"})',
    'sum by (__name__) (a)',
    'topk(1, a)',
    'count_values("v", {x="1"})',
    'a * b',
    '{x="1"} * 2',
    '{x="1"} > bool 2',
    'a > 2',
    '2 < a',
    'a > b',
    'a and {x="1"}',
    'a unless {x="1"}',
  ])('knows of one name in %s', (query) => {
    expect(judged(query)).toBe(true);
  });

  it.each([
    '{x="1"}',
    '{__name__=~"a|b"}',
    '{__name__!="a",x="1"}',
    '({x="1"})',
    '+{x="1"}',
    'last_over_time({x="1"}[5m])',
    'max_over_time({x="1"}[5m:1m])',
    'label_replace(a, "__name__", "$1", "y", "(.*)")',
    'label_join(a, "__name__", "-", "y")',
    'label_replace({z="1"}, "x", "$1", "y", "(.*)")',
    'sum by (__name__, x) ({x="1"})',
    'topk(1, {x="1"})',
    'bottomk(1, {x="1"})',
    'count_values("__name__", a)',
    'a or b',
    '{x="1"} > 2',
    '{x="1"} and a',
    'a * on(x) group_left(__name__) b',
  ])('cannot tell in %s', (query) => {
    expect(judged(query)).toBe(false);
  });
});
