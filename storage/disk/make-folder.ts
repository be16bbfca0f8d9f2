// Makes a folder with those above it. Node's own way to do that, `mkdir` with `recursive`, goes round without end below /proc: making a
// folder there fails as if /proc itself were missing, which it then makes again and again.
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Rejects with what the system says. */
export async function makeFolder(path: string): Promise<void> {
  if (await isMade(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path).catch((cause) => checkFolder(path, cause));
}

/** False where the folder above is missing. */
async function isMade(path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' && dirname(path) !== path) return false;
    await checkFolder(path, cause);
  }
  return true;
}

/** Rejects with why it could not be made unless it is there. */
async function checkFolder(path: string, cause: unknown): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) throw cause;
}

function codeOf(cause: unknown): unknown {
  return (cause as { readonly code?: unknown }).code;
}
