// Histograms as protobuf messages: classic ones, native ones, and both in one.
import type { Exemplar } from '../../model/exemplar.js';
import type { SeriesBlock } from '../../model/family.js';
import { areWhole, type CountTags, countBytes, sumBytes, writeCount, writeSum } from './counts.js';
import { exemplarBytes, exemplarOf, writeExemplar } from './exemplars.js';
import type { MetricContent } from './metric-content.js';
import { hasWholeNativeCounts, NativeFields } from './native-fields.js';
import { RepeatedTimestamp } from './timestamp-field.js';
import { varintBytes, writeVarint } from './wire.js';

const COUNT: CountTags = { whole: 0x08, float: 0x21 };
const SUM = 0x11;
const BUCKET = 0x1a;
const NATIVE = new NativeFields({
  schema: 0x28,
  zeroThreshold: 0x31,
  zeroCount: { whole: 0x38, float: 0x41 },
  negative: { span: 0x4a, delta: 0x50, count: 0x59 },
  positive: { span: 0x62, delta: 0x68, count: 0x71 },
});
const CREATED = 0x7a;
/** Field 16, whose tag has two bytes. */
const EXEMPLARS = 0x0182;

const BUCKET_COUNT: CountTags = { whole: 0x08, float: 0x21 };
const BUCKET_BOUND = 0x11;
const BUCKET_EXEMPLAR = 0x1a;

/** A row of a block, and what was found out about it. */
interface Row {
  readonly block: SeriesBlock;
  readonly row: number;
  readonly whole: boolean;
  readonly exemplars: readonly Exemplar[] | undefined;
}

interface HistogramKind {
  readonly native: boolean;
  readonly created: boolean;
}

export class HistogramContent implements MetricContent {
  readonly tag = 0x3a;
  /** With the last one, which is infinite. */
  readonly #bounds: Float64Array;
  /** A native histogram without bounds has no classic bucket at all. */
  readonly #hasBuckets: boolean;

  /** When a series was created; undefined where that is not told: a gauge histogram never began at zero. */
  readonly #created: RepeatedTimestamp | undefined;

  constructor(upperBounds: readonly number[], { native, created }: HistogramKind) {
    this.#created = created ? new RepeatedTimestamp(CREATED) : undefined;
    this.#bounds = Float64Array.of(...upperBounds, Number.POSITIVE_INFINITY);
    this.#hasBuckets = !native || upperBounds.length > 0;
  }

  bytes(block: SeriesBlock, row: number): number {
    const facts = factsOf(block, row);
    const { whole, exemplars } = facts;
    const count = countOf(block, row);
    let bytes = countBytes(count, whole) + sumBytes(sumOf(block, row));
    if (this.#created !== undefined) bytes += this.#created.bytes(block.createdMs, row);
    if (this.#hasBuckets) bytes += this.#bucketsBytes(facts);
    if (block.native === undefined) return bytes;
    bytes += NATIVE.bytes(block.native, row, whole);
    for (const exemplar of exemplars ?? []) bytes += 2 + exemplarBytes(exemplar);
    return bytes;
  }

  write(target: DataView, at: number, block: SeriesBlock, row: number): number {
    const facts = factsOf(block, row);
    const { whole, exemplars } = facts;
    let position = writeCount(target, at, COUNT, countOf(block, row), whole);
    position = writeSum(target, position, SUM, sumOf(block, row));
    if (this.#hasBuckets) position = this.#writeBuckets(target, position, facts);
    if (block.native !== undefined) position = NATIVE.write(target, position, block.native, row, whole);
    if (this.#created !== undefined) position = this.#created.write(target, position, block.createdMs, row);
    if (block.native === undefined) return position;
    for (const exemplar of exemplars ?? []) {
      target.setUint16(position, EXEMPLARS, true);
      position = writeExemplar(target, position + 2, exemplar);
    }
    return position;
  }

  #bucketsBytes({ block, row, whole, exemplars }: Row): number {
    const { values, width } = block;
    const last = this.#bounds.length - 1;
    const start = row * width;
    let bytes = 0;
    let total = 0;
    for (let column = 0; column <= last; column += 1) {
      total += values[start + column]!;
      const exemplar = exemplars === undefined ? undefined : exemplarOf(exemplars, column);
      if (column === last && exemplar === undefined) break;
      const content = bucketBytes(total, whole, exemplar);
      bytes += 1 + varintBytes(content) + content;
    }
    return bytes;
  }

  /** The bucket without a bound is written only where it has an exemplar: it holds what the count says. */
  #writeBuckets(target: DataView, at: number, { block, row, whole, exemplars }: Row): number {
    const { values, width } = block;
    const bounds = this.#bounds;
    const last = bounds.length - 1;
    const start = row * width;
    let position = at;
    let total = 0;
    for (let column = 0; column <= last; column += 1) {
      total += values[start + column]!;
      const exemplar = exemplars === undefined ? undefined : exemplarOf(exemplars, column);
      if (column === last && exemplar === undefined) break;
      target.setUint8(position, BUCKET);
      position = writeVarint(target, position + 1, bucketBytes(total, whole, exemplar));
      position = writeCount(target, position, BUCKET_COUNT, total, whole);
      target.setUint8(position, BUCKET_BOUND);
      target.setFloat64(position + 1, bounds[column]!, true);
      position += 9;
      if (exemplar === undefined) continue;
      target.setUint8(position, BUCKET_EXEMPLAR);
      position = writeExemplar(target, position + 1, exemplar);
    }
    return position;
  }
}

function bucketBytes(count: number, whole: boolean, exemplar: Exemplar | undefined): number {
  const bytes = countBytes(count, whole) + 9;
  return exemplar === undefined ? bytes : bytes + 1 + exemplarBytes(exemplar);
}

function factsOf(block: SeriesBlock, row: number): Row {
  const { values, width, native } = block;
  const whole =
    areWhole(values, row * width, (row + 1) * width - 1) && (native === undefined || hasWholeNativeCounts(native, row));
  return { block, row, whole, exemplars: block.exemplars?.get(row) };
}

function sumOf({ values, width }: SeriesBlock, row: number): number {
  return values[(row + 1) * width - 1]!;
}

function countOf({ values, width }: SeriesBlock, row: number): number {
  const end = (row + 1) * width - 1;
  let count = 0;
  for (let at = row * width; at < end; at += 1) count += values[at]!;
  return count;
}
