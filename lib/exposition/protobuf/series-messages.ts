// Writes the series of a block as `Metric` messages, whatever they hold: first how long they are, because a family's length
// stands before it, then the messages themselves.
//
// A histogram takes half as long as its lines of text.
import type { SeriesBlock } from '../../model/family.js';
import type { ChunkWriter } from '../chunk-writer.js';
import {
  copyLabels,
  type LabelColumns,
  type LabelForm,
  type LabelFrame,
  labelColumnsOf,
  labelsLength,
} from '../label-columns.js';
import type { MetricContent } from './metric-content.js';
import { TimestampField } from './timestamp-field.js';
import {
  int64Bytes,
  labelPairBytes,
  varintBytes,
  writeBytes,
  writeInt64,
  writeLabelPair,
  writeVarint,
} from './wire.js';

export const METRIC = 0x22;
const TIMESTAMP_MS = 0x30;

const labelPairs: LabelForm = { separator: '', room: labelPairBytes, write: writeLabelPair };
export const PAIRS: LabelFrame = { form: labelPairs, before: '', after: '', bare: '' };

/** How the series of a family are written, or one of the messages that each of them is. */
export interface SeriesMessages {
  /** How many bytes the series of a block take. */
  bytes(block: SeriesBlock): number;
  write(block: SeriesBlock, writer: ChunkWriter): void;
}

/** Series that are one message each, whatever is in it. */
export class ContentMessages implements SeriesMessages {
  readonly #content: MetricContent;
  /** How long the content of each row is: what was found out in measuring a block need not be once more in writing it. */
  readonly #sizes = new WeakMap<SeriesBlock, Int32Array>();

  constructor(content: MetricContent) {
    this.#content = content;
  }

  bytes(block: SeriesBlock): number {
    const sizes = new Int32Array(block.size);
    this.#sizes.set(block, sizes);
    return measureRows(this.#content, block, labelColumnsOf(block, PAIRS), sizes);
  }

  /** Rows before `from` are left out. */
  write(block: SeriesBlock, writer: ChunkWriter, from = 0): void {
    const rows = { block, from, columns: labelColumnsOf(block, PAIRS), sizes: this.#sizes.get(block) };
    writeRows(this.#content, rows, writer);
  }
}

function measureRows(content: MetricContent, block: SeriesBlock, columns: LabelColumns, sizes: Int32Array): number {
  const { live, size, labelIds } = block;
  const stride = block.dictionaries.length;
  const own = content.ownLabel?.byteLength ?? 0;
  let bytes = 0;
  for (let row = 0; row < size; row += 1) {
    if (live !== undefined && live[row] === 0) continue;
    const contentBytes = content.bytes(block, row);
    sizes[row] = contentBytes;
    const labels = labelsLength(columns, labelIds, row * stride) + own;
    bytes += 1 + sized(labels + 1 + sized(contentBytes) + timestampBytes(block, row));
  }
  return bytes;
}

interface Rows {
  readonly block: SeriesBlock;
  readonly from: number;
  readonly columns: LabelColumns;
  /** Undefined where the block was not measured row by row. */
  readonly sizes: Int32Array | undefined;
}

function writeRows(content: MetricContent, { block, from, columns, sizes }: Rows, writer: ChunkWriter): void {
  const { live, size, labelIds } = block;
  const { tag, ownLabel } = content;
  const stride = block.dictionaries.length;
  const own = ownLabel?.byteLength ?? 0;
  for (let row = from; row < size; row += 1) {
    if (live !== undefined && live[row] === 0) continue;
    const base = row * stride;
    const contentBytes = sizes === undefined ? content.bytes(block, row) : sizes[row]!;
    const labels = labelsLength(columns, labelIds, base) + own;
    const bytes = labels + 1 + sized(contentBytes) + timestampBytes(block, row);
    writer.reserve(1 + sized(bytes) + TimestampField.ROOM);
    const { view } = writer;
    view.setUint8(writer.position, METRIC);
    let position = writeVarint(view, writer.position + 1, bytes);
    position = copyLabels(columns, labelIds, base, view, position);
    if (ownLabel !== undefined) position = writeBytes(view, position, ownLabel);
    view.setUint8(position, tag);
    position = writeVarint(view, position + 1, contentBytes);
    position = content.write(view, position, block, row);
    writer.position = writeTimestamp(view, position, block, row);
  }
}

/** How many bytes a message takes behind its tag. */
function sized(bytes: number): number {
  return varintBytes(bytes) + bytes;
}

function timestampBytes({ timestampsMs }: SeriesBlock, row: number): number {
  if (timestampsMs === undefined || Number.isNaN(timestampsMs[row]!)) return 0;
  return 1 + int64Bytes(Math.floor(timestampsMs[row]!));
}

function writeTimestamp(target: DataView, at: number, { timestampsMs }: SeriesBlock, row: number): number {
  if (timestampsMs === undefined || Number.isNaN(timestampsMs[row]!)) return at;
  target.setUint8(at, TIMESTAMP_MS);
  return writeInt64(target, at + 1, Math.floor(timestampsMs[row]!));
}
