// The Gregorian calendar in UTC, for any number of seconds since the epoch and without an object per question: the calendar
// repeats every 400 years, so that one date, set anew, does for times that dates do not reach.
const SECONDS_PER_DAY = 86_400;
const YEARS_PER_CYCLE = 400;
const SECONDS_PER_CYCLE = 146_097 * SECONDS_PER_DAY;
const END_OF_TIME = 2 ** 63;

const date = new Date(0);

export function minute(seconds: number): number {
  return Math.floor(modulo(whole(seconds), 3_600) / 60);
}

export function hour(seconds: number): number {
  return Math.floor(modulo(whole(seconds), SECONDS_PER_DAY) / 3_600);
}

/** 0 is Sunday. */
export function dayOfWeek(seconds: number): number {
  return dateAt(seconds).getUTCDay();
}

/** From 1, as all that follow. */
export function dayOfMonth(seconds: number): number {
  return dateAt(seconds).getUTCDate();
}

export function dayOfYear(seconds: number): number {
  const time = dateAt(seconds).getTime();
  return Math.floor((time - date.setUTCMonth(0, 1)) / 1000 / SECONDS_PER_DAY) + 1;
}

export function daysInMonth(seconds: number): number {
  const at = dateAt(seconds);
  at.setUTCMonth(at.getUTCMonth() + 1, 0);
  return at.getUTCDate();
}

export function month(seconds: number): number {
  return dateAt(seconds).getUTCMonth() + 1;
}

export function year(seconds: number): number {
  const time = whole(seconds);
  const cycles = Math.round((time - modulo(time, SECONDS_PER_CYCLE)) / SECONDS_PER_CYCLE);
  return dateAt(seconds).getUTCFullYear() + YEARS_PER_CYCLE * cycles;
}

/** Within the 400 years after 1970. */
function dateAt(seconds: number): Date {
  date.setTime(modulo(whole(seconds), SECONDS_PER_CYCLE) * 1000);
  return date;
}

/** Fractions are cut off, towards the epoch. What 64 bits do not hold, NaN included, is the end of time, as in Go. */
function whole(seconds: number): number {
  return Math.abs(seconds) < END_OF_TIME ? Math.trunc(seconds) : END_OF_TIME;
}

/** Never less than 0, nor -0. Remainders are exact where quotients are not. */
function modulo(value: number, by: number): number {
  const rest = value % by;
  return rest < 0 ? rest + by : Math.abs(rest);
}
