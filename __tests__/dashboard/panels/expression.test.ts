// What is put into expressions when they are asked: the range of rates and the targets that are shown.
import { expanded, matcherOf, shownSelector, WINDOW } from '../../../lib/dashboard/panels/expression.js';
import { parseExpression } from '../../../lib/query/language/parse-expression.js';
import { printExpression } from '../../../lib/query/language/print-expression.js';

const asked = (expression: string, targets: string) => expanded(expression, { window: '1m', targets });

describe('expanded', () => {
  it.each([
    ['up', '', 'up', 'up{job="shop"}'],
    ['up', 'a="b"', 'up{a="b"}', 'up{a="b",job="shop"}'],
    ['x.y', '', '{"x.y"}', '{"x.y",job="shop"}'],
    ['x.y', 'a="b"', '{"x.y", a="b"}', '{"x.y", a="b",job="shop"}'],
  ])('of %s with the matchers "%s" asks all targets or some', (series, matchers, all, some) => {
    const rate = (text: string) => `sum(rate(${text}[${WINDOW}])) / sum(${text})`;
    const expression = rate(shownSelector(series, matchers));
    expect(asked(expression, '')).toBe(rate(all).replace(WINDOW, '1m'));
    expect(asked(expression, 'job="shop"')).toBe(rate(some).replace(WINDOW, '1m'));
    for (const targets of ['', 'job="shop"']) {
      expect(parseExpression(asked(expression, targets)).isOk()).toBe(true);
    }
  });

  it.each(['"} or vector(1) # ', '$&$`', '\\', '\u0000\u2028\n', '<b>'])('takes the target %j as a value', (value) => {
    const expression = asked(shownSelector('up', 'a="b"'), matcherOf({ label: 'instance', value }));
    const read = parseExpression(expression)._unsafeUnwrap();
    expect(read).toMatchObject({
      matchers: expect.arrayContaining([expect.objectContaining({ name: 'instance', value })]),
    });
    expect(printExpression(read)).toContain('a="b"');
  });
});
