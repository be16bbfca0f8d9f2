// Durations as PromQL writes them, `1h30m` and the like: units in descending order, each at most once.

const MS_BY_UNIT = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Prometheus counts nanoseconds in 64 bits. */
const LONGEST_MS = 9_223_372_036_854;
export const LONGEST_SECONDS = 2 ** 63 / 1e9;

/** What a duration says, in milliseconds, or what is wrong with it. */
export function readDuration(text: string): { readonly ms: number } | { readonly problem: string } {
  const parts = text === '' ? null : DURATION.exec(text);
  if (parts === null) return { problem: `not a valid duration string: ${JSON.stringify(text)}` };
  let ms = 0;
  for (const [i, [, unitMs]] of MS_BY_UNIT.entries()) ms += Number(parts[i + 1] ?? 0) * unitMs;
  return ms > LONGEST_MS ? { problem: 'duration out of range' } : { ms };
}

/**
 * As Prometheus writes it. Years and weeks are used only where nothing is left over: `90d` is easier to read than `12w6d`.
 *
 * @param ms - Not negative.
 *
 * @example
 * formatDuration(5_400_000); // 1h30m
 */
export function formatDuration(ms: number): string {
  let text = '';
  let rest = Math.trunc(ms);
  for (const [unit, unitMs] of MS_BY_UNIT) {
    const mustFit = unit === 'y' || unit === 'w';
    if (rest < unitMs || (mustFit && rest % unitMs !== 0)) continue;
    text += `${Math.floor(rest / unitMs)}${unit}`;
    rest %= unitMs;
  }
  return text === '' ? '0s' : text;
}
