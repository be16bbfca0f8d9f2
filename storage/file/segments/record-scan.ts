// Walks the records of a segment file, one after the other, with every checksum verified. It tells damage from a tail that
// was not written to its end, and never asks for more memory than the file has bytes.
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { FRAME_BYTES, HEADER_BYTES, type RecordFrame, readFrame } from '../format/layout.js';

/** How much is read at once. */
const CHUNK_BYTES = 256 * 1024;

/** A record, or the reason why there is none. */
export type Scanned =
  | { readonly kind: 'record'; readonly offset: number; readonly payload: Uint8Array }
  /** The walk goes on behind it where its length is known to be right. */
  | { readonly kind: 'damaged'; readonly offset: number; readonly problem: string }
  /** The file ends within a record. Nothing follows. */
  | { readonly kind: 'torn'; readonly offset: number };

/** The part of a file that is asked for: up to `end`, from the first record unless said otherwise. */
export interface ScanRange {
  readonly start?: number;
  readonly end: number;
}

/**
 * Walks records. A payload is valid until the next step. Rejects only when the file cannot be read.
 */
export async function* scanRecords(
  file: FileHandle,
  { start = HEADER_BYTES, end }: ScanRange,
): AsyncGenerator<Scanned> {
  const window = new FileWindow(file, end);
  let offset = start;
  while (offset < end) {
    if (end - offset < FRAME_BYTES || !(await window.load(offset, FRAME_BYTES))) {
      yield { kind: 'torn', offset };
      return;
    }
    const frame = readFrame(window.bytes, window.at(offset));
    if (frame === undefined) {
      const isTorn = await window.isZeroFrom(offset);
      yield isTorn ? { kind: 'torn', offset } : { kind: 'damaged', offset, problem: 'the head of a record is damaged' };
      return;
    }
    const next = offset + FRAME_BYTES + frame.length;
    if (next > end || !(await window.load(offset, FRAME_BYTES + frame.length))) {
      yield { kind: 'torn', offset };
      return;
    }
    yield check(window, frame, offset);
    offset = next;
  }
}

function check(window: FileWindow, { length, checksum }: RecordFrame, offset: number): Scanned {
  const from = window.at(offset) + FRAME_BYTES;
  const payload = window.bytes.subarray(from, from + length);
  if (length > 0 && crc32(payload) === checksum) return { kind: 'record', offset, payload };
  return { kind: 'damaged', offset, problem: 'a record does not have the checksum that was written with it' };
}

/** A part of a file in memory, which moves along as it is read. */
class FileWindow {
  bytes: Uint8Array = new Uint8Array(0);
  readonly #file: FileHandle;
  readonly #end: number;
  #start = 0;
  #length = 0;

  constructor(file: FileHandle, end: number) {
    this.#file = file;
    this.#end = end;
  }

  /** Where a place in the file is in `bytes`. */
  at(offset: number): number {
    return offset - this.#start;
  }

  /** Brings a part of the file in; false when the file does not have it. */
  async load(offset: number, bytes: number): Promise<boolean> {
    const known = this.#start + this.#length - offset;
    if (offset >= this.#start && known >= bytes) return true;
    const wanted = Math.min(Math.max(bytes, CHUNK_BYTES), this.#end - offset);
    if (wanted < bytes) return false;
    const room = this.bytes.length >= wanted ? this.bytes : new Uint8Array(wanted);
    const kept = offset >= this.#start ? Math.max(0, known) : 0;
    if (kept > 0) room.set(this.bytes.subarray(this.at(offset), this.at(offset) + kept));
    this.bytes = room;
    this.#start = offset;
    this.#length = kept;
    while (this.#length < wanted) {
      const { bytesRead } = await this.#file.read(room, this.#length, wanted - this.#length, offset + this.#length);
      if (bytesRead === 0) break;
      this.#length += bytesRead;
    }
    return this.#length >= bytes;
  }

  /** What a file system leaves of a write that a power failure cut short: room, but no content. */
  async isZeroFrom(offset: number): Promise<boolean> {
    for (let at = offset; at < this.#end; ) {
      const bytes = Math.min(CHUNK_BYTES, this.#end - at);
      if (!(await this.load(at, bytes))) return false;
      const from = this.at(at);
      if (this.bytes.subarray(from, from + bytes).some((byte) => byte !== 0)) return false;
      at += bytes;
    }
    return true;
  }
}
