// What single samples promise: the names and labels of the classic text, one for every exposed value.
import type { FamilyDescriptor } from '../../lib/model/family.js';
import { countSamples, samplesOf } from '../../lib/model/samples.js';
import { histogram, plain, snapshotOf, TestFamily } from '../storage/support/test-family.js';

function shown(...families: TestFamily[]): [string, Record<string, string>, number][] {
  return Array.from(samplesOf(snapshotOf(1000, ...families)), ({ name, labels, value }) => [
    name,
    { ...labels },
    value,
  ]);
}

describe('samplesOf', () => {
  it('shows a counter under its own name, with type, time and description', () => {
    const family = new TestFamily(plain('orders_total'), ['shop']).set({ shop: 'north' }, 3);
    expect([...samplesOf(snapshotOf(1000, family))]).toEqual([
      {
        name: 'orders_total',
        type: 'counter',
        value: 3,
        labels: { shop: 'north' },
        timestamp: 1000,
        description: 'About orders_total',
      },
    ]);
  });

  it('shows a histogram as cumulative buckets with the bounds of classic text, sum and count', () => {
    const bounds = [-2.5, 0.005, 0.5, 1, 1e6, 1e21];
    const family = new TestFamily(histogram('h', bounds), ['a']).set({ a: 'x' }, 1, 2, 0, 4, 8, 16, 32, 99.5);
    expect(shown(family)).toEqual([
      ['h_bucket', { a: 'x', le: '-2.5' }, 1],
      ['h_bucket', { a: 'x', le: '0.005' }, 3],
      ['h_bucket', { a: 'x', le: '0.5' }, 3],
      ['h_bucket', { a: 'x', le: '1' }, 7],
      ['h_bucket', { a: 'x', le: '1000000' }, 15],
      ['h_bucket', { a: 'x', le: '1e+21' }, 31],
      ['h_bucket', { a: 'x', le: '+Inf' }, 63],
      ['h_sum', { a: 'x' }, 99.5],
      ['h_count', { a: 'x' }, 63],
    ]);
  });

  it('shows a summary as quantiles, sum and count', () => {
    const descriptor: FamilyDescriptor = { ...plain('s'), type: 'summary', quantiles: [0.5, 0.99] };
    expect(shown(new TestFamily(descriptor).set({}, 1.5, NaN, 10, 4))).toEqual([
      ['s', { quantile: '0.5' }, 1.5],
      ['s', { quantile: '0.99' }, NaN],
      ['s_sum', {}, 10],
      ['s_count', {}, 4],
    ]);
  });

  it('shows a state set as one sample per state, in a label named like the family', () => {
    const descriptor: FamilyDescriptor = { ...plain('door'), type: 'stateset', states: ['open', 'shut'] };
    expect(shown(new TestFamily(descriptor, ['room']).set({ room: 'attic' }, 0, 1))).toEqual([
      ['door', { room: 'attic', door: 'open' }, 0],
      ['door', { room: 'attic', door: 'shut' }, 1],
    ]);
  });

  it('shows an info metric under its name in classic text', () => {
    expect(shown(new TestFamily(plain('build_info', 'info'), ['version']).set({ version: '1' }, 1))).toEqual([
      ['build_info', { version: '1' }, 1],
    ]);
  });

  it('adds constant labels, over which labels of the series win', () => {
    const family = new TestFamily(plain('x'), ['a'], {
      constantLabels: [
        ['a', 'constant'],
        ['b', 'constant'],
      ],
    });
    expect(shown(family.set({ a: 'own' }, 1))).toEqual([['x', { a: 'own', b: 'constant' }, 1]]);
  });

  it('leaves out series that were removed', () => {
    const family = new TestFamily(plain('x'), ['a']).set({ a: '1' }, 1).set({ a: '2' }, 2).remove({ a: '1' });
    expect(shown(family)).toEqual([['x', { a: '2' }, 2]]);
  });

  it('keeps label names that are members of objects as labels', () => {
    const labels = JSON.parse('{"__proto__":"p","constructor":"c"}') as Record<string, string>;
    const family = new TestFamily(plain('x'), ['__proto__', 'constructor']).set(labels, 1);
    const [sample] = samplesOf(snapshotOf(0, family));
    expect(Object.entries(sample?.labels ?? {})).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
    expect(sample?.labels.toString).toBeUndefined();
  });
});

describe('countSamples', () => {
  it('counts what samplesOf shows, of a snapshot and of a family', () => {
    const families = [
      new TestFamily(plain('a'), ['l'], { blockRows: 2 }).set({ l: '1' }, 1).set({ l: '2' }, 1).set({ l: '3' }, 1),
      new TestFamily(histogram('h', [1, 2]), ['l']).set({ l: '1' }).set({ l: '2' }).remove({ l: '1' }),
      new TestFamily(plain('empty')),
    ];
    const snapshot = snapshotOf(0, ...families);
    expect(countSamples(snapshot)).toBe([...samplesOf(snapshot)].length);
    expect(snapshot.families.map((family) => countSamples(family))).toEqual([3, 5, 0]);
  });
});
