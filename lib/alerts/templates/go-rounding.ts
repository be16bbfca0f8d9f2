// Rounds as Go does when it prints: what lies exactly between two numbers goes to the even one, where JavaScript goes up.

/** JavaScript writes no more digits. */
const MOST_DIGITS = 100;

/** @param magnitude - Not negative. */
export function fixed(magnitude: number, precision: number): string {
  const digits = Math.max(0, Math.min(precision, MOST_DIGITS));
  if (magnitude >= 1e21) return `${BigInt(magnitude)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
  return withoutTie(magnitude, digits).toFixed(digits);
}

/** With `precision` digits behind the point, and an exponent. */
export function exponential(magnitude: number, precision: number): string {
  const digits = Math.min(precision, MOST_DIGITS);
  const power = magnitude === 0 ? 0 : Number(magnitude.toExponential().split('e')[1]);
  return withoutTie(magnitude, digits - power).toExponential(digits);
}

/** The even neighbour of a number that lies exactly between two with so many decimals (negative: so many zeros at the end). */
function withoutTie(magnitude: number, decimals: number): number {
  // Beyond this, doubles have no digits to be between.
  if (decimals > 20 || decimals < -20) return magnitude;
  const unit = 10 ** Math.abs(decimals);
  const scaled = decimals >= 0 ? magnitude * unit : magnitude / unit;
  // Products may be rounded to a half; a real one is a multiple of a power of two.
  const isExact =
    decimals < 0 ? (scaled * 2 * unit) / 2 === magnitude : Number.isInteger(magnitude * 2 ** (decimals + 1));
  const below = Math.floor(scaled);
  if (scaled - below !== 0.5 || !isExact || below % 2 !== 0) return magnitude;
  return Number(`${below}e${-decimals}`);
}
