// The history of alerts from the steps of the series ALERTS.
import { alertHistories } from '../../../lib/dashboard/page/alert-history.js';
import { readMistake } from '../../../lib/dashboard/page/query-error.js';

const series = (labels: Record<string, string>, values: readonly number[]) => ({
  key: JSON.stringify(labels),
  labels: { __name__: 'ALERTS', ...labels },
  values: Float64Array.from(values, (value) => value || Number.NaN),
});

describe('alertHistories', () => {
  it('puts the states of one alert together, firing last, and sorts by name', () => {
    const window = { endS: 40, stepS: 10, count: 4 };
    const found = alertHistories(
      [
        series({ alertname: 'B', alertstate: 'firing', x: '1' }, [0, 1, 1, 0]),
        series({ alertname: 'B', alertstate: 'pending', x: '1' }, [1, 0, 0, 1]),
        series({ alertname: 'A', alertstate: 'pending' }, [0, 0, 0, 1]),
      ],
      window,
    );
    expect(found).toEqual([
      { name: 'A', labels: {}, spans: [{ from: 0.75, to: 1, state: 'pending' }] },
      {
        name: 'B',
        labels: { x: '1' },
        spans: [
          { from: 0, to: 0.25, state: 'pending' },
          { from: 0.75, to: 1, state: 'pending' },
          { from: 0.25, to: 0.75, state: 'firing' },
        ],
      },
    ]);
  });
});

describe('readMistake', () => {
  it.each([
    [
      'sum(x',
      'invalid parameter "query": 1:6: parse error: unclosed left parenthesis',
      5,
      'parse error: unclosed left parenthesis',
    ],
    ['a\n+ )', 'invalid parameter "query": 2:3: parse error: unexpected ")"', 4, 'parse error: unexpected ")"'],
    ['x', 'query timed out', undefined, 'query timed out'],
  ])('finds the place in %p', (query, text, at, message) => {
    expect(readMistake(query, text)).toEqual(at === undefined ? { message } : { message, at });
  });
});
