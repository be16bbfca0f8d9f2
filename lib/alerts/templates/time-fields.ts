// What templates ask of a time: its parts, and its text in a layout as Go writes them (`2006-01-02 15:04`). In UTC, as all times of
// templates are.
import { TemplateFailure } from './template-node.js';
import { type TemplateTime, type TemplateValue, timeText } from './template-value.js';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const PARTS = /2006|January|Jan|Monday|Mon|MST|Z07:00|-07:00|-0700|0[1-6]|15|PM|pm|\.0+|06|_2|[1-5]/g;

export function timeField({ ms }: TemplateTime, field: string, args: readonly TemplateValue[]): TemplateValue {
  const date = new Date(ms);
  if (field === 'Format') {
    const [layout] = args;
    if (args.length !== 1 || typeof layout !== 'string')
      throw new TemplateFailure('wrong number of args for Format: want 1');
    return formatted(date, layout);
  }
  if (args.length > 0) throw new TemplateFailure(`wrong number of args for ${field}: want 0 got ${args.length}`);
  const parts: ReadonlyMap<string, TemplateValue> = new Map<string, TemplateValue>([
    ['Year', BigInt(date.getUTCFullYear())],
    ['Month', MONTHS[date.getUTCMonth()]],
    ['Day', BigInt(date.getUTCDate())],
    ['Weekday', DAYS[date.getUTCDay()]],
    ['Hour', BigInt(date.getUTCHours())],
    ['Minute', BigInt(date.getUTCMinutes())],
    ['Second', BigInt(date.getUTCSeconds())],
    ['Unix', BigInt(Math.floor(ms / 1000))],
    ['UnixMilli', BigInt(ms)],
    ['String', timeText(ms)],
  ]);
  if (!parts.has(field)) throw new TemplateFailure(`can't evaluate field ${field} in type *time.Time`);
  return parts.get(field);
}

function formatted(date: Date, layout: string): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const [month, day, hour] = [date.getUTCMonth(), date.getUTCDate(), date.getUTCHours()];
  const [minute, second, short] = [date.getUTCMinutes(), date.getUTCSeconds(), hour % 12 === 0 ? 12 : hour % 12];
  const texts: ReadonlyMap<string, string> = new Map([
    ['2006', String(date.getUTCFullYear())],
    ['06', two(date.getUTCFullYear() % 100)],
    ['January', MONTHS[month] as string],
    ['Jan', (MONTHS[month] as string).slice(0, 3)],
    ['01', two(month + 1)],
    ['1', String(month + 1)],
    ['Monday', DAYS[date.getUTCDay()] as string],
    ['Mon', (DAYS[date.getUTCDay()] as string).slice(0, 3)],
    ['02', two(day)],
    ['_2', String(day).padStart(2)],
    ['2', String(day)],
    ['15', two(hour)],
    ['03', two(short)],
    ['3', String(short)],
    ['04', two(minute)],
    ['4', String(minute)],
    ['05', two(second)],
    ['5', String(second)],
    ['PM', hour < 12 ? 'AM' : 'PM'],
    ['pm', hour < 12 ? 'am' : 'pm'],
    ['MST', 'UTC'],
    ['Z07:00', 'Z'],
    ['-07:00', '+00:00'],
    ['-0700', '+0000'],
  ]);
  return layout.replace(PARTS, (part) => {
    if (part.startsWith('.'))
      return `.${String(date.getUTCMilliseconds())
        .padStart(3, '0')
        .padEnd(part.length - 1, '0')
        .slice(0, part.length - 1)}`;
    return texts.get(part) ?? part;
  });
}
