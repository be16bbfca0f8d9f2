// What templates compute with. No value is a plain JavaScript object: fields are looked up in maps, by names that were put there,
// so that no template reaches a prototype or a function of the process.
import type { FloatHistogram } from '../../query/histograms/float-histogram.js';
import { histogramText } from '../../query/histograms/histogram-text.js';
import { shortNumber } from '../../query/values/short-number.js';

/** A map; `absent` is what a missing key gives: '' for labels, nothing for others. */
export class TemplateMap {
  readonly entries: ReadonlyMap<string, TemplateValue>;
  readonly absent: TemplateValue;

  constructor(entries: ReadonlyMap<string, TemplateValue>, absent: TemplateValue) {
    this.entries = entries;
    this.absent = absent;
  }

  get(key: string): TemplateValue {
    return this.entries.has(key) ? (this.entries.get(key) as TemplateValue) : this.absent;
  }
}

/** Something whose fields are known beforehand: the data of an alert, or a sample of a query. */
export class TemplateRecord {
  readonly kind: string;
  readonly fields: ReadonlyMap<string, TemplateValue>;

  constructor(kind: string, fields: ReadonlyMap<string, TemplateValue>) {
    this.kind = kind;
    this.fields = fields;
  }
}

export class TemplateTime {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }
}

export class TemplateHistogram {
  readonly histogram: FloatHistogram;

  constructor(histogram: FloatHistogram) {
    this.histogram = histogram;
  }
}

/** Floats are numbers, integers bigints, `nil` and missing things undefined. */
export type TemplateValue =
  | string
  | number
  | bigint
  | boolean
  | undefined
  | TemplateMap
  | TemplateRecord
  | TemplateTime
  | TemplateHistogram
  | readonly TemplateValue[];

/** As Go calls the type, for errors. */
export function typeName(value: TemplateValue): string {
  if (value === undefined) return 'nil';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (value instanceof TemplateMap) return value.absent === '' ? 'map[string]string' : 'map[string]interface {}';
  if (value instanceof TemplateRecord) return value.kind;
  if (value instanceof TemplateTime) return '*time.Time';
  return value instanceof TemplateHistogram ? '*histogram.FloatHistogram' : 'template.queryResult';
}

/** Go's truth: what is not the zero of its type, and not empty. */
export function isTrue(value: TemplateValue): boolean {
  if (value === undefined || value === '' || value === 0 || value === 0n || value === false) return false;
  if (value instanceof TemplateMap) return value.entries.size > 0;
  return !Array.isArray(value) || value.length > 0;
}

/** As `{{ x }}` and `%v` print it. */
export function printed(value: TemplateValue): string {
  if (value === undefined) return '<no value>';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return shortNumber(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof TemplateMap) {
    const keys = [...value.entries.keys()].sort();
    return `map[${keys.map((key) => `${key}:${printed(value.entries.get(key))}`).join(' ')}]`;
  }
  if (value instanceof TemplateRecord) return `{${[...value.fields.values()].map(printed).join(' ')}}`;
  if (value instanceof TemplateTime) return timeText(value.ms);
  if (value instanceof TemplateHistogram) return histogramText(value.histogram);
  return `[${value.map(printed).join(' ')}]`;
}

/** As Go prints a time in UTC. */
export function timeText(ms: number): string {
  const [date, clock = ''] = new Date(ms).toISOString().replace('Z', '').split('T') as [string, string?];
  return `${date} ${clock.replace(/\.?0+$/, (zeros) => (clock.includes('.') ? '' : zeros))} +0000 UTC`;
}
