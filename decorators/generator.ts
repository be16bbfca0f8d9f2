// A generator that was handed out is not done: its time runs until it has finished, thrown, or been left. What comes back is an
// object with the same prototype that does the same.
import { isGeneratorObject, isPromise } from 'node:util/types';
import type { Outcome } from './call.js';

type End = (outcome: Outcome, error?: unknown) => void;
type Step = 'next' | 'return' | 'throw';
type AnyGenerator = Record<Step, (value?: unknown) => unknown>;
interface StepResult {
  readonly done?: boolean;
  readonly value: unknown;
}

/** Those handed out here, which the engine does not know as generators: a method may have several decorators. */
const handedOut = new WeakSet<object>();

export function isGenerator(value: object): boolean {
  return isGeneratorObject(value) || handedOut.has(value);
}

/** Calls `end` once. */
export function watchedGenerator(generator: object, end: End): object {
  const watched = Object.create(Object.getPrototypeOf(generator) as object) as AnyGenerator;
  let ended = false;
  const endOnce: End = (outcome, error) => {
    if (ended) return;
    ended = true;
    end(outcome, error);
  };
  for (const step of ['next', 'return', 'throw'] as const) {
    const take = (value: unknown[]) => (generator as AnyGenerator)[step].apply(generator, value as [unknown]);
    Object.defineProperty(watched, step, {
      configurable: true,
      writable: true,
      value: (...value: unknown[]) => watchedStep(() => take(value), step === 'return', endOnce),
    });
  }
  handedOut.add(watched);
  return watched;
}

/** Who calls `return` has left, even where a `finally` gives something more. */
function watchedStep(take: () => unknown, isLeft: boolean, end: End): unknown {
  let taken: unknown;
  try {
    taken = take();
  } catch (thrown) {
    end('thrown', thrown);
    throw thrown;
  }
  if (!isPromise(taken)) return note(taken as StepResult, isLeft, end);
  return taken.then(
    (result) => note(result as StepResult, isLeft, end),
    (rejected: unknown) => {
      end('thrown', rejected);
      throw rejected;
    },
  );
}

function note(result: StepResult, isLeft: boolean, end: End): StepResult {
  if (result.done || isLeft) end('ok');
  return result;
}
