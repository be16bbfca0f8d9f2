// The two charts that fit into a line of text: a bar for a share, a sparkline for a history. And the numbers beside them,
// as people read them: three digits, a unit, never an exponent.

const LEVELS = [...'▁▂▃▄▅▆▇█'];

/** The newest values that fit, the highest of them at the top. Values that are no number are gaps. */
export function sparkline(values: readonly number[], columns: number): string {
  const shown = values.slice(-columns);
  const top = Math.max(...shown.filter(Number.isFinite), Number.MIN_VALUE);
  const text = shown.map((value) => {
    if (!Number.isFinite(value)) return ' ';
    return LEVELS[Math.min(LEVELS.length - 1, Math.floor((Math.max(0, value) / top) * LEVELS.length))];
  });
  return text.join('').padStart(columns);
}

/** A share of the columns, filled, and the rest of them. */
export function bar(ratio: number, columns: number): readonly [filled: string, empty: string] {
  const share = Number.isFinite(ratio) ? Math.min(1, Math.max(0, ratio)) : 0;
  // Something is never shown as nothing.
  const filled = share > 0 ? Math.max(1, Math.round(share * columns)) : 0;
  return ['█'.repeat(filled), '░'.repeat(columns - filled)];
}

/** `12 ms`, `1.25 s`; `–` when there is none. */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 0.01) return `${(seconds * 1000).toFixed(1)} ms`;
  return seconds < 1 ? `${(seconds * 1000).toFixed(0)} ms` : `${seconds.toFixed(2)} s`;
}

/** `12 345` */
export function countText(value: number, digits = 0): string {
  const [whole = '', fraction] = value.toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ' ');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `0.8 %` */
export function shareText(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

/** `3 min 07 s` */
export function timeText(seconds: number): string {
  const whole = Math.floor(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes === 0) return `${whole} s`;
  const rest = String(whole % 60).padStart(2, '0');
  return minutes < 60
    ? `${minutes} min ${rest} s`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
