// Lines of OpenMetrics text for the history of one series: all its time stamps, each with all its samples. Apart from the
// encoders of lib/exposition, which write the present, without time stamps, for many series at once.
import { bareText, labelText, openingText } from '../../../lib/exposition/escape.js';
import { canonicalNumber, plainNumber } from '../../../lib/exposition/numbers.js';
import { openMetricsText } from '../../../lib/exposition/openmetrics-text.js';
import type { FamilyDescriptor, MetricType } from '../../../lib/model/family.js';
import type { RowResult } from '../reading/row-result.js';

const SUFFIXES: Readonly<Partial<Record<MetricType, string>>> = { counter: '_total', info: '_info' };
/** So that no text is longer than what a consumer wants to take at once. */
const TIMES_PER_TEXT = 100;

/** A family's name in OpenMetrics, which has no suffix of its samples. */
export function familyName({ name, type }: FamilyDescriptor): string {
  const suffix = SUFFIXES[type];
  return suffix !== undefined && name.endsWith(suffix) && name !== suffix ? name.slice(0, -suffix.length) : name;
}

/** The comment lines above a family. One that was of several types in its time is of none. */
export function familyHeader(name: string, rows: readonly RowResult[]): string {
  const { descriptor } = rows.at(-1) as RowResult;
  const isOneType = rows.every((row) => row.descriptor.type === descriptor.type);
  const { description, unit } = descriptor;
  const shown: FamilyDescriptor = isOneType ? descriptor : { type: 'unknown', name, description, unit };
  return openMetricsText.header({ descriptor: shown, observedNegative: false, blocks: () => [] });
}

/** The lines of one series, some time stamps at a time. */
export class RowLines implements Iterable<string> {
  readonly #row: RowResult;
  /** Of each kind: what stands before the value. */
  readonly #heads: readonly string[];

  constructor(row: RowResult, family: string) {
    this.#row = row;
    const labels = row.labels.map(([name, value]) => labelText(name, value));
    const suffix = SUFFIXES[row.descriptor.type];
    this.#heads = row.kinds.map(({ name, label }) => {
      const own = label === undefined ? [] : [labelText(label[0], ownValue(label))];
      const all = [...labels, ...own].join(',');
      const sample = suffix === undefined ? sampleName(row.descriptor, name) : family + suffix;
      return all === '' ? bareText(sample) : `${openingText(sample)}${all}}`;
    });
  }

  *[Symbol.iterator](): Generator<string> {
    const { timestampsMs, columns } = this.#row.samples();
    let text = '';
    for (let i = 0; i < timestampsMs.length; i++) {
      const time = secondsText(timestampsMs[i] as number);
      for (let k = 0; k < columns.length; k++) {
        text += `${this.#heads[k]} ${plainNumber((columns[k] as Float64Array)[i] as number)} ${time}\n`;
      }
      if ((i + 1) % TIMES_PER_TEXT !== 0) continue;
      yield text;
      text = '';
    }
    yield text;
  }
}

/** The totals of a gauge histogram have names of their own here. */
function sampleName({ type }: FamilyDescriptor, name: string): string {
  return type === 'gaugehistogram' ? name.replace(/_(sum|count)$/, '_g$1') : name;
}

/** Bounds and quantiles are written as every other exposition in this format writes them. */
function ownValue([name, value]: readonly [string, string]): string {
  return name === 'le' || name === 'quantile' ? canonicalNumber(value === '+Inf' ? Infinity : Number(value)) : value;
}

/**
 * Seconds, from which a reader gets the same millisecond. Prometheus cuts off what is left of the product with 1000, so that
 * a text like 1.001 would become 1 s: a few nanoseconds more keep it on the right side.
 */
function secondsText(timestampMs: number): string {
  const seconds = timestampMs / 1000;
  if (Math.trunc(seconds * 1000) === Math.trunc(timestampMs)) return String(seconds);
  return ((timestampMs + 0.0005) / 1000).toFixed(7);
}
