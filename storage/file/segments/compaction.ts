// Puts segments that follow each other together into one. Records are copied as they are: each segment begins with a whole
// snapshot, so that they need nothing of each other. The new file gets its name only when it is complete and on the disk, and
// only then the old ones go: whatever happens in between, all samples are there, and what is there twice is found at opening.
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pace } from '../../../lib/model/pace.js';
import { endRecord, HEADER_BYTES, joined, NO_RECORDS, segmentHeader } from '../format/layout.js';
import type { SegmentFolder } from './folder.js';
import { scanRecords } from './record-scan.js';
import { Segment, segmentName } from './segment.js';

const COPY_BYTES = 256 * 1024;

/** Answers how many bytes were written: none when a segment turned out to be damaged, or the disk took no more. */
export async function compact(folder: SegmentFolder, run: readonly Segment[], pace: Pace): Promise<number> {
  const numbers = { first: (run[0] as Segment).numbers.first, last: (run.at(-1) as Segment).numbers.last };
  const merged = new Segment(join(folder.directory, segmentName(numbers)), numbers);
  merged.summary = run.reduce((sum, { summary }) => joined(sum, summary), NO_RECORDS);
  merged.version = Math.max(...run.map(({ version }) => version));
  const temporary = `${merged.path}.tmp`;
  try {
    if (!(await writeTogether(temporary, { folder, run, merged, pace }))) {
      await unlink(temporary);
      return 0;
    }
    await rename(temporary, merged.path);
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    folder.report({ kind: 'file_unwritable', file: merged.path, cause });
    return 0;
  }
  await folder.sync();
  folder.replace(run, merged);
  for (const segment of run) await folder.discard(segment);
  return merged.bytes;
}

interface Merging {
  readonly folder: SegmentFolder;
  readonly run: readonly Segment[];
  readonly merged: Segment;
  readonly pace: Pace;
}

async function writeTogether(path: string, { folder, run, merged, pace }: Merging): Promise<boolean> {
  const file = await open(path, 'w');
  try {
    const header = segmentHeader(merged.version);
    await file.write(header, 0, header.length, 0);
    let at = HEADER_BYTES;
    for (const segment of run) {
      if (!(await isIntact(segment, folder, pace))) return false;
      at = await copy(segment, { to: file, at });
    }
    const last = endRecord(merged.summary);
    await file.write(last, 0, last.length, at);
    await file.datasync();
    merged.end = at;
    merged.bytes = at + last.length;
    return true;
  } finally {
    await file.close();
  }
}

/** Whether every record is what was written: damage is left where it is, with the file around it. */
async function isIntact(segment: Segment, folder: SegmentFolder, pace: Pace): Promise<boolean> {
  const file = await open(segment.path, 'r');
  try {
    for await (const scanned of scanRecords(file, { end: segment.end })) {
      if (scanned.kind !== 'record') {
        const problem = scanned.kind === 'torn' ? 'it ends too early' : scanned.problem;
        segment.isDamaged = true;
        folder.report({ kind: 'file_corrupt', file: segment.path, offset: scanned.offset, problem });
        return false;
      }
      pace.count(100);
      if (pace.isDue) await pace.pause();
    }
    return true;
  } finally {
    await file.close();
  }
}

async function copy(segment: Segment, { to, at }: { readonly to: FileHandle; readonly at: number }): Promise<number> {
  const from = await open(segment.path, 'r');
  try {
    const room = new Uint8Array(COPY_BYTES);
    let target = at;
    for (let position = HEADER_BYTES; position < segment.end; ) {
      const wanted = Math.min(room.length, segment.end - position);
      const { bytesRead } = await from.read(room, 0, wanted, position);
      if (bytesRead === 0) throw new Error(`${segment.path} became shorter while it was read`);
      const { bytesWritten } = await to.write(room, 0, bytesRead, target);
      if (bytesWritten < bytesRead) throw new Error('the disk took only a part of what was written');
      position += bytesRead;
      target += bytesRead;
    }
    return target;
  } finally {
    await from.close();
  }
}
