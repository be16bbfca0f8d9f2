// What the table of series promises: one entry per label set, found again by it, and freed when its last sample goes.
import { Budget } from '../../../storage/memory/budget.js';
import { SeriesTable } from '../../../storage/memory/series-table.js';
import { hashOf, StoredSeries } from '../../../storage/memory/stored-series.js';

function setUp() {
  const budget = new Budget(Infinity);
  const table = new SeriesTable<StoredSeries>([], budget);
  const add = (names: string[], values: string[]) => {
    const labels = table.labelNames(names);
    const series = new StoredSeries(labels, values, hashOf(labels.seed, values));
    table.add(series);
    return series;
  };
  const find = (names: string[], values: string[]) => {
    const labels = table.labelNames(names);
    return table.find(labels, values, hashOf(labels.seed, values));
  };
  return { budget, table, add, find };
}

describe('SeriesTable', () => {
  it('finds series by all of their labels, and takes none for another', () => {
    const { add, find } = setUp();
    const one = add(['a', 'b'], ['1', '2']);
    const other = add(['a', 'c'], ['1', '2']);
    expect(find(['a', 'b'], ['1', '2'])).toBe(one);
    expect(find(['a', 'c'], ['1', '2'])).toBe(other);
    expect(find(['a', 'b'], ['2', '1'])).toBeUndefined();
    expect(find(['a'], ['1'])).toBeUndefined();
  });

  it('keeps series apart whose hashes happen to be the same, also when one of them is removed', () => {
    const { table } = setUp();
    const labels = table.labelNames(['a']);
    const otherNames = table.labelNames(['b']);
    const all = [
      ...['v0', 'v1', 'v2'].map((value) => new StoredSeries(labels, [value], 7)),
      new StoredSeries(otherNames, ['v0'], 7),
    ];
    for (const series of all) table.add(series);
    const found = () => all.map(({ labels: names, values }) => table.find(names, values, 7));
    expect(found()).toEqual(all);
    for (const gone of [1, 3, 0, 2]) {
      table.remove(all[gone] as StoredSeries);
      expect(table.find((all[gone] as StoredSeries).labels, (all[gone] as StoredSeries).values, 7)).toBeUndefined();
    }
    expect(found()).toEqual([undefined, undefined, undefined, undefined]);
    expect(table.size).toBe(0);
  });

  it('gives back every byte that it took, indexes included', () => {
    const { budget, table, add } = setUp();
    const predicate = { name: 'a', values: ['5'], matches: (value: string) => value === '5' };
    const all = Array.from({ length: 200 }, (_, i) => add(['a'], [String(i)]));
    const before = budget.used;
    expect(table.view().candidates([predicate])).toEqual([all[5]]);
    expect(budget.used).toBeGreaterThan(before);
    for (const series of all) table.remove(series);
    expect(budget.used).toBe(0);
  });

  it('lets label names go with the last series that has them', () => {
    const { table, add } = setUp();
    const names = table.labelNames(['a']);
    const [one, two] = [add(['a'], ['1']), add(['a'], ['2'])];
    table.remove(one);
    expect(table.labelNames(['a'])).toBe(names);
    table.remove(two);
    expect(table.labelNames(['a'])).not.toBe(names);
  });

  it('keeps no index of labels that no series has, however many are asked for', () => {
    const { table, add } = setUp();
    for (let i = 0; i < 200; i++) add(['a'], [String(i)]);
    for (let i = 0; i < 100; i++) {
      expect(table.view().candidates([{ name: `no${i}`, values: ['5'], matches: () => false }])).toEqual([]);
    }
    const labels = table.labelNames(['a']);
    const series = new StoredSeries(labels, ['new'], hashOf(labels.seed, ['new']));
    const indexed = jest.spyOn(series, 'valueOf');
    table.add(series);
    expect(indexed).not.toHaveBeenCalled();
  });
});

describe('hashOf', () => {
  it('looks at names, at the order of values, and at both ends of long ones', () => {
    const { table } = setUp();
    const { seed } = table.labelNames(['a', 'b']);
    const long = 'x'.repeat(1000);
    const hashes = [
      hashOf(seed, ['1', '2']),
      hashOf(seed, ['2', '1']),
      hashOf(seed, ['12', '']),
      hashOf(table.labelNames(['a', 'c']).seed, ['1', '2']),
      hashOf(seed, [long, '']),
      hashOf(seed, [`${long}1`, '']),
      hashOf(seed, [`${long}2`, '']),
      hashOf(seed, [`1${long}`, '']),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
