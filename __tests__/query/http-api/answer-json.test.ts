// The JSON of values as a whole text, where no comparison with a Prometheus shows it: numbers of every kind, labels that are no
// ASCII or longer than a piece, and answers that take many pieces.
import fc from 'fast-check';
import { numberText, valueJson } from '../../../lib/query/http-api/answer-json.js';
import type { QueryValue, ResultSeries } from '../../../lib/query/values/query-result.js';

function textOf(value: QueryValue): string {
  return Buffer.concat([...valueJson(value)].map((piece) => Buffer.from(piece as string))).toString();
}

function matrixOf(...series: ResultSeries[]): QueryValue {
  return { type: 'matrix', series };
}

function series(labels: Record<string, string>, samples: readonly (readonly [number, number])[]): ResultSeries {
  const timestampsMs = Float64Array.from(samples, ([at]) => at);
  return { labels, timestampsMs, values: Float64Array.from(samples, ([, value]) => value) };
}

describe('valueJson', () => {
  it('writes an empty matrix', () => {
    expect(textOf(matrixOf())).toBe('{"resultType":"matrix","result":[]}');
  });

  it('writes times in seconds, and numbers with the digits that read back to them', () => {
    const numbers = [0, -0, 7, -42, 1_234_567_890, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 1e15, 0.1, -2.5e-7, 1e21];
    const samples = numbers.map((number, i) => [1_767_225_600_000 + i * 500, number] as const);
    const texts = '0 -0 7 -42 1234567890 2147483647 -2147483648 2147483648 1000000000000000 0.1 -2.5e-07 1e+21'.split(
      ' ',
    );
    const expected = texts.map((text, i) => {
      const seconds = `${1_767_225_600 + Math.floor(i / 2)}${i % 2 === 0 ? '' : '.500'}`;
      return `[${seconds},"${text}"]`;
    });
    expect(textOf(matrixOf(series({}, samples)))).toBe(
      `{"resultType":"matrix","result":[{"metric":{},"values":[${expected.join(',')}]}]}`,
    );
  });

  it('writes what is no number as Prometheus does', () => {
    const samples = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(
      (v, i) => [i * 1000, v] as const,
    );
    expect(textOf(matrixOf(series({ a: 'b' }, samples)))).toBe(
      '{"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[0,"NaN"],[1,"+Inf"],[2,"-Inf"]]}]}',
    );
  });

  it('writes every double and every moment like its text', () => {
    const samples = fc.array(fc.tuple(fc.integer({ min: -1e12, max: 4e12 }), fc.double()), { minLength: 1 });
    fc.assert(
      fc.property(samples, (given) => {
        const { result } = JSON.parse(textOf(matrixOf(series({}, given))));
        expect(result[0].values).toEqual(given.map(([at, value]) => [at / 1000, numberText(value)]));
      }),
    );
  });

  it('writes matrices and labels that are longer than a piece', () => {
    const samples = Array.from({ length: 9000 }, (_, i) => [i * 15_000, i / 3] as const);
    const long = 'ä€😀"\n'.repeat(20_000);
    const { result } = JSON.parse(textOf(matrixOf(series({ long }, samples), series({ ü: 'ß' }, samples))));
    const values = samples.map(([at, value]) => [at / 1000, String(value)]);
    expect(result).toEqual([
      { metric: { long }, values },
      { metric: { ü: 'ß' }, values },
    ]);
  });

  it('hands out no piece that is much longer than the others', () => {
    const samples = Array.from({ length: 9000 }, (_, i) => [i * 15_000, i / 3] as const);
    const lengths = [...valueJson(matrixOf(series({}, samples)))].map(({ length }) => length);
    expect(lengths.length).toBeGreaterThan(4);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(64 * 1024);
  });
});
