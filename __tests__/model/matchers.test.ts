// What label matchers promise: anchored expressions in RE2 syntax, a missing label being an empty one.
import fc from 'fast-check';
import { describe as tell } from '../../lib/errors.js';
import { compileMatchers, matchesAll } from '../../lib/model/matchers.js';
import type { LabelMatcher } from '../../lib/model/storage.js';

type Operator = LabelMatcher['operator'];

function holds(operator: Operator, value: string, given: string): boolean {
  const [predicate] = compileMatchers([{ name: 'a', operator, value }])._unsafeUnwrap();
  return predicate?.matches(given) ?? false;
}

describe('compileMatchers', () => {
  it.each<[Operator, string, string, boolean]>([
    ['=', 'x', 'x', true],
    ['=', 'x', 'xx', false],
    ['!=', 'x', 'x', false],
    ['!=', 'x', '', true],
    ['=~', 'x', 'axb', false],
    ['=~', 'a.c', 'abc', true],
    ['=~', 'a|ab', 'ab', true],
    ['=~', '(?i)get', 'GET', true],
    ['=~', '.*', '', true],
    ['=~', '.+', '', false],
    ['=~', '', '', true],
    ['=~', 'a.*', 'a\nb', true],
    ['=~', 'a.b', 'a\nb', true],
    ['=~', '\\d+', '12', true],
    ['!~', '\\d+', '12', false],
    ['!~', 'x', '', true],
  ])('answers whether a label %s "%s" holds for "%s": %s', (operator, value, given, expected) => {
    expect(holds(operator, value, given)).toBe(expected);
  });

  it('agrees with an anchored regular expression, whatever shape the pattern has', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      'ab',
      '.*',
      '.+',
      '|',
      '(',
      ')',
      '(?:',
      '\\.',
      '.',
      '\\|',
      '[ab]',
      'a?',
      '',
    );
    const pattern = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const given = fc.array(fc.constantFrom('a', 'b', '.', '|', '\n'), { maxLength: 5 }).map((chars) => chars.join(''));
    fc.assert(
      fc.property(pattern, fc.array(given, { minLength: 1, maxLength: 5 }), (source, values) => {
        const compiled = compileMatchers([{ name: 'a', operator: '=~', value: source }]);
        let expected: RegExp;
        try {
          // Alone it must be an expression, too: `a)(b` only becomes one by what stands around it.
          expected = new RegExp(new RegExp(source) && `^(?:${source})$`, 's');
        } catch {
          return expect(compiled.isErr()).toBe(true);
        }
        // RE2 has fewer expressions: JavaScript takes `a?+` for lazy or literal where RE2 sees a mistake.
        fc.pre(compiled.isOk());
        for (const value of values) expect(compiled._unsafeUnwrap()[0]?.matches(value)).toBe(expected.test(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('knows the only values that an equality or a list of literals allows', () => {
    const valuesOf = (operator: Operator, value: string) =>
      compileMatchers([{ name: 'a', operator, value }])._unsafeUnwrap()[0]?.values;
    expect(valuesOf('=', 'x')).toEqual(['x']);
    expect(valuesOf('=~', 'x')).toEqual(['x']);
    expect(valuesOf('=~', '(?:/a\\.b|/c)')).toEqual(['/a.b', '/c']);
    expect(valuesOf('=~', 'x.*')).toBeUndefined();
    expect(valuesOf('!=', 'x')).toBeUndefined();
    expect(valuesOf('!~', 'x')).toBeUndefined();
  });

  it.each(['(', 'a**', '(?=a)', '(a)\\1', '\\', 'a{2000}', '[z-a]', `${'('.repeat(2000)}${')'.repeat(2000)}`])(
    'refuses %j and says what is wrong with it',
    (value) => {
      const error = compileMatchers([{ name: 'route', operator: '=~', value }])._unsafeUnwrapErr();
      expect(error).toMatchObject({ kind: 'invalid_matcher', label: 'route', value });
      expect(tell(error)).toMatch(
        /^The matcher of the label "route" is invalid \(".*"\)\. Write it in RE2 syntax.+\.$/s,
      );
    },
  );

  it('refuses operators that are none, and values that are no strings', () => {
    const odd = [{ name: 'a', operator: '==', value: 'x' }] as unknown as LabelMatcher[];
    expect(compileMatchers(odd).isErr()).toBe(true);
    const odder = [{ name: 'a', operator: '=', value: 1 }] as unknown as LabelMatcher[];
    expect(compileMatchers(odder).isErr()).toBe(true);
  });

  it('takes long lists of literals and refuses other long expressions before compiling them', () => {
    const list = Array.from({ length: 20_000 }, (_, i) => `/route/${i}`).join('|');
    expect(holds('=~', list, '/route/19999')).toBe(true);
    expect(holds('=~', list, '/route/20000')).toBe(false);
    const error = compileMatchers([{ name: 'a', operator: '=~', value: 'a?'.repeat(5_000_000) }])._unsafeUnwrapErr();
    expect(tell(error).length).toBeLessThan(1000);
  });

  it('answers the expressions that other engines never finish', () => {
    const many = 'a'.repeat(50_000);
    for (const killer of ['(a+)+$', '(a|aa)+', '(a|a)*b', '(.*a){12}b', '([a-z]+)*\\d']) {
      expect(holds('=~', killer, `${many}!`)).toBe(false);
    }
  });
});

describe('matchesAll', () => {
  it('asks for every label, a missing or an inherited one being empty', () => {
    const predicates = compileMatchers([
      { name: 'a', operator: '=', value: '1' },
      { name: 'constructor', operator: '=', value: '' },
      { name: 'b', operator: '!=', value: 'x' },
    ])._unsafeUnwrap();
    expect(matchesAll(predicates, { a: '1' })).toBe(true);
    expect(matchesAll(predicates, { a: '1', b: 'x' })).toBe(false);
    expect(matchesAll(predicates, { b: '1' })).toBe(false);
  });
});
