// Puts a monitored function in the place of a function: same `this`, arguments, name, length and metadata; what it gives back is
// the very object that came, wherever that can be waited for without touching it.
import { type Result, ResultAsync } from 'neverthrow';
import type { AnyFunction, Outcome } from './call.js';
import { type Catching, caught, type Returns } from './catching.js';
import { watchedGenerator } from './generator.js';
import { copyIdentity } from './identity.js';
import type { Monitor } from './monitor.js';
import { isResult, kindOf } from './outcome.js';
import type { Recorder } from './recorder.js';
import { take } from './start-times.js';

/** A call on its way: where it is recorded, and whatever its labels are made from. */
interface Running {
  readonly recorder: Recorder | undefined;
  readonly startedAt: number;
  readonly call: { readonly self: unknown; readonly args: readonly unknown[] } | undefined;
}

export type AnyCatching = Catching<unknown, Returns>;

export function wrap(method: AnyFunction, monitor: Monitor, catching: AnyCatching | undefined): AnyFunction {
  const wrapper = monitor.needsCall ? withCall(method, monitor, catching) : lean(method, monitor, catching);
  copyIdentity(method, wrapper);
  return wrapper;
}

/** Makes no object for a call that gives a plain value: neither of its arguments nor of its state. */
function lean(method: AnyFunction, monitor: Monitor, catching: AnyCatching | undefined): AnyFunction {
  return function (this: unknown): unknown {
    const recorder = monitor.recorder();
    const place = recorder === undefined ? 0 : recorder.start();
    let returned: unknown;
    try {
      // The one form of passing on all arguments that the engine does without an array.
      // biome-ignore lint/complexity/noArguments: rest parameters would allocate
      returned = method.apply(this, arguments as never);
    } catch (thrown) {
      return threw(thrown, { recorder, startedAt: startOf(recorder, place), call: undefined }, catching);
    }
    if (typeof returned !== 'object' || returned === null) {
      if (recorder !== undefined) recorder.endWell(place);
      return returned;
    }
    return settled(returned, { recorder, startedAt: startOf(recorder, place), call: undefined }, catching);
  };
}

function startOf(recorder: Recorder | undefined, place: number): number {
  return recorder === undefined ? 0 : take(place);
}

function withCall(method: AnyFunction, monitor: Monitor, catching: AnyCatching | undefined): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const recorder = monitor.recorder();
    const running = {
      recorder,
      startedAt: recorder === undefined ? 0 : take(recorder.start()),
      call: { self: this, args },
    };
    let returned: unknown;
    try {
      returned = method.apply(this, args);
    } catch (thrown) {
      return threw(thrown, running, catching);
    }
    return settled(returned, running, catching);
  };
}

function end({ recorder, startedAt, call }: Running, outcome: Outcome, error?: unknown): void {
  recorder?.end(startedAt, outcome, error, call);
}

function endBy(running: Running, value: unknown): void {
  let error: unknown;
  let isErr = false;
  try {
    if (isResult(value) && value.isErr()) {
      error = value.error;
      isErr = true;
    }
  } catch {
    // It looks like a Result and is none.
  }
  end(running, isErr ? 'err' : 'ok', error);
}

function threw(thrown: unknown, running: Running, catching: AnyCatching | undefined): unknown {
  end(running, 'thrown', thrown);
  const instead = catching === undefined ? undefined : caught(catching, thrown);
  if (instead === undefined) throw thrown;
  return instead;
}

function settled(returned: unknown, running: Running, catching: AnyCatching | undefined): unknown {
  try {
    return watched(returned, running, catching);
  } catch {
    // A promise or the like that cannot be waited for goes back as it came.
    end(running, 'ok');
    return returned;
  }
}

function watched(returned: unknown, running: Running, catching: AnyCatching | undefined): unknown {
  switch (kindOf(returned)) {
    case 'promise':
      return settledPromise(returned as Promise<unknown>, running, catching);
    case 'result-async':
      return settledResultAsync(returned as ResultAsync<unknown, unknown>, running, catching);
    case 'generator':
      return watchedGenerator(returned as object, (outcome, error) => end(running, outcome, error));
    default:
      endBy(running, returned);
      return returned;
  }
}

/** Another promise that settles alike, because a rejection which nobody handles has to surface: watching it would handle it. */
function settledPromise(promise: Promise<unknown>, running: Running, catching: AnyCatching | undefined): unknown {
  return promise.then(
    (value) => {
      endBy(running, value);
      return value;
    },
    (thrown: unknown) => {
      end(running, 'thrown', thrown);
      const instead = catching?.returns === 'Promise' ? caughtInside(catching, thrown) : undefined;
      if (instead === undefined) throw thrown;
      return instead;
    },
  );
}

/** The `Err` itself: a promise in a promise would take three more turns. */
function caughtInside({ catch: toError }: AnyCatching, thrown: unknown): Result<unknown, unknown> | undefined {
  return caught({ catch: toError, returns: 'Result' }, thrown) as Result<unknown, unknown> | undefined;
}

/** The same object, except with `catch`, which has to put an `Err` in the place of a rejection. */
function settledResultAsync(
  returned: ResultAsync<unknown, unknown>,
  running: Running,
  catching: AnyCatching | undefined,
): unknown {
  const fulfilled = (result: Result<unknown, unknown>) => {
    endBy(running, result);
    return result;
  };
  if (catching?.returns !== 'ResultAsync') {
    void returned.then(fulfilled, (thrown: unknown) => end(running, 'thrown', thrown));
    return returned;
  }
  const rejected = (thrown: unknown): Result<unknown, unknown> => {
    end(running, 'thrown', thrown);
    const instead = caughtInside(catching, thrown);
    if (instead === undefined) throw thrown;
    return instead;
  };
  return new ResultAsync(Promise.resolve(returned.then(fulfilled, rejected)));
}
