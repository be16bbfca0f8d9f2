// A wrapped method looks like the one it stands for, and goes without a trace, also when others have wrapped it since.
import { patchMethod } from '../../../lib/instrumentation/adapters/patch-method.js';

class Box {
  #value = 1;
  add(one: number, other: number): number {
    return this.#value + one + other;
  }
}

describe('patchMethod', () => {
  it('keeps this, arguments, answer, name and length, on this object alone', () => {
    const box = new Box();
    const seen: unknown[][] = [];
    const undo = patchMethod(
      box,
      'add',
      (add) =>
        function (...args) {
          seen.push(args);
          return add.apply(this, args);
        },
    );
    expect([box.add(2, 3), box.add.name, box.add.length, seen]).toEqual([6, 'add', 2, [[2, 3]]]);
    expect(new Box().add).toBe(Box.prototype.add);
    undo();
    expect(Object.hasOwn(box, 'add')).toBe(false);
  });

  it('puts an own method back as it was', () => {
    const get = () => 1;
    const object = { get };
    const before = Object.getOwnPropertyDescriptor(object, 'get');
    patchMethod(object, 'get', () => () => 2)();
    expect(Object.getOwnPropertyDescriptor(object, 'get')).toEqual(before);
  });

  it('lets calls through once it is undone under the wrapper of another', () => {
    const box = new Box();
    const undo = patchMethod(box, 'add', () => () => 0);
    const other = patchMethod(
      box,
      'add',
      (add) =>
        function (...args) {
          return Number(add.apply(this, args)) * 10;
        },
    );
    expect(box.add(1, 1)).toBe(0);
    undo();
    expect(box.add(1, 1)).toBe(30);
    other();
    expect(box.add(1, 1)).toBe(3);
  });
});
