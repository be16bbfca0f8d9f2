// Writes the series of families that have one number per series: counters, gauges and their like. Apart from the loop that
// writes all others because most series are of these types: what it takes to write one stands here in one piece.
//
// A series with three labels takes as long as its line of text.
import type { SeriesBlock } from '../../model/family.js';
import type { ChunkWriter } from '../chunk-writer.js';
import { copyLabels, type LabelColumns, labelColumnsOf } from '../label-columns.js';
import type { NumberContent } from './number-content.js';
import { ContentMessages, METRIC, PAIRS, type SeriesMessages } from './series-messages.js';
import { TimestampField } from './timestamp-field.js';
import { varintBytes, writeDouble, writeVarint } from './wire.js';

const VALUE = 0x09;
const VALUE_BYTES = 9;
/** Tag and length of a series, tag and length of what it holds, the value, and the time. */
const MOST_BESIDES_LABELS = 1 + 5 + 2 + VALUE_BYTES + TimestampField.ROOM;

const field = new TimestampField();

/** How many bytes a block takes, and what that was found out of. */
interface Measured {
  readonly createdMs: Float64Array;
  readonly constantLabels: SeriesBlock['constantLabels'];
  readonly size: number;
  readonly bytes: number;
}

export class NumberMessages implements SeriesMessages {
  readonly #content: NumberContent;
  /** For blocks with more than that. */
  readonly #others: ContentMessages;
  /** By their label ids. Values have the same length whatever they are, so that a block is measured once. */
  readonly #measured = new WeakMap<Int32Array, Measured>();

  constructor(content: NumberContent) {
    this.#content = content;
    this.#others = new ContentMessages(content);
  }

  bytes(block: SeriesBlock): number {
    const { labelIds, createdMs, constantLabels, size, live } = block;
    if (live !== undefined || !isPlain(block)) return this.#others.bytes(block);
    const known = this.#measured.get(labelIds);
    if (known?.createdMs === createdMs && known.constantLabels === constantLabels && known.size === size) {
      return known.bytes;
    }
    const bytes = this.#others.bytes(block);
    this.#measured.set(labelIds, { createdMs, constantLabels, size, bytes });
    return bytes;
  }

  write(block: SeriesBlock, writer: ChunkWriter): void {
    const content = this.#content;
    if (content.ownLabel !== undefined || !isPlain(block)) {
      this.#others.write(block, writer);
      return;
    }
    const from = writeRows(content, block, labelColumnsOf(block, PAIRS), writer);
    if (from < block.size) this.#others.write(block, writer, from);
  }
}

/** Whether the series have nothing besides labels, values and usual times. */
function isPlain({ exemplars, timestampsMs }: SeriesBlock): boolean {
  return exemplars === undefined && timestampsMs === undefined;
}

/**
 * Writes rows up to the first one that was created at an unusual time, and answers which one that is.
 *
 * The length of a series stands before its labels and is known behind them: it is taken to have as many bytes as that of
 * the series before, and where it has not, the labels are copied once more.
 */
function writeRows(content: NumberContent, block: SeriesBlock, columns: LabelColumns, writer: ChunkWriter): number {
  const { tag, createdTag } = content;
  const { live, size, labelIds, values, createdMs } = block;
  const stride = block.dictionaries.length;
  let lastMs = Number.NaN;
  let createdBytes = 0;
  let created = 0;
  let createdRest = 0;
  let lengthBytes = 1;
  let row = 0;
  for (; row < size; row += 1) {
    if (live !== undefined && live[row] === 0) continue;
    if (createdTag !== 0 && createdMs[row] !== lastMs) {
      lastMs = createdMs[row]!;
      createdBytes = field.make(createdTag, createdMs, row);
      if (createdBytes < 0) break;
      [created, createdRest] = [field.doubles[0]!, field.doubles[1]!];
    }
    const base = row * stride;
    writer.reserve(columns.roomOf(labelIds, base) + MOST_BESIDES_LABELS);
    const { view } = writer;
    const start = writer.position + 1;
    view.setUint8(start - 1, METRIC);
    let position = copyLabels(columns, labelIds, base, view, start + lengthBytes);
    const contentBytes = VALUE_BYTES + createdBytes;
    const bytes = position - start - lengthBytes + 2 + contentBytes;
    if (varintBytes(bytes) !== lengthBytes) {
      lengthBytes = varintBytes(bytes);
      position = copyLabels(columns, labelIds, base, view, start + lengthBytes);
    }
    writeVarint(view, start, bytes);
    view.setUint32(position, tag | (contentBytes << 8) | (VALUE << 16), true);
    position = writeDouble(view, position + 3, values[row]!);
    if (createdBytes > 0) {
      view.setFloat64(position, created, true);
      view.setFloat64(position + 8, createdRest, true);
    }
    writer.position = position + createdBytes;
  }
  return row;
}
