// How the series of two vectors find each other, what comes of them, and when Prometheus refuses to say.
import { customHistogram, histogram } from '../histograms/histogram.js';
import { answer, seriesOf } from '../vectors.js';

const MUST_BE_UNIQUE = ';many-to-many matching not allowed: matching labels must be unique on one side';

describe('matchVectors', () => {
  describe('one to one', () => {
    it('combines series with the same labels but the name', async () => {
      const written = { 'a{x="1"}': [1, 2], 'a{x="2"}': [3, 4], 'b{x="2"}': [10, undefined], 'b{x="3"}': [20, 20] };
      expect(await seriesOf('a - b', written)).toEqual({ '{x="2"}': [-7, undefined] });
    });

    it('matches on some labels only, and leaves those', async () => {
      expect(await seriesOf('a / on(x) b', { 'a{x="1",y="1"}': [6], 'b{x="1",z="2"}': [3] })).toEqual({
        '{x="1"}': [2],
      });
    });

    it('ignores labels, and drops them', async () => {
      expect(await seriesOf('a / ignoring(y) b', { 'a{x="1",y="1"}': [6], 'b{x="1",y="2"}': [3] })).toEqual({
        '{x="1"}': [2],
      });
    });

    it('lets through what is on the left where a comparison holds, with its name', async () => {
      expect(await seriesOf('a < b', { 'a{x="1"}': [1, 5], 'b{x="1"}': [2, 2] })).toEqual({
        'a{x="1"}': [1, undefined],
      });
      expect(await seriesOf('a < on(x) b', { 'a{x="1"}': [1, 5], 'b{x="1"}': [2, 2] })).toEqual({
        '{x="1"}': [1, undefined],
      });
    });

    it('answers 0 or 1 with `bool`, without the name', async () => {
      expect(await seriesOf('a < bool b', { 'a{x="1"}': [1, 5], 'b{x="1"}': [2, 2] })).toEqual({ '{x="1"}': [1, 0] });
    });

    it('joins series that take turns', async () => {
      const written = {
        'a{y="1"}': [1, undefined, 3],
        'a{y="2"}': [undefined, 2, undefined],
        'b{z="1"}': [10, 10, undefined],
        'b{z="2"}': [undefined, undefined, 20],
      };
      expect(await seriesOf('a * on() b', written)).toEqual({ '{}': [10, 20, 60] });
    });

    it('refuses duplicates on the right, of which it names the first two', async () => {
      const written = { 'a{x="1"}': [1], 'b{x="1",y="1"}': [1], 'b{x="1",y="2"}': [1], 'b{x="1",y="3"}': [1] };
      expect((await answer('a + on(x) b', written)).failure).toBe(
        'found duplicate series for the match group {x="1"} on the right hand-side of the operation: ' +
          `[{__name__="b", x="1", y="1"}, {__name__="b", x="1", y="2"}]${MUST_BE_UNIQUE}`,
      );
    });

    it('refuses duplicates even where nothing on the left matches', async () => {
      const written = { 'a{x="5"}': [1], 'b{x="1",y="1"}': [1], 'b{x="1",y="2"}': [1] };
      expect((await answer('a + on(x) b', written)).failure).toMatch(/^found duplicate series/);
    });

    it('does not mind duplicates where the left side has no sample at all', async () => {
      const written = { 'a{x="1"}': [1, undefined], 'b{x="1",y="1"}': [1, 1], 'b{x="1",y="2"}': [undefined, 1] };
      expect(await seriesOf('a + on(x) b', written)).toEqual({ '{x="1"}': [2, undefined] });
    });

    it('refuses several on the left', async () => {
      const written = { 'a{x="1",y="1"}': [1], 'a{x="1",y="2"}': [1], 'b{x="1"}': [1] };
      expect((await answer('a + on(x) b', written)).failure).toBe(
        'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
      );
      expect((await answer('a == ignoring(y) b', written)).failure).toBe(
        'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
      );
    });

    it('does not mind several on the left of which a comparison lets one through', async () => {
      const written = { 'a{x="1",y="1"}': [1], 'a{x="1",y="2"}': [2], 'b{x="1"}': [1] };
      expect(await seriesOf('a > on(x) b', written)).toEqual({ '{x="1"}': [2] });
    });

    it('fails with what is wrong at the first step', async () => {
      const written = {
        'a{x="1",y="1"}': [1, 1],
        'a{x="1",y="2"}': [undefined, 1],
        'b{x="1"}': [1, 1],
        'b{x="2",y="1"}': [1, undefined],
        'b{x="2",y="2"}': [1, undefined],
      };
      expect((await answer('a + on(x) b', written)).failure).toMatch(/^found duplicate series/);
      const later = { ...written, 'b{x="2",y="2"}': [undefined, undefined], 'b{x="2",y="3"}': [undefined, undefined] };
      expect((await answer('a + on(x) b', later)).failure).toMatch(/^multiple matches/);
    });

    it('refuses results that are alike because the names were dropped that they matched by', async () => {
      const written = { 'a{x="1"}': [1], 'b{x="1"}': [1] };
      const query = '{x="1"} + on(__name__, x) {x="1"}';
      expect((await answer(query, written)).failure).toBe('vector cannot contain metrics with the same labelset');
    });
  });

  describe('many to one', () => {
    const written = {
      'a{x="1",y="1"}': [1, 2],
      'a{x="1",y="2"}': [3, undefined],
      'b{x="1",z="9"}': [10, 20],
    };

    it('combines every one of the many, and keeps its labels', async () => {
      expect(await seriesOf('a * on(x) group_left b', written)).toEqual({
        '{x="1", y="1"}': [10, 40],
        '{x="1", y="2"}': [30, undefined],
      });
    });

    it('takes labels from the one side', async () => {
      expect(await seriesOf('a * on(x) group_left(z) b', written)).toEqual({
        '{x="1", y="1", z="9"}': [10, 40],
        '{x="1", y="2", z="9"}': [30, undefined],
      });
    });

    it('takes away labels that are asked for and that the one side has not', async () => {
      expect(await seriesOf('a{y="1"} * on(x) group_left(y) b', written)).toEqual({ '{x="1"}': [10, 40] });
    });

    it('has the sides the other way round with group_right', async () => {
      expect(await seriesOf('b - on(x) group_right(z) a', written)).toEqual({
        '{x="1", y="1", z="9"}': [9, 18],
        '{x="1", y="2", z="9"}': [7, undefined],
      });
    });

    it('has comparisons let through what is on the left, under the labels of the many', async () => {
      expect(await seriesOf('b > on(x) group_right a', written)).toEqual({
        'a{x="1", y="1"}': [10, 20],
        'a{x="1", y="2"}': [10, undefined],
      });
    });

    it('tells what changes in the labels of the one side apart', async () => {
      const changing = { 'a{x="1"}': [1, 2], 'b{x="1",z="1"}': [1, undefined], 'b{x="1",z="2"}': [undefined, 1] };
      expect(await seriesOf('a * on(x) group_left(z) b', changing)).toEqual({
        '{x="1", z="1"}': [1, undefined],
        '{x="1", z="2"}': [undefined, 2],
      });
      expect(await seriesOf('a * on(x) group_left b', changing)).toEqual({ '{x="1"}': [1, 2] });
    });

    it('refuses results that are alike', async () => {
      expect((await answer('a * on(x) group_left(y) b', written)).failure).toBe(
        'multiple matches for labels: grouping labels must ensure unique matches',
      );
    });

    it('refuses duplicates on the one side, which is the left one for group_right', async () => {
      const duplicates = { 'b{x="1",y="1"}': [1], 'b{x="1",y="2"}': [1], 'a{x="1"}': [1] };
      expect((await answer('b * on(x) group_right a', duplicates)).failure).toBe(
        'found duplicate series for the match group {x="1"} on the left hand-side of the operation: ' +
          `[{__name__="b", x="1", y="1"}, {__name__="b", x="1", y="2"}]${MUST_BE_UNIQUE}`,
      );
    });

    it('joins series that are alike without their names, and refuses them at the same step', async () => {
      const names = { 'a{x="1"}': [1, undefined], 'c{x="1"}': [undefined, 2], 'b{x="1"}': [10, 10] };
      const query = '{__name__=~"a|c"} * on(x) group_left b';
      expect(await seriesOf(query, names)).toEqual({ '{x="1"}': [10, 20] });
      expect((await answer(query, { ...names, 'c{x="1"}': [1, 2] })).failure).toBe(
        'multiple matches for labels: grouping labels must ensure unique matches',
      );
    });
  });

  describe('histograms', () => {
    const [small, large] = [histogram({ 1: 2 }, { sum: 3 }), histogram({ 1: 5, 2: 1 }, { sum: 10 })];

    it('are added and subtracted', async () => {
      expect(await seriesOf('a + b', { a: [large], b: [small] })).toEqual({
        '{}': [histogram({ 1: 7, 2: 1 }, { sum: 13 })],
      });
      expect(await seriesOf('a - b', { a: [large], b: [small] })).toEqual({
        '{}': [histogram({ 1: 3, 2: 1 }, { sum: 7 })],
      });
    });

    it('are scaled by numbers', async () => {
      expect(await seriesOf('a * b', { a: [3, small], b: [small, 3] })).toEqual({
        '{}': [histogram({ 1: 6 }, { sum: 9 }), histogram({ 1: 6 }, { sum: 9 })],
      });
    });

    it('are equal, or are not', async () => {
      const written = { a: [small, small, large], b: [small, large, large] };
      expect(await seriesOf('a == b', written)).toEqual({ a: [small, undefined, large] });
      expect(await seriesOf('a != b', written)).toEqual({ a: [undefined, small, undefined] });
      expect(await seriesOf('a == bool b', written)).toEqual({ '{}': [1, 0, 1] });
    });

    it.each([
      ['a * b', '"*": histogram * histogram'],
      ['a > b', '">": histogram > histogram'],
      ['a > bool b', '">": histogram > histogram'],
      ['a atan2 b', '"atan2": histogram atan2 histogram'],
    ])('have no %s', async (query, types) => {
      expect(await answer(query, { a: [small], b: [large] })).toEqual({
        series: [],
        warnings: [],
        infos: [`PromQL info: incompatible sample types encountered for binary operator ${types} (1:1)`],
      });
    });

    it('are left out where their buckets do not go together', async () => {
      const custom = customHistogram([1, 2], { 0: 1 });
      expect(await answer('a + b', { a: [small, 1], b: [custom, 1] })).toEqual({
        series: [['{}', [undefined, 2]]],
        warnings: ['PromQL warning: incompatible bucket layout encountered for binary operator + (1:1)'],
        infos: [],
      });
    });

    it('tell of a step what went wrong last there', async () => {
      const written = { 'a{x="1"}': [small, 1], 'a{x="2"}': [1, 1], b: [large, 1] };
      expect((await answer('a > on() group_left b', written)).infos).toEqual([
        'PromQL info: incompatible sample types encountered for binary operator ">": float > histogram (1:1)',
      ]);
    });
  });
});
