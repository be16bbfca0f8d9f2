// Exemplars as protobuf messages. They are few, so that nothing here is kept or prepared.
import type { Exemplar } from '../../model/exemplar.js';
import { timestampFieldBytes, writeTimestampField } from './timestamp-field.js';
import { labelPairBytes, varintBytes, writeDouble, writeLabelPair, writeVarint } from './wire.js';

const VALUE = 0x11;
const TIMESTAMP = 0x1a;

/** The newest exemplar of a column. */
export function exemplarOf(exemplars: readonly Exemplar[] | undefined, column: number): Exemplar | undefined {
  return exemplars?.findLast((exemplar) => exemplar.column === column);
}

/** How many bytes an exemplar takes behind the tag of its field: its length and its content. */
export function exemplarBytes(exemplar: Exemplar): number {
  const content = contentBytes(exemplar);
  return varintBytes(content) + content;
}

/** Writes what stands behind the tag, and answers where it ends; there must be `exemplarBytes`. */
export function writeExemplar(target: DataView, at: number, exemplar: Exemplar): number {
  let position = writeVarint(target, at, contentBytes(exemplar));
  for (const [name, value] of Object.entries(exemplar.labels)) {
    position = writeLabelPair(target, position, name, value);
  }
  target.setUint8(position, VALUE);
  position = writeDouble(target, position + 1, exemplar.value);
  return writeTimestampField(target, position, TIMESTAMP, exemplar.timestampMs);
}

function contentBytes({ labels, timestampMs }: Exemplar): number {
  let bytes = 9 + timestampFieldBytes(timestampMs);
  for (const [name, value] of Object.entries(labels)) bytes += labelPairBytes(name, value);
  return bytes;
}
