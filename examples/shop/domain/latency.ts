// How long pretended work takes: the database and the payment provider of the shop are no real ones, but they take time
// the way real ones do, mostly a little and now and then a lot.
import { setTimeout as wait } from 'node:timers/promises';

/** What is random and what takes time, given to whoever pretends, so that tests can decide both. */
export interface Nature {
  /** 0 ≤ n < 1. */
  random(): number;
  sleep(seconds: number): Promise<unknown>;
}

export const nature: Nature = {
  random: Math.random,
  sleep: (seconds) => wait(seconds * 1000),
};

/** A duration around `typical` seconds with a long tail: half of them are shorter, one in a hundred is five times as long. */
export function duration(typical: number, { random }: Nature): number {
  // The sum of uniform numbers is nearly normal, and the exponential of a normal number has the tail that is wanted.
  const normal = random() + random() + random() + random() - 2;
  return typical * Math.exp(normal * 1.2);
}
