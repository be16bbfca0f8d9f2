// Turns one row of the table into a proven entry of the manifest: find or fetch, unpack, run it once. Separate from apt
// (which only downloads) and from the command line (which decides what is missing and what a failure means).
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { Unavailable } from './apt.mjs';
import { locate, rowId, sizeOf } from './manifest.mjs';
import { run } from './run.mjs';

/**
 * Installs one component into `directory/<name>` and answers its manifest entry.
 *
 * Throws `Unavailable` when every source that could have served it is out of reach, another Error when something is broken.
 */
export async function installComponent(row, { directory, workDirectory, apt, components, say }) {
  const found = await findInSystem(row);
  if (found !== undefined) return found;
  const errors = [];
  for (const [suite, ...packages] of row.from) {
    try {
      return await fetchComponent(row, { suite, packages, directory, workDirectory, apt, components });
    } catch (error) {
      errors.push(error);
      if (errors.length < row.from.length) say(`${row.name} cannot be had from ${suite}: ${error.message}`);
    }
  }
  const message = [...new Set(errors.map((error) => error.message))].join(' · ');
  throw errors.some((error) => error instanceof Unavailable) ? new Unavailable(message) : new Error(message);
}

async function findInSystem(row) {
  for (const command of row.system ?? []) {
    const { exitCode, stdout } = await run(command, [
      '-c',
      'import platform, sys; print(sys.executable, platform.python_version())',
    ]);
    const [path, version] = stdout.trim().split(' ');
    if (exitCode === 0 && version !== undefined) {
      return { row: rowId(row), version, suite: 'system', path, size: sizeOf(path) };
    }
  }
  return undefined;
}

async function fetchComponent(row, { suite, packages, directory, workDirectory, apt, components }) {
  const draft = join(workDirectory, row.name);
  rmSync(draft, { recursive: true, force: true });
  const options = { directory: join(draft, 'packages'), dependencies: row.dependencies === true };
  const files = await apt.download(suite, packages, options);
  const root = join(draft, 'root');
  mkdirSync(root);
  for (const file of files) await mustRun('dpkg', ['-x', file, root]);
  if (row.reads !== undefined) relocate(join(root, row.path), row.reads);
  const version = upstreamVersion(await mustRun('dpkg-deb', ['-f', files[0], 'Version']));

  const home = join(directory, row.name);
  rmSync(home, { recursive: true, force: true });
  renameSync(root, home);
  const entry = { row: rowId(row), version, suite, path: join(row.name, row.path) };
  if (row.dependencies === true) entry.libraries = libraryFolders(home).map((folder) => relative(directory, folder));
  await prove(row, { entry, directory, components });
  rmSync(draft, { recursive: true, force: true });
  return { ...entry, size: sizeOf(locate(directory, entry)) };
}

// Not believed until it has run here and named the version that its package claims.
async function prove(row, { entry, directory, components }) {
  const path = locate(directory, entry);
  const interpreter = row.via === undefined ? undefined : components[row.via];
  if (row.via !== undefined && interpreter === undefined) throw new Unavailable(`${row.name} needs ${row.via}.`);
  const command = interpreter === undefined ? path : locate(directory, interpreter);
  const env = interpreter === undefined ? {} : { PYTHONPATH: path };
  const libraries = (interpreter ?? entry).libraries ?? [];
  if (libraries.length > 0) env.LD_LIBRARY_PATH = libraries.map((folder) => join(directory, folder)).join(':');
  const { exitCode, output } = await run(command, row.proof ?? ['--version'], { env });
  if (exitCode !== (row.proofExitCode ?? 0) || !output.includes(row.proofText ?? entry.version)) {
    throw new Error(
      `${row.name} ${entry.version} does not run here (it ended with ${exitCode}): ${output.trim().slice(-300)}`,
    );
  }
}

/**
 * Makes an absolute folder in a program a relative one of the same length: nothing else of the program moves. Without root there is
 * no other way to put a file where a program has been built to look for it.
 */
function relocate(program, folder) {
  const bytes = readFileSync(program);
  const relative = `${folder.slice(1)}/`;
  for (let at = bytes.indexOf(folder); at >= 0; at = bytes.indexOf(folder, at + 1)) bytes.write(relative, at, 'latin1');
  writeFileSync(program, bytes);
}

async function mustRun(command, args) {
  const { exitCode, stdout, output } = await run(command, args, { timeoutMs: 120_000 });
  if (exitCode !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${exitCode}: ${output.trim().slice(-300)}`);
  return stdout.trim();
}

// `1:2.53.3+ds1-2` is upstream's `2.53.3`.
const upstreamVersion = (version) =>
  version
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/[+~].*$/, '');

// Some libraries keep their private ones in a folder below.
function libraryFolders(home) {
  return ['lib', 'usr/lib']
    .flatMap((folder) => foldersIn(join(home, folder)).filter((name) => basename(name).includes('-linux-')))
    .flatMap((folder) => [folder, ...foldersIn(folder).filter(holdsLibraries)]);
}

function foldersIn(parent) {
  if (!existsSync(parent)) return [];
  const entries = readdirSync(parent, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(parent, entry.name));
}

const holdsLibraries = (folder) => readdirSync(folder).some((name) => /^lib.*\.so(\.|$)/.test(name));
