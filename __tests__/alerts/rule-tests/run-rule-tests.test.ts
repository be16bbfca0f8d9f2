// Rule tests run here as they run in promtool: over the same files both say the same of what passes and what fails.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runRuleTests } from '../../../lib/alerts/rule-tests/run-rule-tests.js';
import { MemoryStorage } from '../../../storage/memory/memory-storage.js';
import { runCommand } from '../../support/child.js';
import { describeWithServer, serverComponent } from '../../support/servers.js';
import { type AgreementCase, writeCase } from './agreement-case.js';
import { alertCases } from './alert-cases.js';
import { expressionCases } from './expression-cases.js';
import { templateCases } from './template-cases.js';

const cases: readonly AgreementCase[] = [...alertCases, ...expressionCases, ...templateCases];
const newStorage = () => new MemoryStorage({ retentionSeconds: Number.POSITIVE_INFINITY });

let folder = '';
let files: readonly string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-rule-tests-'));
  files = await Promise.all(cases.map((one, i) => writeCase(folder, i, one)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function passes(file: string): Promise<boolean> {
  const ran = await runRuleTests(file, newStorage);
  return ran.isOk() && ran.value.failures.length === 0;
}

describe('runRuleTests', () => {
  it.each(cases.map(({ title, passes: isPass }, i) => [isPass ? 'passes' : 'fails', title, i] as const))(
    '%s: %s',
    async (outcome, _title, i) => {
      expect((await passes(files[i] as string)) ? 'passes' : 'fails').toBe(outcome);
    },
  );
});

/** What promtool prints on stdout: of each file its name, and nothing more but of successes. One process for all files. */
async function promtoolSuccesses(): Promise<string> {
  const { path, env } = serverComponent('promtool');
  const args = ['-c', '"$0" test rules "$@" 2>/dev/null', path, ...files];
  return (await runCommand({ path: '/bin/sh', args, env }, '')).output;
}

describeWithServer('promtool', 'runRuleTests beside promtool', () => {
  it('says the same of what passes and what fails', async () => {
    const output = await promtoolSuccesses();
    const passed = files.map((file) => output.includes(`Unit Testing:  ${file}\n  SUCCESS\n`));
    expect(cases.map(({ title }, i) => [title, passed[i]])).toEqual(cases.map(({ title, passes: is }) => [title, is]));
    expect(output.match(/Unit Testing/g)).toHaveLength(cases.length);
  });

  it('says so of enough cases, about half of which fail', () => {
    const failing = cases.filter((one) => !one.passes).length;
    expect(failing).toBeGreaterThanOrEqual(40);
    expect(cases.length - failing).toBeGreaterThanOrEqual(40);
  });
});
