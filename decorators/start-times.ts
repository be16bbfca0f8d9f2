// When the calls that are running right now have begun. A number that is handed from function to function is put into a box of 16
// bytes; here it waits in an array while the method runs, and what is handed on is its place. Calls end in the reverse of the order
// in which they begin, so that a stack holds them all; what goes on beyond its call takes its time with it.

const FIRST_PLACES = 64;

let times = new Float64Array(FIRST_PLACES);
let depth = 0;

/** Keeps a time until the call returns; answers its place. */
export function keep(time: number): number {
  const place = depth++;
  if (place >= times.length) grow();
  times[place] = time;
  return place;
}

/** The time at a place, which is given up with all above it. */
export function take(place: number): number {
  depth = place;
  return times[place] as number;
}

function grow(): void {
  const more = new Float64Array(times.length * 2);
  more.set(times);
  times = more;
}
