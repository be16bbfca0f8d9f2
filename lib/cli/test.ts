// `telltale test rules`: unit tests of rules in promtool's form, run in this process. What runs them stands in
// telltale/alerts; here are the arguments and what is printed.
import { parseArgs } from 'node:util';
import { MemoryStorage } from '../../storage/index.js';
import { refusalText, reportText, runRuleTests } from '../alerts/index.js';
import { argumentMistake, UsageError } from './usage-error.js';

const HELP = `telltale test rules <file> …

Runs unit tests of alerting and recording rules: the same files as for promtool test rules, with the outcome of
Prometheus 3.5.
See https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/ for their form.

  --json      one object for each file, instead of text
  --help, -h  this text

Exit codes: 0 when all tests passed; 1 when one failed, or a file of tests or of rules cannot be read or makes no sense;
2 when this command was not understood.`;

const HINT = 'See telltale test --help.';
const FAILED = 1;

export async function test(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [what, ...files] = positionals;
  if (what !== 'rules') throw new UsageError('Say what to test: telltale test rules <file>.', HINT);
  if (files.length === 0) throw new UsageError('Say which files of tests to run, as in rules.test.yml.', HINT);
  const run = values.json ? runToJson : runToText;
  let hasFailed = false;
  for (const file of files) if (!(await run(file))) hasFailed = true;
  return hasFailed ? FAILED : 0;
}

/** Samples of tests are of 1970. */
const newStorage = () => new MemoryStorage({ retentionSeconds: Number.POSITIVE_INFINITY });

async function runToText(file: string): Promise<boolean> {
  console.log(`Unit Testing:  ${file}`);
  const ran = await runRuleTests(file, newStorage);
  if (ran.isErr()) {
    console.log(`${refusalText(ran.error)}\n`);
    return false;
  }
  for (const warning of ran.value.warnings) console.error(`  WARNING: ${warning}`);
  console.log(`${reportText(ran.value)}\n`);
  return ran.value.failures.length === 0;
}

async function runToJson(file: string): Promise<boolean> {
  const ran = await runRuleTests(file, newStorage);
  const passed = ran.isOk() && ran.value.failures.length === 0;
  const report = ran.isOk() ? ran.value : { file, error: ran.error };
  console.log(JSON.stringify({ ...report, passed }));
  return passed;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw argumentMistake(error, HINT);
  }
}
