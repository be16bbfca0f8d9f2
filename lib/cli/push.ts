// `telltale push`: makes a batch job of any program. It runs the program, measures it, and pushes how it went.
import { parseArgs } from 'node:util';
import { err, ok } from 'neverthrow';
import { PushgatewayStorage } from '../../storage/index.js';
import { describe, MetricDefinitionError, runJob } from '../index.js';
import { type ProgramEnd, runProgram } from './child-program.js';
import { argumentMistake, UsageError } from './usage-error.js';

const HELP = `telltale push --gateway <url> --job <name> [options] -- <program> [arguments]

Runs a program and pushes to a Pushgateway how it went: job_success, job_exit_code, job_duration_seconds,
job_last_completion_timestamp_seconds and, when it succeeded, job_last_success_timestamp_seconds.

  --gateway <url>         of the Pushgateway, as in http://127.0.0.1:9091 (user:password@ for basic auth)
  --job <name>            the job label
  --label <name>=<value>  a further label of the group; may be given several times
  --timeout <seconds>     how long the push may take, 10 unless given
  --help, -h              this text

The exit code is that of the program, also when the push fails, which is told on stderr: 127 when there is no such
program, 126 when it cannot be run, 2 when this command was not understood. Signals are passed on to the program.`;

/** Signals by which programs are asked to end. */
const RAISED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const HINT = 'See telltale push --help.';

interface PushOptions {
  readonly gateway: string;
  readonly job: string;
  readonly groupingKey: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly program: string;
  readonly args: readonly string[];
}

export async function push(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  const { job, timeoutSeconds } = options;
  const storage = storageFor(options);
  let end: ProgramEnd = { exitCode: 1 };
  const onError = (error: Parameters<typeof describe>[0]) => console.error(`telltale: ${describe(error)}`);
  await runJob({ name: job, storage, timeoutSeconds, onError, interruptible: false }, async (metrics) => {
    end = await runProgram(options.program, options.args);
    metrics.gauge('job_exit_code', { description: 'With what the last run of the job ended.' }).set(end.exitCode);
    return end.exitCode === 0 ? ok(undefined) : err(end);
  });
  if (end.problem !== undefined) console.error(`telltale: ${end.problem}`);
  // A shell that waits for this process goes on or not by what it sees: the end that the program itself had.
  if (end.signal !== undefined && RAISED.includes(end.signal)) process.kill(process.pid, end.signal);
  return end.exitCode;
}

function storageFor({ gateway, job, groupingKey, timeoutSeconds }: PushOptions): PushgatewayStorage {
  try {
    const timeoutMs = Math.min(timeoutSeconds * 1000, 10_000);
    return new PushgatewayStorage({ url: gateway, jobName: job, groupingKey, mode: 'merge', timeoutMs });
  } catch (error) {
    if (error instanceof MetricDefinitionError) throw new UsageError(error.message, HINT);
    throw error;
  }
}

/** Undefined when help is asked for. */
function readOptions(args: readonly string[]): PushOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [program, ...rest] = positionals;
  const { gateway, job } = values;
  if (gateway === undefined) throw new UsageError('Say where to push: --gateway <url>.', HINT);
  if (job === undefined) throw new UsageError('Say what the job is called: --job <name>.', HINT);
  if (program === undefined) throw new UsageError('Say what to run, behind two dashes: -- ./backup.sh.', HINT);
  const timeoutSeconds = Number(values.timeout);
  if (!(timeoutSeconds > 0 && timeoutSeconds <= 86_400))
    throw new UsageError('Give --timeout in seconds, above 0 and at most a day.', HINT);
  return { gateway, job, groupingKey: groupingKeyOf(values.label), timeoutSeconds, program, args: rest };
}

function parse(args: readonly string[]) {
  const before = args.includes('--') ? args.indexOf('--') : args.length;
  try {
    const { values, positionals } = parseArgs({
      args: args.slice(0, before),
      allowPositionals: true,
      options: {
        gateway: { type: 'string' },
        job: { type: 'string' },
        label: { type: 'string', multiple: true, default: [] },
        timeout: { type: 'string', default: '10' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (positionals.length > 0) throw new Error(`"${positionals[0]}" stands before the two dashes.`);
    return { values, positionals: args.slice(before + 1) };
  } catch (error) {
    throw argumentMistake(error, HINT);
  }
}

function groupingKeyOf(labels: readonly string[]): Readonly<Record<string, string>> {
  const key = new Map<string, string>();
  for (const label of labels) {
    const [name = '', ...value] = label.split('=');
    if (value.length === 0) throw new UsageError(`Give --label as name=value, not "${label.slice(0, 100)}".`, HINT);
    if (key.has(name)) throw new UsageError(`The label ${name.slice(0, 100)} is given twice.`, HINT);
    key.set(name, value.join('='));
  }
  return Object.fromEntries(key);
}
