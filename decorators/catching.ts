// The `catch` option: a throw becomes an `Err` of the method's own shape, and never of another one. What a shape is, at run time
// here and for the compiler.
import { err, errAsync, type Result, ResultAsync } from 'neverthrow';
import { MetricDefinitionError } from '../lib/errors.js';

/** What a method is declared to return: the shape into which a throw is turned. */
export type Returns = 'Result' | 'ResultAsync' | 'Promise';

export interface Catching<E, Shape extends Returns> {
  /** Makes the error of the `Err` from what was thrown. When it throws itself, what the method threw goes on. */
  readonly catch: (thrown: unknown) => E;
  /** The shape that the method is declared to return; for `Promise`, of a `Result`. */
  readonly returns: Shape;
}

/** Turned into what the method would have returned; undefined where `catch` itself failed. */
export function caught({ catch: toError, returns }: Catching<unknown, Returns>, thrown: unknown): object | undefined {
  let error: unknown;
  try {
    error = toError(thrown);
  } catch {
    return undefined;
  }
  switch (returns) {
    case 'Result':
      return err(error);
    case 'ResultAsync':
      return errAsync(error);
    case 'Promise':
      return Promise.resolve(err(error));
  }
}

/** @throws MetricDefinitionError `invalid_option` where the option is none, or metadata of the compiler say otherwise. */
export function checkCatching(catching: Catching<unknown, Returns>, method: string, returnType: unknown): void {
  const refuse = (option: string, value: unknown, rule: string): never => {
    throw new MetricDefinitionError({ kind: 'invalid_option', option, value: String(value), rule });
  };
  const { returns } = catching;
  if (typeof catching.catch !== 'function')
    refuse('catch', typeof catching.catch, 'Give a function that makes an error from what was thrown.');
  if (!['Result', 'ResultAsync', 'Promise'].includes(returns))
    refuse('returns', returns, `Say what ${method} returns: 'Result', 'ResultAsync' or 'Promise'.`);
  const declared = shapeOf(returnType);
  if (declared !== undefined && declared !== returns)
    refuse('returns', returns, `${method} is declared to return a ${declared}: give returns: '${declared}'.`);
}

/** `design:returntype`, where it says something: a `Result` is a union, of which it only tells that it is an object. */
function shapeOf(returnType: unknown): Returns | undefined {
  if (returnType === Promise) return 'Promise';
  if (returnType === ResultAsync) return 'ResultAsync';
  const name: unknown = (returnType as { name?: unknown } | undefined)?.name;
  return name === 'ResultAsync' || name === 'Promise' ? name : undefined;
}

interface Refusal<Reason extends string> {
  readonly 'this method cannot be decorated so': Reason;
}

/** `unknown` where the method's return type fits, else a type that says why it does not. */
export type Admits<Method, E, Shape extends Returns> = Method extends (...args: never[]) => infer Returned
  ? Shape extends 'ResultAsync'
    ? Returned extends ResultAsync<unknown, infer Declared>
      ? AdmitsError<E, Declared>
      : Refusal<"returns: 'ResultAsync' needs a method that is declared to return a ResultAsync">
    : Shape extends 'Promise'
      ? Returned extends Promise<Result<unknown, infer Declared>>
        ? AdmitsError<E, Declared>
        : Refusal<"returns: 'Promise' needs a method that is declared to return a Promise of a Result">
      : Returned extends Result<unknown, infer Declared>
        ? AdmitsError<E, Declared>
        : Refusal<"returns: 'Result' needs a method that is declared to return a Result">
  : never;

type AdmitsError<E, Declared> = [E] extends [Declared]
  ? unknown
  : Refusal<'catch makes an error that is not among the errors which the method is declared to return'>;
