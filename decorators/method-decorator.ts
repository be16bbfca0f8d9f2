// One decorator for both of the languages' protocols: that of the standard (value, context), and that of TypeScript's
// `experimentalDecorators` (target, name, descriptor). What they are told of a method is the same in the end.
import { MetricDefinitionError } from '../lib/errors.js';
import type { AnyFunction, Callable } from './call.js';
import type { Admits, Catching, Returns } from './catching.js';

/** What is needed of a decorator's context: the types of the class do not matter. */
export type MethodContext = Pick<ClassMethodDecoratorContext, 'kind' | 'name'>;

/** Goes on methods, of instances and of classes, private ones included. */
export interface MethodDecorator {
  <Method extends Callable>(method: Method, context: MethodContext): Method;
  <Method extends Callable>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): TypedPropertyDescriptor<Method>;
}

/** Goes on methods whose declared return type has room for what `catch` makes. */
export interface CatchingDecorator<E, Shape extends Returns> {
  <Method extends Callable>(method: Method & Admits<Method, E, Shape>, context: MethodContext): Method;
  <Method extends Callable>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<Method> & Admits<Method, E, Shape>,
  ): TypedPropertyDescriptor<Method>;
}

export type AnyCatchingOptions = Catching<unknown, Returns>;

/** What is known of a method when it is decorated. */
export interface DecoratedMethod {
  readonly method: AnyFunction;
  readonly name: string;
  /** Where the metadata of the method are kept; undefined for the standard protocol, which has none of the compiler's. */
  readonly home: { readonly target: object; readonly key: string | symbol } | undefined;
}

/** Makes a decorator from what it puts in the place of a method. `decorator` is its name, for errors. */
export function methodDecorator(
  decorator: string,
  replace: (decorated: DecoratedMethod) => AnyFunction,
): MethodDecorator {
  const decorate = (target: unknown, context: unknown, descriptor?: TypedPropertyDescriptor<AnyFunction>): unknown => {
    if (typeof context === 'object' && context !== null) {
      const { kind, name } = context as MethodContext;
      if (kind !== 'method') throw misplaced(decorator, `a ${kind}`);
      return replace({ method: target as AnyFunction, name: String(name), home: undefined });
    }
    const method = descriptor?.value;
    if (typeof method !== 'function') throw misplaced(decorator, 'what is no method');
    const key = context as string | symbol;
    const home = { target: target as object, key };
    return { ...descriptor, value: replace({ method, name: String(key), home }) };
  };
  return decorate as MethodDecorator;
}

export function misplaced(decorator: string, place: string): MetricDefinitionError {
  const rule = 'It goes on methods. For a plain function use monitored(fn, options).';
  return new MetricDefinitionError({ kind: 'invalid_option', option: `@${decorator}`, value: `on ${place}`, rule });
}
