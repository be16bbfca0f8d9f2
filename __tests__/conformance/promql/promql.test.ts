// The engine judged by Prometheus' own tests for PromQL: the part of them that the shared cases hold, and, where PROMQL_SUITE
// names a folder with all of them, the whole.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { QueryEngine } from '../../../lib/query/query-engine.js';
import { leftOut } from './left-out.js';
import { LoadedSeries } from './loaded-series.js';
import { runCommand } from './run-command.js';
import { type EvalCommand, readScript } from './script.js';

const shared = join(__dirname, '../../../../shared/cases/promql');
const whole = process.env.PROMQL_SUITE;

describe.each(filesIn(shared))('the shared cases of %s', (file) => {
  judge(join(shared, file));
});

if (whole !== undefined) {
  describe.each(filesIn(whole))('the whole suite, %s', (file) => {
    judge(join(whole, file));
  });
}

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory).filter((file) => file.endsWith('.test'));
}

function judge(path: string): void {
  const reasons = new Map(
    leftOut.filter(({ file }) => file === basename(path)).map(({ evaluation, reason }) => [evaluation, reason]),
  );
  const loaded = new LoadedSeries();
  const engine = new QueryEngine(loaded, { subqueryStepSeconds: 60 });
  const commands = readScript(readFileSync(path, 'utf8'));
  let before: (() => void)[] = [];
  for (const command of commands) {
    if (command.kind === 'load') before.push(() => loaded.load(command));
    else if (command.kind === 'clear') before.push(() => loaded.clear());
    else {
      const prepare = before;
      before = [];
      it(`line ${command.line}: ${evaluationOf(command)}`, async () => {
        for (const step of prepare) step();
        const { problems, isUnsupported } = await runCommand(engine, command);
        const reason = path.startsWith(shared) ? reasons.get(evaluationOf(command)) : undefined;
        // What can be answered after all belongs to the judged ones.
        if (reason !== undefined) expect(isUnsupported || problems.length > 0).toBe(true);
        else
          expect({ problems, isUnsupported }).toEqual({
            problems: [],
            isUnsupported: path.startsWith(shared) ? false : isUnsupported,
          });
      });
    }
  }
}

function evaluationOf({ expression, endMs }: EvalCommand): string {
  return `${endMs === undefined ? 'instant' : 'range'} ${expression}`;
}
