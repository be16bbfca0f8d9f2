// Appends records to a segment file, each with one write call at a known place, so that a write that fails leaves nothing
// which the next one cannot cover. Everything here rejects with what the system says; who calls decides what it means.
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { endRecord, HEADER_BYTES, recordFrame, segmentHeader, withRecord } from '../format/layout.js';
import { Segment, segmentName } from './segment.js';

export class SegmentWriter {
  readonly segment: Segment;
  readonly #file: FileHandle;
  readonly #inode: bigint;
  /** Whether there is something that `sync` would bring to the disk. */
  #isDirty = false;

  private constructor(segment: Segment, file: FileHandle, inode: bigint) {
    this.segment = segment;
    this.#file = file;
    this.#inode = inode;
  }

  /** Begins a new segment. There must be none of that number. */
  static async create(
    directory: string,
    { number, version }: { readonly number: number; readonly version: number },
  ): Promise<SegmentWriter> {
    const numbers = { first: number, last: number };
    const path = join(directory, segmentName(numbers));
    const file = await open(path, 'wx');
    try {
      const { ino } = await file.stat({ bigint: true });
      const segment = new Segment(path, numbers);
      segment.version = version;
      return new SegmentWriter(segment, file, ino);
    } catch (cause) {
      await file.close().catch(() => undefined);
      throw cause;
    }
  }

  /** Whether the file is still there under its name: writing to one that was removed succeeds, but keeps nothing. */
  async isInPlace(): Promise<boolean> {
    try {
      return (await stat(this.segment.path, { bigint: true })).ino === this.#inode;
    } catch {
      return false;
    }
  }

  /** Appends a record; readers see it after `commit`. Answers how many bytes that took. */
  async append(payload: Uint8Array): Promise<number> {
    const { segment } = this;
    const parts = [recordFrame(payload.length, crc32(payload)), payload];
    const isFirst = segment.bytes === 0;
    const bytes = await this.#write(
      isFirst ? [segmentHeader(segment.version), ...parts] : parts,
      isFirst ? 0 : segment.end,
    );
    this.#isDirty = true;
    return bytes;
  }

  /** Lets readers see what was appended. */
  commit(bytes: number, timestampMs: number): void {
    const { segment } = this;
    segment.bytes += bytes;
    segment.end = Math.max(HEADER_BYTES, segment.bytes);
    segment.summary = withRecord(segment.summary, timestampMs);
  }

  /** Takes back what was appended and not committed. */
  async cutBack(): Promise<void> {
    await this.#file.truncate(this.segment.bytes);
  }

  async sync(): Promise<void> {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    await this.#file.datasync();
  }

  /** Ends the segment and closes the file; it is complete without the record that says so, only slower to open. */
  async seal({ sync }: { readonly sync: boolean }): Promise<void> {
    const { segment } = this;
    try {
      const bytes = await this.#write([endRecord(segment.summary)], segment.end);
      if (sync) await this.#file.datasync();
      segment.bytes += bytes;
    } catch (cause) {
      await this.cutBack().catch(() => undefined);
      throw cause;
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }

  async #write(parts: readonly Uint8Array[], position: number): Promise<number> {
    const expected = parts.reduce((sum, part) => sum + part.length, 0);
    const { bytesWritten } = await this.#file.writev(parts as Uint8Array[], position);
    if (bytesWritten === expected) return expected;
    // A disk that takes a part of it only says why when it is asked to take more.
    const rest = Buffer.concat(parts).subarray(bytesWritten);
    const { bytesWritten: more } = await this.#file.write(rest, 0, rest.length, position + bytesWritten);
    if (more < rest.length) throw new Error(`only ${bytesWritten + more} of ${expected} bytes were taken`);
    return expected;
  }
}
