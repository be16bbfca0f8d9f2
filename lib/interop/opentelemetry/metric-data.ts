// From a metric to what the SDK's exporters take: its series as data points, in the form that its type has there.
import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import type { AggregationTemporality, DataPoint, Histogram, MetricData } from '@opentelemetry/sdk-metrics';
import { type FamilyDescriptor, isNative } from '../../model/family.js';
import { type NativeHistogram, nativeHistogramAt } from '../../model/native-histogram.js';
import type { Pace } from '../../model/pace.js';
import type { DeltaMemory } from './delta-memory.js';
import { exponentialOf, exponentialSince } from './exponential.js';
import type { MetricSource } from './metric-source.js';
import { type InstrumentKind, POINT_TYPE, TEMPORALITY } from './sdk-values.js';
import { forEachRow, type SeriesRow } from './series-rows.js';

export interface Reading {
  readonly nowMs: number;
  readonly pace: Pace;
  readonly deltas: DeltaMemory;
  temporality(kind: InstrumentKind): AggregationTemporality;
}

/** The metrics of a source, one but for summaries; none without series, and none for what has no form there. */
export async function metricDataOf(source: MetricSource, reading: Reading): Promise<readonly MetricData[]> {
  const { descriptor } = source.family;
  const data = await (() => {
    switch (descriptor.type) {
      case 'histogram':
        return isNative(descriptor) && descriptor.upperBounds.length === 0
          ? exponentials(source, reading)
          : histograms(source, reading, descriptor.upperBounds);
      case 'summary':
        return summaries(source, reading, descriptor.quantiles);
      case 'stateset':
        return states(source, reading, descriptor);
      case 'gaugehistogram':
        return [];
      default:
        return numbers(source, reading);
    }
  })();
  return data.filter(({ dataPoints }) => dataPoints.length > 0);
}

async function numbers(source: MetricSource, reading: Reading): Promise<readonly MetricData[]> {
  const metric = new NumberMetric(source, reading);
  await forEachRow(source, reading.pace, (row) => metric.add(row, row.attributes, row.numbers[0] as number));
  return [metric.data];
}

async function states(
  source: MetricSource,
  reading: Reading,
  { name, states: all }: Extract<FamilyDescriptor, { type: 'stateset' }>,
): Promise<readonly MetricData[]> {
  const metric = new NumberMetric(source, reading);
  await forEachRow(source, reading.pace, (row) => {
    all.forEach((state, i) => {
      metric.add(row, { ...row.attributes, [name]: state }, row.numbers[i] as number);
    });
  });
  return [metric.data];
}

/** As Prometheus shows them: the SDK has no points of summaries. */
async function summaries(
  source: MetricSource,
  reading: Reading,
  quantiles: readonly number[],
): Promise<readonly MetricData[]> {
  const { name } = source;
  const values = new NumberMetric({ ...source, kind: 'GAUGE', form: 'value' }, reading);
  const sums = new NumberMetric({ ...source, name: `${name}_sum`, kind: 'COUNTER' }, reading);
  const counts = new NumberMetric({ ...source, name: `${name}_count`, unit: '', kind: 'COUNTER' }, reading);
  await forEachRow(source, reading.pace, (row) => {
    const { attributes } = row;
    quantiles.forEach((quantile, i) => {
      values.add(row, { ...attributes, quantile: String(quantile) }, row.numbers[i] as number);
    });
    sums.add(row, attributes, row.numbers[quantiles.length] as number);
    counts.add(row, attributes, row.numbers[quantiles.length + 1] as number);
  });
  return [values.data, sums.data, counts.data];
}

async function histograms(
  source: MetricSource,
  reading: Reading,
  bounds: readonly number[],
): Promise<readonly MetricData[]> {
  const dataPoints: DataPoint<Histogram>[] = [];
  const temporality = reading.temporality('HISTOGRAM');
  const isDelta = temporality === TEMPORALITY.delta;
  await forEachRow(source, reading.pace, (row) => {
    const change = isDelta ? rowSince(source, row, reading) : { numbers: row.numbers, sinceMs: row.createdMs };
    if (change === undefined) return;
    const counts = Array.from(change.numbers.subarray(0, -1));
    const { extremes } = row.block;
    const value: Histogram = {
      buckets: { boundaries: [...bounds], counts },
      count: counts.reduce((total, count) => total + count, 0),
      // A sum that may fall is none.
      ...(source.family.observedNegative ? {} : { sum: change.numbers[bounds.length + 1] as number }),
      // Of all observations: what they were since the last reading, nobody knows.
      ...(extremes === undefined || isDelta
        ? {}
        : { min: extremes[row.row * 2] as number, max: extremes[row.row * 2 + 1] as number }),
    };
    dataPoints.push(pointOf(row.attributes, value, { sinceMs: change.sinceMs, nowMs: reading.nowMs }));
  });
  return [{ ...baseOf(source), aggregationTemporality: temporality, dataPointType: POINT_TYPE.histogram, dataPoints }];
}

async function exponentials(source: MetricSource, reading: Reading): Promise<readonly MetricData[]> {
  const dataPoints: DataPoint<ReturnType<typeof exponentialOf>>[] = [];
  const temporality = reading.temporality('HISTOGRAM');
  await forEachRow(source, reading.pace, (row) => {
    const total = nativeHistogramAt(row.block, row.row) as NativeHistogram;
    let value: ReturnType<typeof exponentialOf> | undefined = exponentialOf(total);
    let sinceMs = row.createdMs;
    if (temporality === TEMPORALITY.delta) {
      const last = exchange(source, row, { reading, total });
      sinceMs = last.sinceMs;
      if (last.before !== undefined) value = exponentialSince(total, last.before);
    }
    if (value === undefined) return;
    if (source.family.observedNegative) delete value.sum;
    dataPoints.push(pointOf(row.attributes, value, { sinceMs, nowMs: reading.nowMs }));
  });
  const dataPointType = POINT_TYPE.exponentialHistogram;
  return [{ ...baseOf(source), aggregationTemporality: temporality, dataPointType, dataPoints }];
}

/** A metric whose points are single numbers. */
class NumberMetric {
  readonly #source: MetricSource;
  readonly #reading: Reading;
  readonly #points: DataPoint<number>[] = [];
  readonly #temporality: AggregationTemporality;
  readonly #isGauge: boolean;

  constructor(source: MetricSource, reading: Reading) {
    this.#source = source;
    this.#reading = reading;
    this.#temporality = reading.temporality(source.kind);
    this.#isGauge = source.form === 'value';
  }

  add({ createdMs }: SeriesRow, attributes: Attributes, total: number): void {
    let value = total;
    let sinceMs = createdMs;
    if (!this.#isGauge && this.#temporality === TEMPORALITY.delta) {
      const { before, ...last } = exchange(this.#source, { attributes, createdMs }, { reading: this.#reading, total });
      if (before === total) return;
      value = total - (before ?? 0);
      sinceMs = last.sinceMs;
    }
    this.#points.push(pointOf(attributes, value, { sinceMs, nowMs: this.#reading.nowMs }));
  }

  get data(): MetricData {
    const { form } = this.#source;
    const base = { ...baseOf(this.#source), aggregationTemporality: this.#temporality, dataPoints: this.#points };
    if (this.#isGauge) return { ...base, dataPointType: POINT_TYPE.gauge };
    return { ...base, dataPointType: POINT_TYPE.sum, isMonotonic: form === 'total' };
  }
}

function rowSince(
  source: MetricSource,
  row: SeriesRow,
  reading: Reading,
): { readonly numbers: Float64Array; readonly sinceMs: number } | undefined {
  const { before, sinceMs } = exchange(source, row, { reading, total: row.numbers.slice() });
  const numbers = row.numbers.map((number, i) => number - (before?.[i] ?? 0));
  return before !== undefined && numbers.every((number) => number === 0) ? undefined : { numbers, sinceMs };
}

function exchange<T>(
  { scope, name, unit, kind }: MetricSource,
  { attributes, createdMs }: Pick<SeriesRow, 'attributes' | 'createdMs'>,
  { reading, total }: { readonly reading: Reading; readonly total: T },
): { readonly before: T | undefined; readonly sinceMs: number } {
  const metric = JSON.stringify([scope, name, unit, kind]);
  return reading.deltas.exchange(metric, JSON.stringify(attributes), { createdMs, total });
}

function baseOf({ name, description, unit, isInteger }: MetricSource): Pick<MetricData, 'descriptor'> {
  return { descriptor: { name, description, unit, valueType: isInteger ? ValueType.INT : ValueType.DOUBLE } };
}

function pointOf<T>(
  attributes: Attributes,
  value: T,
  { sinceMs, nowMs }: { readonly sinceMs: number; readonly nowMs: number },
): DataPoint<T> {
  // A text that was read may not tell when a series started.
  return { startTime: hrTime(Number.isFinite(sinceMs) ? sinceMs : nowMs), endTime: hrTime(nowMs), attributes, value };
}

function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}
