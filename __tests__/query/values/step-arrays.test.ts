// Parts of one array must be nobody else's: what is written into one shows in no other.
import { newKinds, newValues } from '../../../lib/query/values/step-arrays.js';

const LENGTHS = [0, 1, 8, 9, 240, 2048, 2049, 5000, 2000, 2000, 2000, 2000, 2000];

describe.each([
  ['newKinds', newKinds],
  ['newValues', newValues],
] as const)('%s', (_, make) => {
  it('answers arrays of the length that is asked for, all zero', () => {
    for (const length of LENGTHS) expect(Array.from(make(length))).toEqual(new Array(length).fill(0));
  });

  it('never hands out the same place twice', () => {
    const arrays = LENGTHS.map((length) => make(length));
    arrays.forEach((array, i) => {
      array.fill(i + 1);
    });
    arrays.forEach((array, i) => {
      expect(Array.from(array)).toEqual(new Array(array.length).fill(i + 1));
    });
  });
});
