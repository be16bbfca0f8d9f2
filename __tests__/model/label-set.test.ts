// What label sets promise: no label name reaches a prototype.
import { newLabelSet } from '../../lib/model/label-set.js';

const PROTO = '__proto__';
const CONSTRUCTOR = 'constructor';

describe('newLabelSet', () => {
  it('has nothing that was not put in, whatever it is asked for', () => {
    const labels = newLabelSet();
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) expect(labels[name]).toBeUndefined();
    expect(Object.keys(labels)).toEqual([]);
  });

  it('takes the names of inherited members as plain labels, and leaves all other objects alone', () => {
    const labels = newLabelSet();
    labels[PROTO] = 'p';
    labels[CONSTRUCTOR] = 'c';
    expect(Object.entries(labels)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
    expect(newLabelSet()[PROTO]).toBeUndefined();
    expect(({} as Record<string, unknown>).p).toBeUndefined();
    expect(JSON.stringify(labels)).toBe('{"__proto__":"p","constructor":"c"}');
  });
});
