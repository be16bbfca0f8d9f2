// The command line of the clustered service: what can be said, and what is answered to nonsense.
import { parseArgs } from 'node:util';
import { err, ok, type Result } from 'neverthrow';
import type { Ending } from './workers.js';

export interface ClusterOptions {
  readonly seconds: number;
  readonly workers: number;
  /** How workers are ended, at random. */
  readonly signals: readonly Ending[];
  /** 0 takes any free port. */
  readonly metricsPort: number;
}

export const HELP = `Usage: npm run start:cluster -- [options]

Opens a service of several processes, sends clients to it, ends workers at random, and compares what the one scrape counted with what
the clients counted.

  --seconds N        how long, 1 to 3600 (default: 10)
  --workers N        processes that serve, 1 to 32 (default: 2)
  --signal A,B       how workers are ended: SIGTERM, SIGKILL or both (default: SIGTERM,SIGKILL)
  --metrics-port N   where the metrics are: http://127.0.0.1:N/metrics (default: 9464; 0 takes any free port)
  --help             this text

Exit codes: 0 the books agree, 1 they do not or it could not start, 2 wrong use.
`;

const ENDINGS: readonly string[] = ['SIGTERM', 'SIGKILL'] satisfies readonly Ending[];

/** The options, the wish for help, or a sentence that says what is wrong. */
export function readOptions(args: readonly string[]): Result<ClusterOptions | 'help', string> {
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string', default: '10' },
        workers: { type: 'string', default: '2' },
        signal: { type: 'string', default: ENDINGS.join() },
        'metrics-port': { type: 'string', default: '9464' },
        help: { type: 'boolean' },
      },
    }));
  } catch (error) {
    return err(`${(error as Error).message.split('. ')[0]}. See --help.`);
  }
  if (values.help === true) return ok('help');
  const signals = String(values.signal).split(',');
  if (!signals.every((signal) => ENDINGS.includes(signal)))
    return err(`--signal takes ${ENDINGS.join(' or ')}. See --help.`);
  const whole = (name: string, least: number, most: number): Result<number, string> => {
    const number = values[name] === '' ? Number.NaN : Number(values[name]);
    if (Number.isInteger(number) && number >= least && number <= most) return ok(number);
    return err(`--${name} takes a whole number from ${least} to ${most}, and was given "${values[name]}".`);
  };
  return whole('seconds', 1, 3600).andThen((seconds) =>
    whole('workers', 1, 32).andThen((workers) =>
      whole('metrics-port', 0, 65_535).map((metricsPort) => {
        return { seconds, workers, signals: signals as Ending[], metricsPort };
      }),
    ),
  );
}
