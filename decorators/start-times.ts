// When the calls that are running right now have begun. A number that is handed from function to function is put into a box of 16
// bytes; here it waits in an array while the method runs, and what is handed on is its place. Calls end in the reverse of the order
// in which they begin, so that a stack holds them all; what goes on beyond its call takes its time with it.
import { type Clock, readInto } from '../lib/clock.js';

const FIRST_PLACES = 64;

let times = new Float64Array(FIRST_PLACES);
let depth = 0;
const elapsed = new Float64Array(1);

/** Keeps the present until the call returns; answers its place. Without a clock it is NaN. A clock that throws has kept nothing. */
export function keepNow(clock: Clock | undefined): number {
  if (depth >= times.length) grow();
  if (clock === undefined) times[depth] = Number.NaN;
  else readInto(clock, times, depth);
  return depth++;
}

/** The time at a place, which is given up with all above it. */
export function take(place: number): number {
  depth = place;
  return times[place] as number;
}

/** Gives up a place and all above it; answers how long ago its time was, as the one element of an array. */
export function takeElapsed(place: number, clock: Clock): Float64Array {
  readInto(clock, elapsed, 0);
  (elapsed[0] as number) -= times[place] as number;
  depth = place;
  return elapsed;
}

function grow(): void {
  const more = new Float64Array(times.length * 2);
  more.set(times);
  times = more;
}
