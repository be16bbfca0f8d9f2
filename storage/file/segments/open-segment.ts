// Finds out what a segment file holds when a folder is opened. A complete one says so in its last record. One that was left
// by a process that died is read through once: its tail is cut at the last whole record, and then it is complete as well. Whoever
// only reads takes what there is up to there.
import { type FileHandle, open } from 'node:fs/promises';
import {
  END_BYTES,
  endRecord,
  FormatVersion,
  HEADER_BYTES,
  LATEST_VERSION,
  NO_RECORDS,
  RecordKind,
  readEndRecord,
  readHead,
  segmentHeader,
  versionIn,
  withRecord,
} from '../format/layout.js';
import { scanRecords } from './record-scan.js';
import type { Segment } from './segment.js';

/** Where a file is damaged, and how. */
export interface Damage {
  readonly offset: number;
  readonly problem: string;
}

export interface OpenedSegment {
  /** `empty` for a file without a single record, `foreign` for one that this version cannot read. */
  readonly state: 'readable' | 'empty' | 'foreign';
  readonly damages: readonly Damage[];
}

/** Fills in what is known of the segment. Rejects when the file cannot be read. */
export async function openSegment(segment: Segment, access: 'read' | 'write'): Promise<OpenedSegment> {
  const file = await open(segment.path, 'r');
  try {
    const { size } = await file.stat();
    segment.bytes = size;
    const header = await bytesAt(file, 0, Math.min(size, HEADER_BYTES));
    // The first write of a segment was cut off.
    if (size < HEADER_BYTES && isBegun(header)) return { state: 'empty', damages: [] };
    const version = versionIn(header);
    if (version === undefined || !isKnown(version))
      return { state: 'foreign', damages: [{ offset: 0, problem: headProblem(version) }] };
    segment.version = version;
    if (await readEnd(segment, file)) return { state: segment.summary.records > 0 ? 'readable' : 'empty', damages: [] };
    return await recover(segment, file, access);
  } finally {
    await file.close();
  }
}

/** Whether bytes are the beginning of a header, or room for one without content. */
function isBegun(bytes: Uint8Array): boolean {
  const headers = Object.values(FormatVersion).map(segmentHeader);
  return headers.some((header) => bytes.every((byte, at) => byte === header[at])) || bytes.every((byte) => byte === 0);
}

function isKnown(version: number): boolean {
  return Object.values<number>(FormatVersion).includes(version);
}

function headProblem(version: number | undefined): string {
  if (version === undefined) return 'the head of the file is damaged';
  return `it is written in version ${version} of the format, and only versions up to ${LATEST_VERSION} are known`;
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}

async function readEnd(segment: Segment, file: FileHandle): Promise<boolean> {
  const end = segment.bytes - END_BYTES;
  if (end < HEADER_BYTES) return false;
  const summary = readEndRecord(await bytesAt(file, end, END_BYTES));
  if (summary === undefined) return false;
  segment.summary = summary;
  segment.end = end;
  return true;
}

async function recover(segment: Segment, file: FileHandle, access: 'read' | 'write'): Promise<OpenedSegment> {
  const damages: Damage[] = [];
  let summary = NO_RECORDS;
  let end = segment.bytes;
  for await (const scanned of scanRecords(file, { end: segment.bytes })) {
    if (scanned.kind === 'torn') {
      end = scanned.offset;
      break;
    }
    const head = scanned.kind === 'record' ? readHead(scanned.payload) : undefined;
    if (scanned.kind === 'damaged') damages.push({ offset: scanned.offset, problem: scanned.problem });
    else if (head === undefined) damages.push({ offset: scanned.offset, problem: 'a record is too short' });
    else if (head.kind !== RecordKind.end) summary = withRecord(summary, head.timestampMs);
  }
  segment.summary = summary;
  segment.end = end;
  segment.isDamaged = damages.length > 0;
  if (summary.records === 0 && damages.length === 0) return { state: 'empty', damages };
  if (access === 'write') await complete(segment).catch(() => undefined);
  return { state: 'readable', damages };
}

/** Cuts the tail and writes the record that ends the segment. What is damaged is only cut, so that it can be looked at. */
async function complete(segment: Segment): Promise<void> {
  const { end, summary, isDamaged } = segment;
  const file = await open(segment.path, 'r+');
  try {
    if (end < segment.bytes) await file.truncate(end);
    segment.bytes = end;
    if (isDamaged) return;
    const last = endRecord(summary);
    await file.write(last, 0, last.length, end);
    await file.datasync();
    segment.bytes = end + last.length;
  } finally {
    await file.close();
  }
}
