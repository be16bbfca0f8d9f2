// Numbers for people, with exactly the digits and units that Prometheus' templates give them.
import { readSeconds } from '../read-seconds.js';
import { goFormat } from './go-format.js';
import { TemplateFailure } from './template-node.js';
import { TemplateTime, type TemplateValue, timeText, typeName } from './template-value.js';

const LARGE = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const SMALL = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];
const BINARY = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];

/** Numbers, and texts that are one. */
export function toFloat(value: TemplateValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') throw new TemplateFailure(`can't convert ${typeName(value)} to float`);
  const plain = value.trim() === value && value !== '' && !/^[+-]?0[bo]/i.test(value);
  const named = /^([+-]?)(inf|infinity|nan)$/i.exec(value);
  if (named !== null) return named[2]?.toLowerCase() === 'nan' ? Number.NaN : Number(`${named[1]}Infinity`);
  const number = plain ? Number(value) : Number.NaN;
  if (Number.isNaN(number))
    throw new TemplateFailure(`strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`);
  return number;
}

export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return short(value);
  return Math.abs(value) >= 1 ? scaledDown(value, 1000, LARGE) : scaledUp(value);
}

export function humanize1024(value: number): string {
  return Math.abs(value) <= 1 || !Number.isFinite(value) ? short(value) : scaledDown(value, 1024, BINARY);
}

export function humanizePercentage(value: number): string {
  return `${short(value * 100)}%`;
}

export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return short(seconds);
  if (seconds === 0) return '0s';
  if (Math.abs(seconds) < 1) return `${scaledUp(seconds)}s`;
  const sign = seconds < 0 ? '-' : '';
  const whole = Math.floor(Math.abs(seconds));
  const [d, h, m] = [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  if (d > 0) return `${sign}${d}d ${h}h ${m}m ${whole % 60}s`;
  if (h > 0) return `${sign}${h}h ${m}m ${whole % 60}s`;
  if (m > 0) return `${sign}${m}m ${whole % 60}s`;
  return `${short(seconds)}s`;
}

export function humanizeTimestamp(seconds: number): string {
  if (!Number.isFinite(seconds)) return short(seconds);
  return timeText(toTime(seconds).ms);
}

export function toTime(seconds: number): TemplateTime {
  if (!Number.isFinite(seconds)) throw new TemplateFailure('value is NaN or Inf');
  if (Math.abs(seconds) >= 2 ** 63 / 1e9) {
    const text = short(seconds);
    throw new TemplateFailure(`${text} cannot be represented as a nanoseconds timestamp since it overflows int64`);
  }
  // By way of nanoseconds, whose rounding shows in the milliseconds.
  return new TemplateTime(Number(BigInt(Math.trunc(seconds * 1e9)) / 1_000_000n));
}

export function parseDuration(text: string): number {
  const read = readSeconds(text);
  if ('problem' in read) throw new TemplateFailure(read.problem);
  return read.seconds;
}

function scaledDown(value: number, base: number, prefixes: readonly string[]): string {
  let [rest, prefix] = [value, ''];
  for (const next of prefixes) {
    if (Math.abs(rest) < base) break;
    prefix = next;
    rest /= base;
  }
  return `${short(rest)}${prefix}`;
}

function scaledUp(value: number): string {
  let [rest, prefix] = [value, ''];
  for (const next of SMALL) {
    if (Math.abs(rest) >= 1) break;
    prefix = next;
    rest *= 1000;
  }
  return `${short(rest)}${prefix}`;
}

function short(value: number): string {
  return goFormat('%.4g', [value]);
}
