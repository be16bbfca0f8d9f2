// The manifest says which component was fetched, which version it is and where it lies. Tests read it, so it is the only
// contract between them and the fetching; separate because reading it must stay instant and needs none of the rest.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

const FORMAT = 1;
const EMPTY = { format: FORMAT, components: {}, unavailable: {} };

export const manifestPath = (directory) => join(directory, 'manifest.json');

/** Answers an empty manifest when there is none, or one that another version or another machine has written. */
export function readManifest(directory) {
  try {
    const manifest = JSON.parse(readFileSync(manifestPath(directory), 'utf8'));
    return manifest.format === FORMAT && manifest.platform === platform() ? manifest : structuredClone(EMPTY);
  } catch {
    return structuredClone(EMPTY);
  }
}

/** Replaces the manifest in one step, so that a reader never meets half of it. */
export function writeManifest(directory, manifest) {
  const draft = `${manifestPath(directory)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ ...manifest, platform: platform() }, undefined, 2)}\n`);
  renameSync(draft, manifestPath(directory));
}

/** Whether the entry belongs to this very row of the table and its file is still the one that was proven. */
export function isValid(directory, { row, entry }) {
  if (entry?.row !== rowId(row)) return false;
  const path = locate(directory, entry);
  return existsSync(path) && sizeOf(path) === entry.size;
}

export const rowId = (row) => createHash('sha256').update(JSON.stringify(row)).digest('hex').slice(0, 16);

export const locate = (directory, { path }) => (isAbsolute(path) ? path : join(directory, path));

/** In bytes; 0 for a folder, whose own size differs between file systems. */
export function sizeOf(path) {
  const stats = statSync(path);
  return stats.isFile() ? stats.size : 0;
}

// A cache that travels to another machine must not be believed there.
function platform() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const fields = ['ID', 'VERSION_ID'].map((name) => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(release)?.[1] ?? '');
  return [process.platform, process.arch, ...fields].filter((part) => part !== '').join(' ');
}
