// Which files a pattern names, as rule tests write them: relative to the file of tests, with `*`, `?` and `[…]` within names.
import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';

const WILD = /[*?[]/;

/** Sorted. None for a pattern that nothing fits. */
export async function matchingFiles(pattern: string, testFile: string): Promise<readonly string[]> {
  const path = isAbsolute(pattern) ? pattern : join(dirname(testFile), pattern);
  if (!WILD.test(path)) return (await exists(path)) ? [path] : [];
  const parts = resolve(path).split(sep);
  let found: readonly string[] = [parts[0] === '' ? sep : (parts[0] as string)];
  for (const part of parts.slice(1)) {
    const deeper = await Promise.all(found.map((folder) => entriesOf(folder, part)));
    found = deeper.flat();
  }
  return [...found].sort();
}

async function entriesOf(folder: string, part: string): Promise<readonly string[]> {
  if (!WILD.test(part)) return (await exists(join(folder, part))) ? [join(folder, part)] : [];
  try {
    const names = await readdir(folder);
    const isWanted = testOf(part);
    return names.filter(isWanted).map((name) => join(folder, name));
  } catch {
    // What is no folder has nothing in it.
    return [];
  }
}

function testOf(part: string): (name: string) => boolean {
  const source = part.replace(/\[[^\]]*\]|[\s\S]/g, (token) => {
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length > 1) return token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return token.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
  const pattern = new RegExp(`^${source}$`, 'u');
  return (name) => pattern.test(name);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
