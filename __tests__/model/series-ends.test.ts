// When series ended, as the snapshots tell that a storage took: the first one without them.
import { SeriesEnds } from '../../lib/model/series-ends.js';

describe(SeriesEnds, () => {
  describe('of', () => {
    it.each([
      ['a series that was always there', [1, 2, 3, 4], undefined],
      ['one that came late', [3, 4], undefined],
      ['one that went', [1, 2], [3]],
      ['one that was never there', [], undefined],
      ['one that came and went', [1, 3], [2, 4]],
    ])('finds where a series is missing for the first time: %s', (_, timestamps, expected) => {
      const found = new SeriesEnds([1, 2, 3, 4]).of(Float64Array.from(timestamps));
      expect(found === undefined ? undefined : [...found]).toEqual(expected);
    });

    it('takes snapshots in the order of their times, and each of them once', () => {
      const ends = new SeriesEnds([3, 1, 2, 3]);
      expect([...(ends.of(Float64Array.of(1)) ?? [])]).toEqual([2]);
      expect(ends.of(Float64Array.of(1, 2, 3))).toBeUndefined();
    });

    it('answers the same array for the same time stamps', () => {
      const ends = new SeriesEnds([1, 2]);
      const timestamps = Float64Array.of(1);
      expect(ends.of(timestamps)).toBe(ends.of(timestamps));
    });
  });
});
