// Replacements with references to groups. Expected texts follow the documentation of Go's `Regexp.Expand`.
import { compileFullMatch, type GroupMatch } from '../../../lib/model/full-match.js';
import { parseReplacement } from '../../../lib/query/functions/replacement.js';

const match = compileFullMatch('(?P<first>\\w+)-(\\d+)(x)?')._unsafeUnwrap().match('shop-12') as GroupMatch;

/** A reference in braces. */
function braced(name: string): string {
  return `$${'{'}${name}}`;
}

describe('parseReplacement', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['$0', 'shop-12'],
    ['$1/$2', 'shop/12'],
    ['$first', 'shop'],
    [`${braced('first')}s`, 'shops'],
    [`${braced('2')}4`, '124'],
    ['$24', ''],
    ['$firsts', ''],
    ['$3', ''],
    ['[$nobody]', '[]'],
    ['$$1', '$1'],
    ['$$$1', '$shop'],
    ['a$', 'a$'],
    ['$-$1', '$-shop'],
    ['${1', '${1'],
    [braced(''), braced('')],
    [braced('a b'), braced('a b')],
    ['$größe', ''],
  ])('makes of %j %j', (replacement, expected) => {
    expect(parseReplacement(replacement)(match)).toBe(expected);
  });
});
