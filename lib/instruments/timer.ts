// Measuring how long something takes, for the two instruments that observe durations.
import { ResultAsync } from 'neverthrow';
import type { Clock } from '../clock.js';
import type { RecordingOptions } from './given-exemplar.js';
import type { Labels } from './labels.js';

/**
 * Measures a call and hands on what it gave: a value, a promise or `ResultAsync` (measured until it settles), a throw or
 * a rejection, all of which count. For a promise, one comes back that settles alike, so that a rejection which nobody
 * handles still surfaces.
 */
export function timed<T>(clock: Clock, call: () => T, observe: (seconds: number) => void): T {
  const start = clock.monotonic();
  const stop = () => observe(clock.monotonic() - start);
  const fail = (thrown: unknown): never => {
    try {
      stop();
    } catch {
      // Strict mode: the refused recording has been counted and told, and the error of the call itself comes first.
    }
    throw thrown;
  };
  let result: T;
  try {
    result = call();
  } catch (thrown) {
    return fail(thrown);
  }
  if (result instanceof Promise) {
    const settle = (value: unknown) => {
      stop();
      return value;
    };
    return result.then(settle, fail) as T;
  }
  if (result instanceof ResultAsync) void result.then(stop, stop);
  else stop();
  return result;
}

/** What durations are observed by. */
interface Observer {
  observe(seconds: number, labels?: Labels, options?: RecordingOptions): void;
}

/** A running timer: stopping it observes the seconds under the labels of both ends, and answers them. Reads the clock twice. */
export function startedTimer(
  observer: Observer,
  clock: Clock,
  labels: Labels | undefined,
): (labels?: Labels, options?: RecordingOptions) => number {
  const start = clock.monotonic();
  return (more, options) => {
    const seconds = clock.monotonic() - start;
    observer.observe(seconds, merged(labels, more), options);
    return seconds;
  };
}

/** Labels that cannot be read are refused by the observation itself, as any unfit ones. */
function merged(labels: Labels | undefined, more: Labels | undefined): Labels | undefined {
  if (labels === undefined || more === undefined) return more ?? labels;
  try {
    return { ...labels, ...more };
  } catch {
    return null as never;
  }
}
