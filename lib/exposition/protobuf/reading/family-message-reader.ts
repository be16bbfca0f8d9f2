// One family of a protobuf exposition, from its message to the model. It is read in steps, so that whoever asks for it can pause
// between two.
import type { FamilyDescriptor, MetricFamily, MetricType } from '../../../model/family.js';
import type { ExpositionLimits } from '../../reading/limits.js';
import { MetricReader } from './metric-reader.js';
import { SeriesRows } from './series-rows.js';
import { LENGTH, VARINT, WireFault, WireReader } from './wire-reader.js';

const NAME = 1;
const HELP = 2;
const TYPE = 3;
const METRIC = 4;
const UNIT = 5;

/** By their numbers. */
const TYPES: readonly MetricType[] = ['counter', 'gauge', 'summary', 'unknown', 'histogram', 'gaugehistogram'];

/** Series per step: some dozen µs of work. */
const SERIES_PER_STEP = 100;

export class FamilyMessageReader {
  readonly #wire: WireReader;
  readonly #limits: ExpositionLimits;
  #name = '';
  #help = '';
  #unit = '';
  #type: MetricType = 'counter';
  /** Where the messages of its series begin and end, by turns. */
  readonly #metrics: number[] = [];
  #next = 0;
  readonly #metric: MetricReader;
  readonly #rows = new Map<string, SeriesRows>();
  readonly #descriptors = new Map<string, FamilyDescriptor>();

  /**
   * @param bytes - The message, without its length.
   * @throws WireFault
   */
  constructor(bytes: Buffer, limits: ExpositionLimits) {
    this.#wire = new WireReader(bytes);
    this.#limits = limits;
    this.#wire.enter(0, bytes.length);
    while (this.#wire.next()) this.#readField();
    if (this.#name === '') throw new WireFault('A family has a name.', 0);
    this.#metric = new MetricReader(this.#wire, this.#type, limits.maxLabels);
  }

  get seriesCount(): number {
    return this.#metrics.length / 2;
  }

  /**
   * Reads some series more; answers whether there are others.
   *
   * @throws WireFault
   */
  step(): boolean {
    const until = Math.min(this.#metrics.length, this.#next + 2 * SERIES_PER_STEP);
    for (; this.#next < until; this.#next += 2) {
      this.#metric.read(this.#metrics[this.#next] as number, this.#metrics[this.#next + 1] as number);
      this.#rowsFor(this.#metric).add(this.#metric);
    }
    return this.#next < this.#metrics.length;
  }

  /** One for each set of bounds or quantiles. */
  families(): MetricFamily[] {
    return [...this.#descriptors.values()].map((descriptor) => {
      const rows = [...this.#rows.values()].filter((some) => some.descriptor === descriptor);
      const blocks = rows.flatMap((some) => some.blocks());
      return { descriptor, observedNegative: rows.some((some) => some.observedNegative), blocks: () => blocks };
    });
  }

  #readField(): void {
    const wire = this.#wire;
    if (wire.field === TYPE) {
      wire.expect(VARINT);
      const type = TYPES[wire.varint()];
      if (type === undefined) throw new WireFault('There is no type of this number.', wire.at);
      this.#type = type;
    } else if (wire.field === METRIC) {
      wire.expect(LENGTH);
      const to = wire.content();
      this.#metrics.push(wire.at, to);
      wire.at = to;
    } else if (wire.field === NAME) this.#name = textOf(wire);
    else if (wire.field === HELP) this.#help = textOf(wire);
    else if (wire.field === UNIT) this.#unit = textOf(wire);
    else wire.skip();
  }

  #rowsFor({ labels, keys, row, native }: MetricReader): SeriesRows {
    const shape = `${native !== undefined}/${keys.join()}`;
    const key = `${shape}/${JSON.stringify(labels.names)}`;
    let rows = this.#rows.get(key);
    if (rows === undefined) {
      const { maxVariants } = this.#limits;
      if (this.#rows.size >= maxVariants) throw new WireFault('maxVariants', this.#wire.at);
      rows = new SeriesRows(this.#descriptorFor(shape, keys, native !== undefined), labels.names.slice(), row.length);
      this.#rows.set(key, rows);
    }
    return rows;
  }

  #descriptorFor(shape: string, keys: readonly number[], isNative: boolean): FamilyDescriptor {
    let descriptor = this.#descriptors.get(shape);
    if (descriptor === undefined) {
      descriptor = this.#newDescriptor(keys, isNative);
      this.#descriptors.set(shape, descriptor);
    }
    return descriptor;
  }

  #newDescriptor(keys: readonly number[], isNative: boolean): FamilyDescriptor {
    // A unit that is no suffix of the name is a note of whoever wrote the page, and none that the model has.
    const unit = this.#name.replace(/_total$/, '').endsWith(`_${this.#unit}`) ? this.#unit : '';
    const base = { name: this.#name, description: this.#help, unit };
    const type = this.#type;
    switch (type) {
      case 'histogram':
        return { ...base, type, upperBounds: keys, ...(isNative && { native: true }) };
      case 'gaugehistogram':
        return { ...base, type, upperBounds: keys };
      case 'summary':
        return { ...base, type, quantiles: keys };
      case 'gauge':
        return { ...base, type };
      default:
        return { ...base, type: type === 'counter' ? 'counter' : 'unknown' };
    }
  }
}

function textOf(wire: WireReader): string {
  wire.expect(LENGTH);
  const to = wire.content();
  const text = wire.bytes.toString('utf8', wire.at, to);
  wire.at = to;
  return text;
}
