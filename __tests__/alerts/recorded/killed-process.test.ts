// A service whose alerts are kept in files, killed while one of them fires: the next process knows since when, and tells of it at
// once instead of waiting for its `for` again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPackage, type Program, startProgram } from '../../support/program.js';

jest.setTimeout(60_000);
beforeAll(buildPackage, 120_000);
const programs: Program[] = [];
afterEach(async () => {
  await Promise.all(programs.splice(0).map(({ child }) => child.stop()));
});

/** Says of each alert that its notifier hears of what it is and since when, and once that is in the files. */
const service = `
import { join } from 'node:path';
import { describe, FileStorage, MetricsCollector } from 'telltale';
import { alertRule, callbackNotifier, promql, recordedIn, RuleEvaluator, ruleGroup } from 'telltale/alerts';
import { QueryEngine } from 'telltale/query';

const onError = (error) => console.log(describe(error));
const open = async (name) => (await FileStorage.open({ directory: join(process.argv[2], name) }))._unsafeUnwrap();
const [storage, ofRules] = await Promise.all([open('metrics'), open('rules')]);
const metrics = new MetricsCollector({ storage });
metrics.gauge('queue_depth').set(Number(process.argv[3]));
await metrics.collectAndStore();

const recorded = recordedIn(ofRules, { onError });
const engine = new QueryEngine([storage, recorded]);
const heard = callbackNotifier(async (alerts) => {
  for (const { state, activeAtMs } of alerts) console.log(state, Math.floor(activeAtMs / 1000));
  await recorded.flush();
  const kept = (await ofRules.select([{ name: 'alertstate', operator: '=', value: 'firing' }], { startMs: 0, endMs: Infinity }))._unsafeUnwrap();
  for await (const { labels } of kept) console.log('kept', labels.__name__);
});
const rule = alertRule({ alert: 'Backlog', expr: promql\`queue_depth > 100\`, forSeconds: 2 });
const groups = [ruleGroup({ name: 'queues', intervalSeconds: 0.25, rules: [rule] })];
const evaluator = (await RuleEvaluator.open({ engine, storage: recorded, groups, notifiers: [heard], onError }))._unsafeUnwrap();
evaluator.start();
console.log('started');
setInterval(() => {}, 1000);
process.on('SIGTERM', async () => {
  await evaluator.close();
  await metrics.shutdown();
  await ofRules.close();
  process.exit(0);
});
`;

function start(...args: readonly string[]): Program {
  const program = startProgram(service, args);
  programs.push(program);
  return program;
}

async function lines(program: Program, count: number): Promise<(string | undefined)[]> {
  const all: (string | undefined)[] = [];
  while (all.length < count) all.push(await program.line());
  return all;
}

describe('recordedIn', () => {
  it('has alerts go on after the process was killed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'telltale-alerts-'));
    const first = start(directory, '250');
    const [started, firing, kept] = await lines(first, 3);
    expect([started, firing, kept]).toEqual(['started', expect.stringMatching(/^firing \d+$/), 'kept ALERTS']);
    first.child.process.kill('SIGKILL');
    expect(await first.exit).toBe('SIGKILL');

    const startedAgainAt = Date.now() / 1000;
    const second = start(directory, '300');
    // Active for longer than this process is there: nothing was forgotten.
    const [, again] = await lines(second, 2);
    expect(again).toBe(firing);
    expect(Number(again!.split(' ')[1])).toBeLessThan(startedAgainAt);
    second.child.process.kill('SIGTERM');
    expect(await second.exit).toBe(0);
    await rm(directory, { recursive: true });
  });
});
