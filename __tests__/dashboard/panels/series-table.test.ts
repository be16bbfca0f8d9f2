// The sliding columns: what is asked for, what is kept, what goes.
import { type AnsweredSeries, SeriesTable } from '../../../lib/dashboard/panels/series-table.js';

const answer = (name: string, points: readonly (readonly [number, number])[]): AnsweredSeries => ({
  labels: { name },
  timesS: points.map(([time]) => time),
  values: points.map(([, value]) => value),
});
const columns = (table: SeriesTable) => table.series.map(({ labels, values }) => [labels.name, ...values]);

describe('SeriesTable', () => {
  it('asks for everything at first, and for the end of it when time moves on', () => {
    const table = new SeriesTable();
    expect(table.advance({ endS: 100, stepS: 10, count: 5 })).toBe(60);
    table.take(
      [
        answer('a', [
          [60, 1],
          [70, 2],
          [80, 3],
          [90, 4],
          [100, 5],
        ]),
      ],
      60,
    );
    expect(table.advance({ endS: 120, stepS: 10, count: 5 }, 1)).toBe(90);
    table.take(
      [
        answer('a', [
          [90, 40],
          [100, 50],
          [110, 60],
          [120, 70],
        ]),
      ],
      90,
    );
    expect(columns(table)).toEqual([['a', 3, 40, 50, 60, 70]]);
  });

  it('asks for everything where the steps no longer stand at the same times', () => {
    const table = new SeriesTable();
    table.advance({ endS: 100, stepS: 10, count: 2 });
    table.take([answer('a', [[90, 1]])], 90);
    expect(table.advance({ endS: 104, stepS: 10, count: 2 })).toBe(94);
    expect(columns(table)).toEqual([]);
  });

  it('takes steps shorter than a second for the same ones, though their sums are not exact', () => {
    const table = new SeriesTable();
    table.advance({ endS: 0.1, stepS: 0.1, count: 3 });
    table.take([answer('a', [[0.1, 1]])], -0.1);
    table.advance({ endS: 0.1 + 0.2, stepS: 0.1, count: 3 });
    expect(columns(table)).toEqual([['a', 1, Number.NaN, Number.NaN]]);
  });

  it('keeps the series apart by their labels, whatever order these have', () => {
    const table = new SeriesTable();
    table.advance({ endS: 20, stepS: 10, count: 2 });
    table.take([{ labels: { a: '1', b: '2' }, timesS: [10], values: [1] }], 10);
    table.advance({ endS: 20, stepS: 10, count: 2 });
    table.take([{ labels: { b: '2', a: '1' }, timesS: [20], values: [2] }], 20);
    expect(table.series).toHaveLength(1);
  });

  it('forgets what was not answered again, and series that have left the window', () => {
    const table = new SeriesTable();
    table.advance({ endS: 20, stepS: 10, count: 3 });
    table.take(
      [
        answer('stays', [
          [0, 1],
          [20, 1],
        ]),
        answer('goes', [
          [0, 2],
          [10, 2],
        ]),
      ],
      0,
    );
    table.advance({ endS: 40, stepS: 10, count: 3 }, 0);
    table.take([answer('stays', [[40, 3]])], 20);
    expect(columns(table)).toEqual([['stays', Number.NaN, Number.NaN, 3]]);
  });

  it.each([
    ['the step changes', { endS: 100, stepS: 5, count: 5 }],
    ['the length changes', { endS: 100, stepS: 10, count: 9 }],
    ['time goes back', { endS: 90, stepS: 10, count: 5 }],
    ['the window has left all that was there', { endS: 1000, stepS: 10, count: 5 }],
  ])('begins anew when %s', (_, next) => {
    const table = new SeriesTable();
    table.advance({ endS: 100, stepS: 10, count: 5 });
    table.take([answer('a', [[60, 1]])], 60);
    expect(table.advance(next)).toBe(next.endS - (next.count - 1) * next.stepS);
    expect(table.series).toEqual([]);
  });
});
