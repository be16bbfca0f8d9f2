// Matching texts as a whole and asking what groups matched.
import { compileFullMatch } from '../../lib/model/full-match.js';

function groupsOf(pattern: string, text: string, groups: readonly (number | string)[]): string[] | undefined {
  const match = compileFullMatch(pattern)._unsafeUnwrap().match(text);
  return match && groups.map((group) => match.group(group));
}

describe('compileFullMatch', () => {
  it('matches a text as a whole or not at all', () => {
    expect(groupsOf('b', 'abc', [0])).toBeUndefined();
    expect(groupsOf('a|ab', 'ab', [0])).toEqual(['ab']);
  });

  it('tells groups by number and by name', () => {
    expect(groupsOf('(?P<host>.*):(\\d+)', 'db:5432', [0, 1, 'host', 2])).toEqual(['db:5432', 'db', 'db', '5432']);
  });

  it('has nothing for groups that took no part, or that there are not', () => {
    expect(groupsOf('(a)|(b)', 'b', [1, 2, 3, 'name', 'toString'])).toEqual(['', 'b', '', '', '']);
  });

  it('lets a dot match a line break', () => {
    expect(groupsOf('(.*)', 'a\nb', [1])).toEqual(['a\nb']);
  });

  it('says what is wrong with an expression', () => {
    expect(compileFullMatch('(.*')._unsafeUnwrapErr()).toContain('missing closing )');
    expect(compileFullMatch('(?=a)').isErr()).toBe(true);
    expect(compileFullMatch('a'.repeat(16_385))._unsafeUnwrapErr()).toBe('it has more than 16384 characters');
  });

  it('says which expressions take long', () => {
    const isSlow = (pattern: string) => compileFullMatch(pattern)._unsafeUnwrap().isSlow;
    expect(['(.*):(\\d+)', '([^-]+)-([^-]+)-(.*)', '(a+)+'].map(isSlow)).toEqual([false, false, false]);
    expect(isSlow('(\\pL?){500}x')).toBe(true);
  });

  it('does not lose itself in expressions that make others backtrack', () => {
    expect(groupsOf('(a+)+', `${'a'.repeat(5_000)}b`, [0])).toBeUndefined();
  });
});
