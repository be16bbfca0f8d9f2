// The size of regular expressions, counted by hand, and what is refused for it.
import { compileFullMatch } from '../../lib/model/full-match.js';
import { compileMatchers } from '../../lib/model/matchers.js';
import { regexSize } from '../../lib/model/regex-size.js';

describe('regexSize', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['a{5}', 5],
    ['a{2,5}b', 6],
    ['a{3,}', 3],
    ['a{0}', 1],
    ['x(ab){1,3}', 7],
    ['((a{10}b){10}c){10}', 1_110],
    ['(?:ab){4}(?P<name>c){4}(?i:d){4}', 16],
    ['\\pL{7}\\p{Greek}{7}\\x{10FFFF}{7}\\d{7}', 28],
    ['[a-z{9}]{7}[^\\]]{7}[[:alpha:]]{7}[]]{7}', 28],
    ['a\\{5}', 4],
    ['a{x}', 4],
    ['(a|b)*', 4],
    ['(a{5}', 5],
    ['a)){5}', 5],
  ])('counts the parts of %s', (pattern, size) => {
    expect(regexSize(pattern)).toBe(size);
  });

  it.each(['(a{1000}b?){17}', 'a{1000}'.repeat(17), '((\\pL{1,30}){1,30}){1,30}'])(
    'lets neither matchers nor replacements make an automaton of %s',
    (value) => {
      const problem = 'with its repetitions written out it has more than 16384 parts';
      expect(compileFullMatch(value)._unsafeUnwrapErr()).toBe(problem);
      expect(compileMatchers([{ name: 'a', operator: '=~', value }])._unsafeUnwrapErr()).toMatchObject({
        kind: 'invalid_matcher',
        rule: 'A regular expression has at most 16384 parts when its repetitions are written out.',
      });
    },
  );
});
