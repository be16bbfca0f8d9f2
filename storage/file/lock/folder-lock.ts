// One writer per folder. Locks are numbered files, and whoever has the highest number has the folder. A number is taken by
// giving a finished file that name, which only one process can; the highest one is never deleted, so that numbers never come
// back and a process that was slow to look cannot take a number that means nothing any more.
import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.js';

const LOCK_NAME = /^lock-(\d+)$/;
/** Nobody can be overtaken so often: each time, another process takes the folder and gives it back. */
const MOST_ATTEMPTS = 100;

/** Thrown, and answered as `file_locked`, when another writer has the folder. */
export class Locked extends Error {
  readonly file: string;
  readonly pid: number;

  constructor(file: string, pid: number) {
    super(`locked by ${pid}`);
    this.file = file;
    this.pid = pid;
  }
}

export class FolderLock {
  readonly #path: string;
  readonly #content: string;

  private constructor(path: string, content: string) {
    this.#path = path;
    this.#content = content;
  }

  /** Takes the folder, also from a process that died with it. Rejects with `Locked`, or with what the system says. */
  static async take(directory: string): Promise<FolderLock> {
    // With a name of its own, because a process may have several storages.
    const content = `${JSON.stringify({ ...ownIdentity(), lock: randomUUID() })}\n`;
    const temporary = join(directory, `lock.${process.pid}.${process.hrtime.bigint()}.tmp`);
    await writeFile(temporary, content, { flag: 'wx' });
    try {
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        const lock = await takeNext(directory, temporary);
        if (lock !== undefined) return new FolderLock(lock, content);
      }
      throw new Error('other processes take and release the folder all the time');
    } finally {
      await unlink(temporary).catch(() => undefined);
    }
  }

  /** Whether the lock is still there. */
  async isHeld(): Promise<boolean> {
    return (await readFile(this.#path, 'utf8').catch(() => '')) === this.#content;
  }

  /** Gives the folder back. The file stays, saying so. */
  async release(): Promise<void> {
    if (!(await this.isHeld())) return;
    const temporary = `${this.#path}.${process.pid}.tmp`;
    await writeFile(temporary, '\n').catch(() => undefined);
    await rename(temporary, this.#path).catch(() => undefined);
  }
}

/** Answers the path of the lock; undefined when another process was quicker and it has to be looked at again. */
async function takeNext(directory: string, temporary: string): Promise<string | undefined> {
  const highest = (await locksIn(directory)).at(-1);
  if (highest !== undefined) await requireFree(pathOf(directory, highest));
  const own = (highest ?? 0) + 1;
  try {
    await link(temporary, pathOf(directory, own));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw cause;
  }
  const locks = await locksIn(directory);
  if (locks.at(-1) !== own) {
    // The number was an old one, of which everyone but this process knew that it is over.
    await unlink(pathOf(directory, own)).catch(() => undefined);
    return undefined;
  }
  for (const old of locks.slice(0, -1)) await unlink(pathOf(directory, old)).catch(() => undefined);
  return pathOf(directory, own);
}

async function requireFree(path: string): Promise<void> {
  const holder = identityIn(await readFile(path, 'utf8').catch(() => ''));
  if (holder !== undefined && isAlive(holder)) throw new Locked(path, holder.pid);
}

/** Undefined for a lock that was given back, and for one of which a power failure left nothing. */
function identityIn(text: string): ProcessIdentity | undefined {
  try {
    const { pid, start } = JSON.parse(text) as Partial<ProcessIdentity>;
    return Number.isSafeInteger(pid) && typeof start === 'string' ? { pid: pid as number, start } : undefined;
  } catch {
    return undefined;
  }
}

async function locksIn(directory: string): Promise<number[]> {
  const numbers = (await readdir(directory)).map((name) => Number(LOCK_NAME.exec(name)?.[1] ?? Number.NaN));
  return numbers.filter((number) => number > 0).sort((a, b) => a - b);
}

const pathOf = (directory: string, number: number): string => join(directory, `lock-${number}`);
