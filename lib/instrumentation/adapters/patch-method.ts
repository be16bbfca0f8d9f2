// Puts a wrapper in the place of one method of one object, and takes it out again. The object stays the same, so that its type,
// its identity and its private fields are kept, and only this object is measured, not its whole class.

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * @param wrap - Makes the wrapper of the method that was there. It has to hand on `this`, the arguments and the answer.
 * @returns Puts the method back. Where somebody else has wrapped it meanwhile, the call goes through to the method as it was.
 */
export function patchMethod<Target extends object>(
  target: Target,
  name: keyof Target & string,
  wrap: (original: Method) => Method,
): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  const original = target[name] as Method;
  const wrapped = wrap(original);
  let active = true;
  const wrapper = {
    // A method in an object literal is no constructor, as the methods that it stands for.
    [name](this: unknown, ...args: unknown[]): unknown {
      return (active ? wrapped : original).apply(this, args);
    },
  }[name] as Method;
  Object.defineProperty(wrapper, 'length', { value: original.length, configurable: true });
  Object.defineProperty(target, name, {
    value: wrapper,
    configurable: true,
    writable: true,
    enumerable: before?.enumerable ?? false,
  });
  return () => {
    active = false;
    if (target[name] !== (wrapper as unknown)) return;
    if (before === undefined) delete target[name];
    else Object.defineProperty(target, name, before);
  };
}
