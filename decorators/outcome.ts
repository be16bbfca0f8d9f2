// What a method gave back, and how to learn how that ends. Results are known by their shape where they are not of this copy of
// neverthrow; `in` is asked first, because objects that make up every property on demand do not claim to have them.
import { isPromise } from 'node:util/types';
import { Err, Ok, type Result, ResultAsync } from 'neverthrow';
import { isGenerator } from './generator.js';

export type ReturnKind = 'plain' | 'result' | 'result-async' | 'promise' | 'generator';

/**
 * A lazy thenable, such as a query that runs when it is awaited, is plain: nobody but its owner starts it. So is a promise with a
 * `then` of its own, which may be just that.
 */
export function kindOf(value: unknown): ReturnKind {
  if (typeof value !== 'object' || value === null) return 'plain';
  if (isPromise(value)) return hasNativeThen(value) ? 'promise' : 'plain';
  if (isResult(value)) return 'result';
  if (isResultAsync(value)) return 'result-async';
  return isGenerator(value) ? 'generator' : 'plain';
}

export function isResult(value: unknown): value is Result<unknown, unknown> {
  return isInstance(value, [Ok, Err]) || hasMethods(value, ['isOk', 'isErr', 'andThen']);
}

function isResultAsync(value: object): boolean {
  return isInstance(value, [ResultAsync]) || hasMethods(value, ['then', 'andThen', 'mapErr']);
}

/** Whether its `then` is the engine's, of whatever realm: on the one prototype that is right above that of all objects. */
function hasNativeThen(promise: object): boolean {
  let owner = promise;
  while (!Object.hasOwn(owner, 'then')) {
    const next: unknown = Object.getPrototypeOf(owner);
    if (next === null) return false;
    owner = next as object;
  }
  const above: unknown = Object.getPrototypeOf(owner);
  return above !== null && Object.getPrototypeOf(above) === null;
}

// Proxies may throw at anything that is asked of them, and are none of these then.

function isInstance(value: unknown, classes: readonly (abstract new (...args: never[]) => unknown)[]): boolean {
  try {
    return classes.some((one) => value instanceof one);
  } catch {
    return false;
  }
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return names.every(
      (name) => name in value && typeof (value as Readonly<Record<string, unknown>>)[name] === 'function',
    );
  } catch {
    return false;
  }
}
