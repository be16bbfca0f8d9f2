// Charts and numbers of one line each.
import { bar, countText, durationText, shareText, sparkline, timeText } from '../../../../examples/shop/view/charts.js';

describe('sparkline', () => {
  it('shows the newest values that fit, the highest at the top', () => {
    expect(sparkline([100, 0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█');
  });

  it('fills up from the right, and leaves gaps for what is no number', () => {
    expect(sparkline([Number.NaN, 4, 8], 5)).toBe('   ▅█');
  });

  it('is flat as long as nothing happens', () => {
    expect(sparkline([0, 0, 0], 3)).toBe('▁▁▁');
    expect(sparkline([], 3)).toBe('   ');
  });
});

describe('bar', () => {
  it.each([
    [0, '░░░░'],
    [0.001, '█░░░'],
    [0.5, '██░░'],
    [7, '████'],
    [Number.NaN, '░░░░'],
  ])('shows a share of %d', (ratio, expected) => {
    expect(bar(ratio, 4).join('')).toBe(expected);
  });
});

describe('numbers as people read them', () => {
  it('writes durations', () => {
    expect([0.00123, 0.0456, 1.2345, Number.NaN].map(durationText)).toEqual(['1.2 ms', '46 ms', '1.23 s', '–']);
  });

  it('groups digits', () => {
    expect([0, 999, 1_000, 1_234_567].map((value) => countText(value))).toEqual(['0', '999', '1 000', '1 234 567']);
    expect(countText(12_345.678, 2)).toBe('12 345.68');
  });

  it('writes shares and times', () => {
    expect(shareText(0.0123)).toBe('1.2 %');
    expect([5.9, 61, 3_725].map(timeText)).toEqual(['5 s', '1 min 01 s', '1 h 02 min']);
  });
});
