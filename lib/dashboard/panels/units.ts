// Values written for people: 12.3 ms, 4 MiB, 2.5 %. Apart from the charts because axes, legends, tiles and what is read aloud
// must all say the same.

/** What a panel's values are measured in. */
export type Unit =
  | 'none'
  | 'seconds'
  | 'bytes'
  | 'ratio'
  | 'percent'
  | 'timestamp'
  | 'per-second'
  | 'bytes-per-second'
  | 'state'
  | 'celsius';

const BY_BASE: Readonly<Record<string, Unit>> = {
  seconds: 'seconds',
  bytes: 'bytes',
  ratio: 'ratio',
  percent: 'percent',
  celsius: 'celsius',
};

/** The unit of a gauge, a quantile or a bucket's bound. */
export function unitOfValue(base: string, name: string): Unit {
  if (/(_timestamp(_in)?_seconds|_time_seconds|_timestamp)$/.test(name) && /start_time|timestamp|last_/.test(name))
    return 'timestamp';
  return BY_BASE[base] ?? (/(^|_)(utilization|usage_fraction)$/.test(name) ? 'ratio' : 'none');
}

/** The unit of a counter's rate: a second per second is a share. */
export function unitOfRate(base: string): Unit {
  if (base === 'seconds') return 'ratio';
  return base === 'bytes' ? 'bytes-per-second' : 'per-second';
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A value with its unit, three digits long; `–` where there is none. */
export function formatValue(value: number | undefined, unit: Unit): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value < 0) return `−${formatValue(-value, unit)}`;
  switch (unit) {
    case 'seconds':
      return seconds(value);
    case 'bytes':
      return bytes(value);
    case 'bytes-per-second':
      return `${bytes(value)}/s`;
    case 'ratio':
      return `${digits(value * 100)} %`;
    case 'percent':
      return `${digits(value)} %`;
    case 'celsius':
      return `${digits(value)} °C`;
    case 'per-second':
      return `${short(value)}/s`;
    case 'timestamp':
      return value < 1e8 ? short(value) : new Date(value * 1000).toLocaleString();
    default:
      return short(value);
  }
}

function seconds(value: number): string {
  if (value === 0) return '0 s';
  if (value < 1e-6) return `${digits(value * 1e9)} ns`;
  if (value < 1e-3) return `${digits(value * 1e6)} µs`;
  if (value < 1) return `${digits(value * 1e3)} ms`;
  if (value < 120) return `${digits(value)} s`;
  if (value < 7200) return `${digits(value / 60)} min`;
  return value < 172_800 ? `${digits(value / 3600)} h` : `${digits(value / 86_400)} d`;
}

function bytes(value: number): string {
  let rest = value;
  let size = 0;
  while (rest >= 1024 && size < SIZES.length - 1) {
    rest /= 1024;
    size++;
  }
  return `${digits(rest)} ${SIZES[size]}`;
}

function short(value: number): string {
  if (value >= 1e15 || (value > 0 && value < 1e-4)) return value.toExponential(2);
  if (value >= 1e12) return `${digits(value / 1e12)} T`;
  if (value >= 1e9) return `${digits(value / 1e9)} G`;
  if (value >= 1e6) return `${digits(value / 1e6)} M`;
  return value >= 1e4 ? `${digits(value / 1e3)} k` : digits(value);
}

/** Three significant digits, whole numbers whole, no zeros at the end. */
function digits(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
