// Holds the one statistic of the benchmarks.
import { median } from '../../../benchmarks/harness/median.js';

describe('median', () => {
  it('is the middle figure, whatever the others are', () => {
    expect(median([900, 1, 2])).toBe(2);
  });

  it('lies between the two middle figures of an even number', () => {
    expect(median([1, 10, 2, 4])).toBe(3);
  });

  it('leaves the figures in their order', () => {
    const figures = [3, 1, 2];
    median(figures);
    expect(figures).toEqual([3, 1, 2]);
  });
});
