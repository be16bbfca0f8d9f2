// The calendar against JavaScript's own dates, and beyond their reach against what a real Prometheus 3.5.3 answered to
// `year(vector(9e18))` and the like.
import fc from 'fast-check';
import {
  dayOfMonth,
  dayOfWeek,
  dayOfYear,
  daysInMonth,
  hour,
  minute,
  month,
  year,
} from '../../../lib/query/functions/calendar.js';

function of(seconds: number): number[] {
  return [year, month, dayOfMonth, dayOfWeek, dayOfYear, daysInMonth, hour, minute].map((ask) => ask(seconds));
}

function byDate(seconds: number): number[] {
  const date = new Date(seconds * 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const newYear = new Date(0).setUTCFullYear(year, 0, 1);
  const monthEnd = new Date(new Date(0).setUTCFullYear(year, month + 1, 0));
  return [
    year,
    month + 1,
    date.getUTCDate(),
    date.getUTCDay(),
    Math.floor((date.getTime() - newYear) / 86_400_000) + 1,
    monthEnd.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
  ];
}

describe('calendar', () => {
  it('says what dates say, wherever they reach', () => {
    fc.assert(
      fc.property(fc.integer({ min: -8_600_000_000_000, max: 8_600_000_000_000 }), (seconds) => {
        expect(of(seconds)).toEqual(byDate(seconds));
      }),
    );
  });

  it.each([
    ['a leap day', Date.UTC(2024, 1, 29, 23, 59) / 1000, [2024, 2, 29, 4, 60, 29, 23, 59]],
    ['the last day of a century that has none', Date.UTC(2100, 1, 28) / 1000, [2100, 2, 28, 0, 59, 28, 0, 0]],
    ['the last second of a leap year', Date.UTC(2025, 0, 1) / 1000 - 1, [2024, 12, 31, 2, 366, 31, 23, 59]],
    ['a moment before the epoch, cut off towards it', -1.5, [1969, 12, 31, 3, 365, 31, 23, 59]],
    ['a moment that becomes the epoch', -0.5, [1970, 1, 1, 4, 1, 31, 0, 0]],
    ['the far future', 9e18, [285_198_648_531, 4, 21, 6, 111, 30, 16, 0]],
    ['the far past', -9e18, [-285_198_644_592, 9, 12, 1, 256, 30, 8, 0]],
    ['NaN', Number.NaN, [292_277_026_596, 12, 4, 0, 339, 31, 15, 30]],
    ['more than 64 bits hold', -1e300, [292_277_026_596, 12, 4, 0, 339, 31, 15, 30]],
  ])('knows %s', (_title, seconds, expected) => {
    expect(of(seconds)).toEqual(expected);
  });
});
