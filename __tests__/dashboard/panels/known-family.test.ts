// What is made of metadata and names, where they agree and where they do not.
import { knownFamilies, selector } from '../../../lib/dashboard/panels/known-family.js';

const kinds = (metadata: Parameters<typeof knownFamilies>[0], names: readonly string[]) =>
  knownFamilies(metadata, names).map(({ name, kind, series, unit }) => [name, kind, series, unit]);

describe('knownFamilies', () => {
  it('goes by the metadata, and leaves out what has no series', () => {
    const metadata = {
      a_total: [{ type: 'counter', help: 'A', unit: '' }],
      b: [{ type: 'counter' }],
      c_seconds: [{ type: 'histogram' }],
      d_bytes: [{ type: 'summary' }],
      gone: [{ type: 'gauge' }],
    };
    const names = [
      'a_total',
      'b_total',
      'c_seconds_bucket',
      'c_seconds_sum',
      'c_seconds_count',
      'd_bytes_sum',
      'd_bytes_count',
    ];
    expect(kinds(metadata, names)).toEqual([
      ['a_total', 'counter', 'a_total', ''],
      ['b', 'counter', 'b_total', ''],
      ['c_seconds', 'histogram', 'c_seconds', 'seconds'],
      ['d_bytes', 'summary', 'd_bytes', 'bytes'],
    ]);
  });

  it('takes a histogram with series of its own name for a native one, with classic buckets beside or not', () => {
    expect(kinds({ x: [{ type: 'histogram' }] }, ['x', 'x_bucket', 'x_count', 'x_sum'])).toEqual([
      ['x', 'native-histogram', 'x', ''],
    ]);
  });

  it('goes by names where nothing is described', () => {
    expect(
      kinds({}, [
        'x_total',
        'y_seconds_bucket',
        'y_seconds_sum',
        'y_seconds_count',
        'z',
        'job:x:rate',
        'b_info',
        'x_created',
      ]),
    ).toEqual([
      ['b_info', 'info', 'b_info', ''],
      ['job:x:rate', 'unknown', 'job:x:rate', ''],
      ['x_total', 'counter', 'x_total', ''],
      ['y_seconds', 'histogram', 'y_seconds', 'seconds'],
      ['z', 'unknown', 'z', ''],
    ]);
  });

  it('leaves alerts to their own view', () => {
    expect(kinds({}, ['ALERTS', 'ALERTS_FOR_STATE', 'ALERTS_x'])).toEqual([['ALERTS_x', 'unknown', 'ALERTS_x', '']]);
  });
});

describe('selector', () => {
  it.each([
    ['up', '', 'up'],
    ['up', 'job="x"', 'up{job="x"}'],
    ['http.requests', '', '{"http.requests"}'],
    ['a"b', 'job="x"', '{"a\\"b", job="x"}'],
  ])('selects %p with %p by %s', (series, matchers, text) => {
    expect(selector(series, matchers)).toBe(text);
  });
});
