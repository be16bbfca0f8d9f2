// Replaces a file as a whole: the new content is written beside it under a name that nobody reads, and takes the name of the
// old one in one step. Names carry the writer's pid, so that the next one can tell what a dead one left.
import { randomInt } from 'node:crypto';
import { type FileHandle, open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Thrown when the file cannot be written, in contrast to what reading the content throws. */
export class Unwritable extends Error {
  readonly file: string;

  constructor(file: string, cause: unknown) {
    super('unwritable', { cause });
    this.file = file;
  }
}

export interface Replacing {
  readonly file: string;
  readonly fsync: boolean;
  readonly mode: number;
}

/** Those of this process, which may have the pid of a dead one: in a container it always has. */
const own = new Set<string>();

/** Answers how many bytes were written. Rejects with `Unwritable`, or with what the content throws; the file is as it was then. */
export async function replaceFile(
  { file, fsync, mode }: Replacing,
  content: AsyncIterable<Uint8Array>,
): Promise<number> {
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.${randomInt(2 ** 47)}.tmp`);
  own.add(temporary);
  const guarded = async <T>(step: Promise<T>): Promise<T> =>
    step.catch((cause) => {
      throw new Unwritable(file, cause);
    });
  let target: FileHandle | undefined;
  try {
    target = await guarded(open(temporary, 'wx', mode));
    let bytes = 0;
    for await (const piece of content) {
      await guarded(writeAll(target, piece));
      bytes += piece.length;
    }
    if (fsync) await guarded(target.datasync());
    await guarded(target.close());
    await guarded(rename(temporary, file));
    if (fsync) await syncFolder(dirname(file));
    return bytes;
  } catch (cause) {
    await target?.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw cause;
  } finally {
    own.delete(temporary);
  }
}

/** Removes what writers of the file left that died before they had replaced it. */
export async function removeLeftovers(file: string, onError: (file: string, cause: unknown) => void): Promise<void> {
  const folder = dirname(file);
  const start = `.${basename(file)}.`;
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = name.startsWith(start) ? /^(\d+)\.\d+\.tmp$/.exec(name.slice(start.length))?.[1] : undefined;
    const path = join(folder, name);
    if (pid === undefined || own.has(path) || isOther(Number(pid))) continue;
    await unlink(path).catch((cause: unknown) => onError(path, cause));
  }
}

async function writeAll(target: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length; ) {
    const { bytesWritten } = await target.write(piece, at, piece.length - at);
    at += bytesWritten;
  }
}

/** Brings the new name to the disk. Not every system can. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.datasync().finally(() => folder.close());
  } catch {
    // The content is there, under one of the two names.
  }
}

/** Whether another process of that pid is running. */
function isOther(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
