// The folder of segments: which there are, in the order in which they were written, and which of them a range of time needs.
// It opens the folder and keeps the list; retention and compaction change it through here.
import { open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageError } from '../../../lib/errors.js';
import { rangeOfSnapshots } from '../../../lib/model/sample-times.js';
import type { TimeRange } from '../../../lib/model/storage.js';
import { makeFolder } from '../../disk/make-folder.js';
import { FormatVersion } from '../format/layout.js';
import { isAlive } from '../lock/process-identity.js';
import { openSegment } from './open-segment.js';
import { numbersIn, type PinnedSegment, pinned, Segment, type SegmentNumbers } from './segment.js';

const LOCK_LEFTOVER = /^lock\.(\d+)\.\d+\.tmp$/;

export type Report = (error: StorageError) => void;
/** Whoever only reads leaves every file as it is: another process may be writing there. */
export type FolderAccess = 'read' | 'write';

export class SegmentFolder {
  readonly directory: string;
  readonly report: Report;
  readonly #access: FolderAccess;
  /** Complete ones, oldest first. Replaced, never changed. */
  #segments: readonly Segment[] = [];
  /** The one that is being written. */
  #current: Segment | undefined;
  #lastNumber = 0;
  /** Changes whenever a segment is added to or taken out of the list. */
  revision = 0;

  constructor(directory: string, report: Report, access: FolderAccess = 'write') {
    this.directory = directory;
    this.#access = access;
    this.report = tellOnce(report);
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Complete ones and the one that is being written. */
  get all(): readonly Segment[] {
    return this.#current === undefined ? this.#segments : [...this.#segments, this.#current];
  }

  get bytes(): number {
    return this.all.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Answers the number of the next segment, never twice the same. */
  nextNumber(): number {
    return ++this.#lastNumber;
  }

  begin(segment: Segment): void {
    this.#current = segment;
  }

  /** The segment that was being written is complete; one without records never was. */
  complete(): void {
    const current = this.#current;
    this.#current = undefined;
    if (current !== undefined && current.summary.records > 0) this.replace([], current);
  }

  /** Takes segments out of the list and puts another one where they were, at the end if there are none. */
  replace(old: readonly Segment[], by?: Segment): void {
    const [first] = old;
    const place = first === undefined ? this.#segments.length : this.#segments.indexOf(first);
    const left = this.#segments.filter((segment) => !old.includes(segment));
    this.#segments = by === undefined ? left : left.toSpliced(place, 0, by);
    this.revision++;
  }

  /** Holds the segments that may have snapshots in the range. Release each one once it is read. */
  pin(range: TimeRange): readonly PinnedSegment[] {
    const widened = rangeOfSnapshots(range);
    return this.all
      .filter(({ summary: { firstMs, lastMs }, version }) => {
        const { startMs, endMs } = version < FormatVersion.times ? range : widened;
        return lastMs >= startMs && firstMs <= endMs;
      })
      .map((segment) => pinned(segment));
  }

  /** Makes the folder if there is none. Rejects with what the system says. */
  async make(): Promise<void> {
    await makeFolder(this.directory);
  }

  /** Finds out what the folder holds. It reads the ends of files, and only those that are incomplete as a whole. */
  async load(): Promise<void> {
    const names = await readdir(this.directory);
    for (const name of names.filter(isLeftover)) await this.#remove(name);
    // Those that are known already may be pinned.
    const known = new Map(this.all.map((segment) => [segment.path, segment]));
    const found = names.flatMap((name) => {
      const numbers = numbersIn(name);
      const path = join(this.directory, name);
      return numbers === undefined ? [] : [known.get(path) ?? new Segment(path, numbers)];
    });
    this.#lastNumber = found.reduce((highest, { numbers }) => Math.max(highest, numbers.last), this.#lastNumber);
    const segments: Segment[] = [];
    for (const segment of found.sort((a, b) => a.numbers.first - b.numbers.first)) {
      // A crash between the end of a compaction and the removal of what went into it.
      if (found.some((other) => isWithin(segment.numbers, other.numbers))) await this.discard(segment);
      else if (await this.#open(segment)) segments.push(segment);
    }
    this.#segments = segments;
    this.revision++;
  }

  /** Deletes a file; what goes wrong is told, and tried again when the folder is opened next. */
  async discard(segment: Segment): Promise<void> {
    if (this.#access === 'read') return;
    await segment.delete().catch((cause: unknown) => {
      this.report({ kind: 'file_unwritable', file: segment.path, cause });
    });
  }

  /** Brings the names of new files to the disk. Not every system can, and none needs it while it runs. */
  async sync(): Promise<void> {
    try {
      const folder = await open(this.directory, 'r');
      await folder.datasync().finally(() => folder.close());
    } catch {
      // The files themselves are there.
    }
  }

  /** Answers whether there is something to read in a segment. */
  async #open(segment: Segment): Promise<boolean> {
    try {
      const { state, damages } = await openSegment(segment, this.#access);
      for (const damage of damages) this.report({ kind: 'file_corrupt', file: segment.path, ...damage });
      if (state === 'empty') await this.discard(segment);
      return state === 'readable';
    } catch (cause) {
      const problem = `it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
      this.report({ kind: 'file_corrupt', file: segment.path, offset: 0, problem });
      return false;
    }
  }

  async #remove(name: string): Promise<void> {
    if (this.#access === 'read') return;
    await unlink(join(this.directory, name)).catch(() => undefined);
  }
}

/** What a process that died was about to write. */
function isLeftover(name: string): boolean {
  if (name.endsWith('.seg.tmp')) return true;
  const pid = LOCK_LEFTOVER.exec(name)?.[1];
  return pid !== undefined && !isAlive({ pid: Number(pid), start: '' });
}

function isWithin(inner: SegmentNumbers, outer: SegmentNumbers): boolean {
  return inner !== outer && outer.first <= inner.first && inner.last <= outer.last && outer.first < outer.last;
}

/** Damage is met by every query anew; who is told wants to hear of it once. */
function tellOnce(report: Report): Report {
  const told = new Set<string>();
  return (error) => {
    if (error.kind === 'file_corrupt') {
      const place = `${error.file} ${error.offset}`;
      if (told.has(place)) return;
      told.add(place);
    }
    try {
      report(error);
    } catch {
      // What listens to errors must not make some.
    }
  };
}
