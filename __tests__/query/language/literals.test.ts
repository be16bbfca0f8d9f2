// Numbers, durations and strings: how they read, and how they are printed. Facts from Go's rules for literals, which PromQL
// takes over, and from the documentation of PromQL.
import fc from 'fast-check';
import { formatDuration, readDuration } from '../../../lib/query/language/durations.js';
import { formatNumber, readNumber } from '../../../lib/query/language/numbers.js';
import { parseExpression } from '../../../lib/query/language/parse-expression.js';
import { quote, unquote } from '../../../lib/query/language/strings.js';

describe('readNumber', () => {
  it.each([
    ['0', 0],
    ['12', 12],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['1E-3', 0.001],
    ['2.5e+2', 250],
    ['1_000_000', 1_000_000],
    ['1_0.2_5', 10.25],
    ['0x1F', 31],
    ['0Xff', 255],
    ['0x_1_f', 31],
    ['010', 8],
    ['0_17', 15],
    ['08', 8],
    ['09.5', 9.5],
    ['Inf', Number.POSITIVE_INFINITY],
    ['INF', Number.POSITIVE_INFINITY],
    ['nan', Number.NaN],
  ])('reads %s as %d', (text, value) => {
    expect(readNumber(text)).toBe(value);
  });

  it.each(['', 'x', '1x', '1_', '_1', '1__0', '1._5', '1e', '1e+', '0x', '0b1', '0o7', '1.2.3', '5m'])(
    'takes %j for no number',
    (text) => {
      expect(readNumber(text)).toBeUndefined();
    },
  );

  it('takes octal numbers of more than 64 bits for decimal ones, as Go does', () => {
    expect(readNumber('07777777777777777777777777')).toBeCloseTo(7.777777777777778e24, -10);
  });

  it.each(['1e999', '9'.repeat(400), '0x8000000000000000'])('finds no number as large as %s in a query', (text) => {
    expect(parseExpression(text)._unsafeUnwrapErr()).toMatchObject({ kind: 'parse_error' });
  });
});

describe('formatNumber', () => {
  it.each([
    [1, '1'],
    [-0, '-0'],
    [0.1, '0.1'],
    [1e21, '1000000000000000000000'],
    [-1.25e22, '-12500000000000000000000'],
    [1.5e-7, '0.00000015'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('writes what reads as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: 0, noDefaultInfinity: true }), (value) => {
        expect(readNumber(formatNumber(value))).toBe(value);
      }),
    );
  });
});

describe('readDuration', () => {
  it.each([
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1y2w3d4h5m6s7ms', 31_536_000_000 + 1_209_600_000 + 259_200_000 + 14_400_000 + 300_000 + 6000 + 7],
    ['90m', 5_400_000],
    ['0s', 0],
    ['250y', 250 * 31_536_000_000],
  ])('reads %s as %d ms', (text, ms) => {
    expect(readDuration(text)).toEqual({ ms });
  });

  it.each(['', '5', 'm', '5x', '1m1h', '1m1m', '1.5h', '-1m', '1h 30m', '1hs'])('refuses %j', (text) => {
    expect(readDuration(text)).toEqual({ problem: `not a valid duration string: "${text}"` });
  });

  it('refuses what has more nanoseconds than 64 bits can count', () => {
    expect(readDuration('293y')).toEqual({ problem: 'duration out of range' });
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [1, '1ms'],
    [1500, '1s500ms'],
    [60_000, '1m'],
    [5_400_000, '1h30m'],
    [86_400_000, '1d'],
    [7 * 86_400_000, '1w'],
    [90 * 86_400_000, '90d'],
    [365 * 86_400_000, '1y'],
    [366 * 86_400_000, '366d'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('writes what reads as the same duration', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_000_000_000_000 }), (ms) => {
        expect(readDuration(formatDuration(ms))).toEqual({ ms });
      }),
    );
  });
});

describe('unquote', () => {
  it.each([
    ['"a"', 'a'],
    ["'a\"b'", 'a"b'],
    ['"a\\"b"', 'a"b'],
    ["'a\\'b'", "a'b"],
    ['`a\\n\n"b\'`', 'a\\n\n"b\''],
    ['"\\a\\b\\f\\n\\r\\t\\v\\\\"', '\x07\b\f\n\r\t\v\\'],
    ['"\\x41\\101\\u0041\\U00000041"', 'AAAA'],
    ['"\\u263a\\U0001F600"', '☺😀'],
    ['"\\xe2\\x98\\xba"', '☺'],
    ['"\\342\\230\\272 \\xf0\\x9f\\x98\\x80"', '☺ 😀'],
    ['"\\x5c\\x6e"', '\\n'],
  ])('reads %s', (quoted, text) => {
    expect(unquote(quoted)).toBe(text);
  });

  it('leaves bytes that are no UTF-8 as halves of surrogate pairs, so that no name can be made of them', () => {
    expect(unquote('"a\\xffb\\xe2\\x98"')).toBe('a\udcffb\udce2\udc98');
    // A surrogate in three bytes, and a slash in two, are not UTF-8 either.
    expect(unquote('"\\xed\\xa0\\x80\\xc0\\xaf"')).toBe('\udced\udca0\udc80\udcc0\udcaf');
  });
});

describe('quote', () => {
  it.each([
    ['a "b" \\ c', '"a \\"b\\" \\\\ c"'],
    ["it's", '"it\'s"'],
    ['\x07\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
    ['\0\x7f', '"\\x00\\x7f"'],
    ['☺ grün', '"☺ grün"'],
    ['\u200b\u00a0', '"\\u200b\\u00a0"'],
    ['\u{e0001}', '"\\U000e0001"'],
    ['\udcff', '"\\xff"'],
  ])('writes %j as %s', (text, quoted) => {
    expect(quote(text)).toBe(quoted);
  });

  it('writes what reads as the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(unquote(quote(text))).toBe(text);
        expect(parseExpression(quote(text))._unsafeUnwrap()).toMatchObject({ kind: 'string', value: text });
      }),
    );
  });
});
