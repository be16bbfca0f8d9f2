// Keys, groups and texts of label sets.
import fc from 'fast-check';
import {
  compareLabels,
  formatLabelSet,
  formatLabels,
  groupKeyOf,
  groupLabelsOf,
  hasTypeOrUnit,
  keyOf,
  sortedNames,
  withoutName,
} from '../../../lib/query/values/label-sets.js';

const labelSets = fc.dictionary(
  fc.constantFrom('a', 'b', 'ab', '1', '__name__'),
  fc.constantFrom('1', '2', '11', 'a1:1', ''),
);

function sortedEntries(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe('sortedNames', () => {
  it('sorts them, whatever order they are in', () => {
    expect(sortedNames({ b: '', a: '', c: '' })).toEqual(['a', 'b', 'c']);
    expect(sortedNames({ a: '', b: '', c: '' })).toEqual(['a', 'b', 'c']);
    expect(sortedNames({})).toEqual([]);
  });
});

describe('keyOf', () => {
  it('is the same for equal sets, and for no others', () => {
    fc.assert(
      fc.property(labelSets, labelSets, (a, b) => {
        expect(keyOf(a) === keyOf(b)).toBe(sortedEntries(a) === sortedEntries(b));
      }),
    );
  });
});

describe('groupKeyOf and groupLabelsOf', () => {
  const labels = { __name__: 'up', a: '1', b: '2', c: '3' };

  it('take the labels that are named', () => {
    expect(groupLabelsOf(labels, ['a', 'd'], false)).toEqual({ a: '1' });
    expect(groupLabelsOf(labels, ['__name__'], false)).toEqual({ __name__: 'up' });
  });

  it('take all but those that are named, and but the name', () => {
    expect(groupLabelsOf(labels, ['a', 'd'], true)).toEqual({ b: '2', c: '3' });
  });

  it('agree', () => {
    const names = fc.subarray(['1', '__name__', 'a', 'ab', 'b']);
    fc.assert(
      fc.property(labelSets, names, fc.boolean(), (set, named, isWithout) => {
        expect(groupKeyOf(set, named, isWithout)).toBe(keyOf(groupLabelsOf(set, named, isWithout)));
      }),
    );
  });
});

describe('withoutName', () => {
  it('leaves out the name, and the type and the unit that go with it', () => {
    const labels = { __name__: 'up', __type__: 'gauge', __unit__: 'seconds', a: '1' };
    expect(withoutName(labels)).toEqual({ a: '1' });
    expect([hasTypeOrUnit(labels), hasTypeOrUnit({ __name__: 'up' })]).toEqual([true, false]);
  });

  it('answers a set without them as it is', () => {
    const labels = { a: '1' };
    expect(withoutName(labels)).toBe(labels);
  });
});

describe('compareLabels', () => {
  it('orders by names and values, and shorter sets first', () => {
    const sets = [{ b: '1' }, { a: '2' }, { a: '1', b: '1' }, { a: '1' }, {}];
    expect(sets.sort(compareLabels)).toEqual([{}, { a: '1' }, { a: '1', b: '1' }, { a: '2' }, { b: '1' }]);
  });
});

describe('formatLabels', () => {
  it.each([
    [{ __name__: 'up', job: 'shop', a: 'x "y"' }, 'up{a="x \\"y\\"", job="shop"}'],
    [{ __name__: 'up' }, 'up'],
    [{ job: 'shop' }, '{job="shop"}'],
    [{}, '{}'],
  ])('writes %p as PromQL does', (labels, text) => {
    expect(formatLabels(labels)).toBe(text);
  });
});

describe('formatLabelSet', () => {
  it('writes the name as a label among the others, and quotes names that need it', () => {
    expect(formatLabelSet({ __name__: 'up', job: 'shop', 'a.b': '1' })).toBe('{__name__="up", "a.b"="1", job="shop"}');
    expect(formatLabelSet({})).toBe('{}');
  });
});
