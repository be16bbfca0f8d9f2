// Programs of the tests that run as processes of their own: the library and the program are compiled once per test file into
// a folder from which plain Node starts in a tenth of a second, which tests that kill hundreds of processes need.
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';
import { root } from '../../../setup/run-command.js';
import { type Child, type Command, startChild } from '../../../support/child.js';

const PROGRAMS = '__tests__/storage/file/programs';
const SOURCES = [
  'lib/model',
  'lib/exposition',
  'lib/errors.ts',
  'lib/errors',
  'lib/clock.ts',
  'storage/file',
  'storage/disk',
  'storage/textfile',
  PROGRAMS,
];

/** Compiles into a folder that is empty. */
export function compilePrograms(target: string): void {
  for (const source of SOURCES) {
    for (const file of filesIn(source)) {
      const { code } = transformSync(readFileSync(join(root, file), 'utf8'), {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
      });
      const compiled = join(target, file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(compiled), { recursive: true });
      writeFileSync(compiled, code);
    }
  }
  writeFileSync(join(target, 'package.json'), '{"type":"commonjs"}');
  symlinkSync(join(root, 'node_modules'), join(target, 'node_modules'));
}

/** Starts one of the programs that were compiled. */
export function startProgram(target: string, name: string, ...args: readonly string[]): Child {
  return startChild(programCommand(target, name, ...args));
}

export function programCommand(target: string, name: string, ...args: readonly string[]): Command {
  return { path: process.execPath, args: [join(target, PROGRAMS, `${name}.js`), ...args] };
}

function filesIn(path: string): string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(path, name));
}
