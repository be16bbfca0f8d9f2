// What makes a wrapper look like the function that it stands for: name, length, own properties, and the metadata that other
// decorators have hung on it. Reflect metadata are read through the global, so that the package is needed only by those who use it.
import type { AnyFunction } from './call.js';

interface ReflectMetadata {
  getOwnMetadataKeys?(target: object): unknown[];
  getOwnMetadata?(key: unknown, target: object): unknown;
  defineMetadata?(key: unknown, value: unknown, target: object): void;
  getMetadata?(key: unknown, target: object, property: string | symbol): unknown;
}

const reflect = Reflect as ReflectMetadata;

/** Methods that a decorator of their class shall leave alone, whatever else is put around them. */
const leftOut = new WeakSet<object>();

export function leaveOut(method: AnyFunction): void {
  leftOut.add(method);
}

export function isLeftOut(method: object): boolean {
  return leftOut.has(method);
}

export function copyIdentity(from: AnyFunction, to: AnyFunction): void {
  if (leftOut.has(from)) leftOut.add(to);
  for (const key of Reflect.ownKeys(from)) {
    const property = Object.getOwnPropertyDescriptor(from, key);
    const own = Object.getOwnPropertyDescriptor(to, key);
    if (property === undefined) continue;
    if (own?.configurable !== false) Object.defineProperty(to, key, property);
    // What is made with `new` has the same prototype.
    else if (own.writable && 'value' in property) Object.defineProperty(to, key, { value: property.value });
  }
  for (const key of reflect.getOwnMetadataKeys?.(from) ?? []) {
    reflect.defineMetadata?.(key, reflect.getOwnMetadata?.(key, from), to);
  }
}

/** What the compiler noted as the return type of a method, where it does; undefined elsewhere. */
export function returnTypeOf(target: object, method: string | symbol): unknown {
  return reflect.getMetadata?.('design:returntype', target, method);
}
