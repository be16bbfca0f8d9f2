// `telltale query`: asks in PromQL from the command line. Here are its arguments and its exit codes; who is asked and how the
// answer is shown stands in querying/.
import { parseArgs } from 'node:util';
import type { Result } from 'neverthrow';
import { answerTable } from './querying/answer-table.js';
import { queryFolder } from './querying/query-folder.js';
import { type Answer, type Question, queryServer } from './querying/query-server.js';
import { argumentMistake, UsageError } from './usage-error.js';

const HELP = `telltale query <url> '<expression>' [options]
telltale query --data <folder> '<expression>' [options]

Asks telltale, Prometheus or anything with the HTTP API of Prometheus, or a folder that telltale watch --data or a
FileStorage has filled, and prints a table.

  <url>              of the server, as in http://127.0.0.1:9464 (user:password@ for basic auth)
  --data <folder>    asks the files in a folder, which another process may be writing to

  --time <time>      the moment to ask for, in seconds since 1970 or as in 2026-01-01T12:00:00Z; now unless given
  --start <time>     asks for a range of time, in steps, together with --end and --step
  --end <time>       now unless given
  --step <duration>  as in 15s or 5m; 60 steps in all unless given
  --timeout <s>      how long the answer may take, 30 seconds unless given
  --json             what the API answers, instead of a table
  --help, -h         this text

Exit codes: 0 when there was an answer, which may be empty; 1 when there was none, because the server cannot be reached,
the folder cannot be read, or the expression is wrong; 2 when this command was not understood.`;

const HINT = 'See telltale query --help.';
const NO_ANSWER = 1;

interface QueryOptions {
  /** A server, or a folder. */
  readonly source: { readonly url: string } | { readonly folder: string };
  readonly question: Question;
  readonly asJson: boolean;
}

export async function query(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  const { source, question, asJson } = options;
  const answer: Result<Answer, string> =
    'url' in source ? await queryServer(source.url, question) : await queryFolder(source.folder, question);
  if (answer.isErr()) {
    console.error(`telltale: ${answer.error}`);
    return NO_ANSWER;
  }
  const { data, notes } = answer.value;
  for (const note of notes) console.error(`telltale: ${note}`);
  if (asJson) console.log(JSON.stringify(data));
  else console.log(answerTable(data));
  return 0;
}

/** Undefined when help is asked for. */
function readOptions(args: readonly string[]): QueryOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const rest = [...positionals];
  const url = values.data === undefined ? rest.shift() : undefined;
  const [expression, ...tooMany] = rest;
  if (values.data === undefined && url === undefined) {
    throw new UsageError('Say whom to ask: a URL, or --data <folder>.', HINT);
  }
  if (expression === undefined) throw new UsageError("Say what to ask, in quotes: 'up == 0'.", HINT);
  if (tooMany.length > 0) throw new UsageError('Put the expression into quotes, so that it is one argument.', HINT);
  const timeoutSeconds = Number(values.timeout);
  if (!(timeoutSeconds > 0 && timeoutSeconds <= 86_400)) {
    throw new UsageError('Give --timeout in seconds, above 0 and at most a day.', HINT);
  }
  return {
    source: values.data === undefined ? { url: addressOf(url as string) } : { folder: values.data },
    question: { expression, timeoutSeconds, ...momentsOf(values) },
    asJson: values.json,
  };
}

type Moments = Pick<Question, 'timeSeconds' | 'range'>;

function momentsOf(values: Readonly<Partial<Record<'time' | 'start' | 'end' | 'step', string>>>): Moments {
  const { time, start, end, step } = values;
  if (start === undefined) {
    if (end !== undefined || step !== undefined) throw new UsageError('Give --start as well, for a range.', HINT);
    return time === undefined ? {} : { timeSeconds: secondsOf('--time', time) };
  }
  if (time !== undefined) throw new UsageError('Give --time for one moment, or --start for a range.', HINT);
  const startSeconds = secondsOf('--start', start);
  const endSeconds = end === undefined ? Date.now() / 1000 : secondsOf('--end', end);
  if (endSeconds < startSeconds) throw new UsageError('Give an --end that is not before --start.', HINT);
  return { range: { startSeconds, endSeconds, step: step ?? String(Math.max(1, (endSeconds - startSeconds) / 60)) } };
}

function secondsOf(option: string, text: string): number {
  const seconds = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  if (Number.isFinite(seconds)) return seconds;
  throw new UsageError(`Give ${option} in seconds since 1970 or as in 2026-01-01T12:00:00Z.`, HINT);
}

function addressOf(text: string): string {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (/^https?:/i.test(address) && URL.canParse(address)) return address;
  throw new UsageError(
    `"${text.slice(0, 200)}" is no address of a server. Give one as in http://127.0.0.1:9464.`,
    HINT,
  );
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        time: { type: 'string' },
        start: { type: 'string' },
        end: { type: 'string' },
        step: { type: 'string' },
        timeout: { type: 'string', default: '30' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw argumentMistake(error, HINT);
  }
}
