// What a TextfileStorage can be told, with its defaults and bounds.
import { basename } from 'node:path';
import { MetricDefinitionError, type StorageError } from '../../lib/errors.js';
import { ESCAPINGS, type Escaping, isEscaping } from '../../lib/model/escaping.js';

export interface TextfileStorageOptions {
  /** Ends in `.prom`: node_exporter's textfile collector reads no other files of its folder. */
  readonly file: string;
  /** Whether the text is brought to the disk before it takes the place of the one before. Default true. */
  readonly fsync?: boolean;
  /** Who may read the file, before the process's umask takes from it. Default 0o644, so that node_exporter may. */
  readonly mode?: number;
  /** How names beyond the classic rule are written. Default `underscores`, which every node_exporter takes. */
  readonly escaping?: Escaping;
  /** Hears of leftovers that cannot be removed. What it throws is dropped. */
  readonly onError?: (error: StorageError) => void;
  /** Tells this storage from others in figures and errors. Default 'textfile'. */
  readonly name?: string;
}

/** Throws a `MetricDefinitionError` (`invalid_option`) for an option that makes no sense. */
export function textfileSettings(options: TextfileStorageOptions): Required<TextfileStorageOptions> {
  const { file, fsync = true, mode = 0o644, escaping = 'underscores' } = options;
  const { name = 'textfile', onError = () => {} } = options;
  const isFile = typeof file === 'string' && /^[^.].*\.prom$/s.test(basename(file)) && !file.includes('\0');
  check('file', file, isFile, 'Give the path of a file whose name ends in .prom and does not begin with a point.');
  check('fsync', fsync, typeof fsync === 'boolean', 'Give true or false.');
  const isMode = Number.isInteger(mode) && mode >= 0 && mode <= 0o777;
  check('mode', mode, isMode, 'Give a whole number from 0 to 0o777.');
  check('escaping', escaping, isEscaping(escaping), `Give ${ESCAPINGS.join(' or ')}.`);
  check('name', name, typeof name === 'string' && name !== '', 'Give a text that is not empty.');
  check('onError', onError, typeof onError === 'function', 'Give a function.');
  return { file, fsync, mode, escaping, name, onError };
}

function check(option: string, value: unknown, isValid: boolean, rule: string): void {
  if (!isValid) throw new MetricDefinitionError({ kind: 'invalid_option', option, value: String(value), rule });
}
