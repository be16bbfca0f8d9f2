// What can be asked for on the command line, and what comes back for a request that makes no sense.
import { parseArgs } from 'node:util';

export interface Options {
  readonly help: boolean;
  readonly quick: boolean;
  /** Parts of ids or titles; empty for every row. */
  readonly only: readonly string[];
}

export const usage = `npm run bench [-- --only <filter>] [-- --quick]

Measures telltale beside prom-client and the OpenTelemetry SDK in one process, and prints a table.

  --only <filter>  only the rows whose id or title contains this text; may be given several times
  --quick          fewer and shorter rounds, for a first impression
  --help           this text

Only a run of all rows that is not quick writes docs/benchmarks.md.`;

/** @throws Error that says which argument is not understood. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  return values;
}
