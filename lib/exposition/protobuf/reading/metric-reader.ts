// One series of a protobuf exposition: its labels, its times, and its numbers as a row of the model.
// Source: https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
import type { MetricType } from '../../../model/family.js';
import type { SparseHistogram } from '../../../model/native-changes.js';
import { HistogramReader } from './histogram-reader.js';
import { LabelReader } from './label-reader.js';
import { timestampOf } from './timestamp-reader.js';
import { FIXED64, LENGTH, VARINT, WireFault, type WireReader } from './wire-reader.js';

const LABEL = 1;
const TIMESTAMP = 6;
/** Which field a type has its numbers in. */
const CONTENT: Readonly<Partial<Record<MetricType, number>>> = {
  gauge: 2,
  counter: 3,
  summary: 4,
  unknown: 5,
  histogram: 7,
  gaugehistogram: 7,
};

const VALUE = 1;
const COUNTER_CREATED = 3;
const SUMMARY = { count: 1, sum: 2, quantile: 3, created: 4 } as const;
const QUANTILE = { quantile: 1, value: 2 } as const;

/** What was read last. Used again for each series, so that a family of many costs no objects. */
export class MetricReader {
  readonly labels: LabelReader;
  /** The bounds or the quantiles. */
  keys: number[] = [];
  /** The numbers as a family of the type has them. */
  row: number[] = [];
  native: SparseHistogram | undefined;
  createdMs = Number.NaN;
  timestampMs = Number.NaN;
  readonly #wire: WireReader;
  readonly #type: MetricType;
  readonly #content: number;
  readonly #histogram: HistogramReader;

  constructor(wire: WireReader, type: MetricType, maxLabels: number) {
    this.#wire = wire;
    this.#type = type;
    this.#content = CONTENT[type] ?? 0;
    this.labels = new LabelReader(wire, maxLabels);
    this.#histogram = new HistogramReader(wire);
  }

  /** @throws WireFault */
  read(from: number, to: number): void {
    const wire = this.#wire;
    wire.enter(from, to);
    this.labels.clear();
    this.createdMs = Number.NaN;
    this.timestampMs = Number.NaN;
    let contentFrom = -1;
    let contentTo = -1;
    while (wire.next()) {
      if (wire.field === LABEL) this.labels.read();
      else if (wire.field === TIMESTAMP) {
        wire.expect(VARINT);
        // Zero is what Prometheus takes for none.
        this.timestampMs = wire.int64() || Number.NaN;
      } else if (wire.field === this.#content) {
        wire.expect(LENGTH);
        contentTo = wire.content();
        contentFrom = wire.at;
        wire.at = contentTo;
      } else wire.skip();
    }
    if (contentFrom < 0) throw new WireFault(`A metric has no ${this.#type}, as its family says.`, from);
    wire.enter(contentFrom, contentTo);
    this.#readContent();
  }

  #readContent(): void {
    this.native = undefined;
    if (this.#type === 'summary') this.#readSummary();
    else if (this.#content === CONTENT.histogram) this.#readHistogram();
    else this.#readNumber();
  }

  #readNumber(): void {
    const wire = this.#wire;
    let value = 0;
    while (wire.next()) {
      if (wire.field === VALUE) {
        wire.expect(FIXED64);
        value = wire.double();
      } else if (wire.field === COUNTER_CREATED && this.#type === 'counter') this.createdMs = timestampOf(wire);
      else wire.skip();
    }
    this.keys = [];
    this.row = [value];
  }

  #readSummary(): void {
    const wire = this.#wire;
    const quantiles: [number, number][] = [];
    let [sum, count] = [0, 0];
    while (wire.next()) {
      if (wire.field === SUMMARY.count) {
        wire.expect(VARINT);
        count = wire.varint();
      } else if (wire.field === SUMMARY.sum) {
        wire.expect(FIXED64);
        sum = wire.double();
      } else if (wire.field === SUMMARY.quantile) quantiles.push(pairOf(wire));
      else if (wire.field === SUMMARY.created) this.createdMs = timestampOf(wire);
      else wire.skip();
    }
    quantiles.sort(([a], [b]) => a - b);
    this.keys = quantiles.map(([quantile]) => quantile);
    this.row = [...quantiles.map(([, value]) => value), sum, count];
    const isTwice = this.keys.some((key, k) => Number.isNaN(key) || key === this.keys[k - 1]);
    if (isTwice) throw new WireFault('A quantile is a number, and there once.', wire.end);
  }

  #readHistogram(): void {
    const histogram = this.#histogram;
    histogram.read();
    this.keys = histogram.bounds;
    this.row = histogram.row;
    this.createdMs = histogram.createdMs;
    // The model has no native gauge histograms: of those, it keeps what is told besides.
    this.native = this.#type === 'histogram' ? histogram.native : undefined;
  }
}

function pairOf(wire: WireReader): [number, number] {
  wire.expect(LENGTH);
  const { end } = wire;
  wire.end = wire.content();
  const pair: [number, number] = [0, 0];
  while (wire.next()) {
    if (wire.field === QUANTILE.quantile || wire.field === QUANTILE.value) {
      wire.expect(FIXED64);
      pair[wire.field - 1] = wire.double();
    } else wire.skip();
  }
  wire.end = end;
  return pair;
}
