// A segment file as readers and housekeeping see it. Readers pin it: the file may be deleted under them, but what they have
// not read yet stays readable until they let go, because a file that is open outlives its name.
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { FormatVersion, HEADER_BYTES, NO_RECORDS, type SegmentSummary } from '../format/layout.js';

const SEGMENT_NAME = /^(\d{8,})(?:-(\d{8,}))?\.seg$/;

/** Segments are numbered in the order in which they were begun; a compacted one carries the first and the last number. */
export interface SegmentNumbers {
  readonly first: number;
  readonly last: number;
}

/** Undefined for a file that is no segment. */
export function numbersIn(fileName: string): SegmentNumbers | undefined {
  const match = SEGMENT_NAME.exec(fileName);
  if (match === null) return undefined;
  const first = Number(match[1]);
  return { first, last: Number(match[2] ?? match[1]) };
}

export function segmentName({ first, last }: SegmentNumbers): string {
  const digits = (number: number) => String(number).padStart(8, '0');
  return first === last ? `${digits(first)}.seg` : `${digits(first)}-${digits(last)}.seg`;
}

export class Segment {
  readonly path: string;
  readonly numbers: SegmentNumbers;
  /** Of the format. */
  version: number = FormatVersion.numbers;
  summary: SegmentSummary = NO_RECORDS;
  /** Where the records that may be read end. */
  end = HEADER_BYTES;
  /** Of the file. */
  bytes = 0;
  /** Whether something in it cannot be read: then it is left as it is. */
  isDamaged = false;
  #pins = 0;
  #handle: Promise<FileHandle> | undefined;

  constructor(path: string, numbers: SegmentNumbers) {
    this.path = path;
    this.numbers = numbers;
  }

  pin(): void {
    this.#pins++;
  }

  release(): void {
    this.#pins--;
    if (this.#pins > 0 || this.#handle === undefined) return;
    const handle = this.#handle;
    this.#handle = undefined;
    handle.then((file) => file.close()).catch(() => undefined);
  }

  /** The file, open for reading until the last pin is released. Rejects when it cannot be opened. */
  open(): Promise<FileHandle> {
    this.#handle ??= open(this.path, 'r');
    return this.#handle;
  }

  /** Deletes the file. Nobody may pin it any more. */
  async delete(): Promise<void> {
    if (this.#pins > 0) await this.open().catch(() => undefined);
    await unlink(this.path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw cause;
    });
  }
}

/** A segment that a reader holds, as it was when the reader came. */
export interface PinnedSegment {
  readonly segment: Segment;
  readonly end: number;
  readonly summary: SegmentSummary;
}

export function pinned(segment: Segment): PinnedSegment {
  segment.pin();
  return { segment, end: segment.end, summary: segment.summary };
}
