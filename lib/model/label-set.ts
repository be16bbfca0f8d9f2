// The objects in which labels leave the product. One place makes them, so that no label name, `__proto__` and
// `constructor` included, can reach a prototype or be mistaken for one of its members.

/** Labels by name. What is not a label of the set is undefined, whatever its name. */
export type Labels = Readonly<Record<string, string>>;

/**
 * An object whose prototype is empty, frozen and without a prototype of its own: as safe as `Object.create(null)`, but
 * with hidden classes, which makes filling one three times as fast (50 ns instead of 160 ns for four labels).
 */
const LabelSet = function LabelSet() {} as unknown as new () => Record<string, string>;
LabelSet.prototype = Object.freeze(Object.create(null));

/** An empty set to fill by assignment. Fill sets of one kind in one order, so that they share a hidden class. */
export function newLabelSet(): Record<string, string> {
  return new LabelSet();
}
