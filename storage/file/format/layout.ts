// Where things stand in a segment file: its header, the frame around each record, and the record that ends a segment.
// docs/file-format.md describes the same for readers outside; change both together, and the version with them.
import { crc32 } from 'node:zlib';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';

/** Which version a segment needs: one that has no histograms can be read by whoever knows the first version only. */
export const FormatVersion = { numbers: 1, histograms: 2, times: 3 } as const;
export const LATEST_VERSION = FormatVersion.times;
const MAGIC = 'TELLTALE';

/** Magic (8), version (4), CRC-32 of these (4). */
export const HEADER_BYTES = 16;
/** Length of the payload (4), CRC-32 of the payload (4), CRC-32 of these (4). */
export const FRAME_BYTES = 12;

/** What the first byte of a payload says. */
export const RecordKind = {
  /** Holds all series; whatever came before in the segment is not needed to read it. */
  whole: 1,
  /** Holds what changed since the record before. */
  changes: 2,
  /** The last one of a segment that is complete. */
  end: 3,
} as const;

export const SectionFlag = { definition: 1, observedNegative: 2, histograms: 4 } as const;

export function segmentHeader(version: number): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32LE(version, 8);
  header.writeUInt32LE(crc32(header.subarray(0, 12)), 12);
  return header;
}

/** The version in which a segment is written; undefined when the bytes are no header. */
export function versionIn(bytes: Uint8Array): number | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  if (header.toString('latin1', 0, 8) !== MAGIC) return undefined;
  return header.readUInt32LE(12) === crc32(header.subarray(0, 12)) ? header.readUInt32LE(8) : undefined;
}

export function recordFrame(length: number, checksum: number): Uint8Array {
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.writeUInt32LE(length, 0);
  frame.writeUInt32LE(checksum, 4);
  frame.writeUInt32LE(crc32(frame.subarray(0, 8)), 8);
  return frame;
}

export interface RecordFrame {
  /** Of the payload. */
  readonly length: number;
  readonly checksum: number;
}

/** Undefined when the frame is damaged, so that its length means nothing. */
export function readFrame(bytes: Uint8Array, at: number): RecordFrame | undefined {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset + at, FRAME_BYTES);
  if (frame.readUInt32LE(8) !== crc32(frame.subarray(0, 8))) return undefined;
  return { length: frame.readUInt32LE(0), checksum: frame.readUInt32LE(4) };
}

/** What is known of the snapshots in a segment without reading them. */
export interface SegmentSummary {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly records: number;
}

export const NO_RECORDS: SegmentSummary = { firstMs: Infinity, lastMs: -Infinity, records: 0 };
/** Kind (1) and time stamp (8). */
export const PAYLOAD_HEAD_BYTES = 9;
const END_PAYLOAD_BYTES = 21;
/** With its frame. It has one length, so that it is found from the end of a file. */
export const END_BYTES = FRAME_BYTES + END_PAYLOAD_BYTES;

export function withRecord({ firstMs, lastMs, records }: SegmentSummary, timestampMs: number): SegmentSummary {
  return {
    firstMs: Math.min(firstMs, timestampMs),
    lastMs: Math.max(lastMs, timestampMs),
    records: records + 1,
  };
}

export function joined(a: SegmentSummary, b: SegmentSummary): SegmentSummary {
  return {
    firstMs: Math.min(a.firstMs, b.firstMs),
    lastMs: Math.max(a.lastMs, b.lastMs),
    records: a.records + b.records,
  };
}

/** The record that ends a segment, with its frame. */
export function endRecord({ firstMs, lastMs, records }: SegmentSummary): Uint8Array {
  const payload = new ByteWriter();
  payload.u8(RecordKind.end);
  payload.f64(firstMs);
  payload.f64(lastMs);
  payload.u32(records);
  return Buffer.concat([recordFrame(payload.length, crc32(payload.written)), payload.written]);
}

/** What the kind and the time stamp at the front of a payload are; undefined when it is too short for them. */
export function readHead(payload: Uint8Array): { readonly kind: number; readonly timestampMs: number } | undefined {
  if (payload.length < PAYLOAD_HEAD_BYTES) return undefined;
  const reader = new ByteReader(payload);
  return { kind: reader.u8(), timestampMs: reader.f64() };
}

/** Undefined when the bytes, the last `END_BYTES` of a file, are no such record. */
export function readEndRecord(bytes: Uint8Array): SegmentSummary | undefined {
  if (bytes.length !== END_BYTES) return undefined;
  const frame = readFrame(bytes, 0);
  const payload = bytes.subarray(FRAME_BYTES);
  if (frame?.length !== END_PAYLOAD_BYTES || frame.checksum !== crc32(payload)) return undefined;
  const reader = new ByteReader(payload);
  if (reader.u8() !== RecordKind.end) return undefined;
  return { firstMs: reader.f64(), lastMs: reader.f64(), records: reader.u32() };
}
