// `telltale lint`: tells what breaks the conventions of Prometheus on a page of metrics. The rules stand in telltale/testing and
// the reading of pages in linting/; here are the arguments and what is printed.
import { parseArgs } from 'node:util';
import { type LintFinding, lintFamilies } from '../testing/index.js';
import { readPage } from './linting/read-page.js';
import { argumentMistake, UsageError } from './usage-error.js';

const HELP = `telltale lint <url> | <file> | -

Reads a page of metrics, classic text or OpenMetrics or protobuf, and tells what breaks the conventions of Prometheus: names,
units, counters without _total, missing descriptions and types, labels without end, metrics with many series.

  <url>             of a page, as in http://localhost:3000/metrics (user:password@ for basic auth)
  <file>            with such a page; - for what comes on stdin

  --except <rule>   leaves a rule out; may be given several times
  --timeout <s>     how long the page may take to arrive, 10 seconds unless given
  --json            a list of findings, instead of text
  --help, -h        this text

Exit codes: 0 when nothing was found; 1 when something was; 2 when the page cannot be had or read, or this command was not
understood.`;

const HINT = 'See telltale lint --help.';
const FOUND = 1;
const UNREAD = 2;

export async function lint(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [source, ...tooMany] = positionals;
  if (source === undefined) throw new UsageError('Say what to read: a URL, a file, or - for stdin.', HINT);
  if (tooMany.length > 0) throw new UsageError('Give one page at a time.', HINT);
  const families = await readPage(source, timeoutOf(values.timeout));
  if (families.isErr()) {
    console.error(`telltale: ${families.error}`);
    return UNREAD;
  }
  const findings = found(() => lintFamilies(families.value, { except: values.except }));
  console.log(values.json ? JSON.stringify(findings) : reportOf(findings, families.value.length));
  return findings.length > 0 ? FOUND : 0;
}

function found(find: () => readonly LintFinding[]): readonly LintFinding[] {
  try {
    return find();
  } catch (error) {
    // The only fault that is thrown: a rule to leave out that there is not.
    throw new UsageError((error as Error).message, HINT);
  }
}

/** What was found, by rule, so that each says only once why it is one. */
function reportOf(findings: readonly LintFinding[], familyCount: number): string {
  if (findings.length === 0) return `Nothing was found in ${counted(familyCount, 'metric')}.`;
  const parts = [...new Set(findings.map(({ rule }) => rule))].map((rule) => {
    const ofRule = findings.filter((finding) => finding.rule === rule);
    return [`${rule}: ${ofRule[0]?.reason}`, ...ofRule.map(({ problem }) => `  ${printable(problem)}`)].join('\n');
  });
  return [...parts, `${counted(findings.length, 'finding')} in ${counted(familyCount, 'metric')}.`].join('\n\n');
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

/** What comes from a page moves no cursor of a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

function timeoutOf(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 86_400) return seconds;
  throw new UsageError('Give --timeout in seconds, above 0 and at most a day.', HINT);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        except: { type: 'string', multiple: true, default: [] },
        timeout: { type: 'string', default: '10' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw argumentMistake(error, HINT);
  }
}
