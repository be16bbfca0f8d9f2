// Rules that are evaluated as the clock is moved: states, series, notifiers, restarts and changed files.
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { okAsync } from 'neverthrow';
import { MemoryStorage, type MetricsError } from 'telltale';
import { type Alert, type Notifier, RuleEvaluator, type RuleEvaluatorOptions, readRuleFile } from 'telltale/alerts';
import { QueryEngine } from 'telltale/query';
import { ManualClock } from 'telltale/testing';
import { pollUntil } from '../support/poll.js';

const START_MS = Date.UTC(2026, 0, 1);

/** A storage, an engine and an evaluator on one clock, with a notifier that writes down what it is told. */
class World {
  readonly clock = new ManualClock(START_MS);
  readonly storage = new MemoryStorage({ clock: this.clock });
  readonly engine = new QueryEngine(this.storage, { clock: this.clock });
  readonly told: Alert[][] = [];
  readonly errors: MetricsError[] = [];
  readonly notifier: Notifier = {
    name: 'notebook',
    notify: (alerts) => {
      this.told.push([...alerts]);
      return okAsync(undefined);
    },
    close: () => okAsync(undefined),
  };

  async open(options: Partial<RuleEvaluatorOptions>): Promise<RuleEvaluator> {
    const opened = await RuleEvaluator.open({
      engine: this.engine,
      storage: this.storage,
      notifiers: [this.notifier],
      clock: this.clock,
      onError: (error) => this.errors.push(error),
      ...options,
    });
    return opened._unsafeUnwrap();
  }

  set(value: number, labels: Record<string, string> = {}): void {
    this.storage.append({ __name__: 'load', ...labels }, this.clock.now(), value);
  }

  /** Moves the clock to the next turns, writing down one sample before each. */
  async turns(evaluator: RuleEvaluator, values: readonly number[]): Promise<string[]> {
    const states: string[] = [];
    for (const value of values) {
      this.clock.advance(15);
      this.set(value, { job: 'shop' });
      await evaluator.evaluateDue();
      states.push(evaluator.alerts.map(({ state }) => state).join(',') || 'inactive');
    }
    return states;
  }

  /** What a series shows now. */
  async answer(expr: string): Promise<readonly string[]> {
    const answer = (await this.engine.instant(expr))._unsafeUnwrap();
    if (answer.type !== 'vector') throw new Error('no vector');
    return answer.samples.map(({ labels, value }) => `${JSON.stringify({ ...labels })} ${value}`);
  }
}

function groupsOf(text: string) {
  return readRuleFile(text)._unsafeUnwrap();
}

const HIGH_LOAD = groupsOf(`
groups:
  - name: load
    rules:
      - alert: HighLoad
        expr: load > 5
        for: 30s
        labels: { severity: page }
        annotations: { summary: too much }
`);

describe('RuleEvaluator', () => {
  describe('evaluateDue', () => {
    it('evaluates nothing after the end', async () => {
      const world = new World();
      const evaluator = await world.open({ groups: HIGH_LOAD });
      await world.turns(evaluator, [9, 9, 9]);
      await evaluator.close();
      expect(await world.turns(evaluator, [0, 0])).toEqual(['firing', 'firing']);
      expect(evaluator.groups[0]?.count).toBe(3);
    });

    it('has an alert pending until its expression held for long enough, then firing, then gone', async () => {
      const world = new World();
      const evaluator = await world.open({ groups: HIGH_LOAD });
      const states = await world.turns(evaluator, [1, 9, 9, 9, 9, 1]);
      expect(states).toEqual(['inactive', 'pending', 'pending', 'firing', 'firing', 'inactive']);
    });

    it('begins anew when the expression did not hold once', async () => {
      const world = new World();
      const evaluator = await world.open({ groups: HIGH_LOAD });
      expect(await world.turns(evaluator, [9, 9, 1, 9, 9, 9])).toEqual([
        'pending',
        'pending',
        'inactive',
        'pending',
        'pending',
        'firing',
      ]);
    });

    it('goes on firing for as long as keep_firing_for says', async () => {
      const world = new World();
      const groups = groupsOf('groups: [{name: g, rules: [{alert: A, expr: load > 5, keep_firing_for: 30s}]}]');
      const evaluator = await world.open({ groups });
      expect(await world.turns(evaluator, [9, 1, 1, 1, 9])).toEqual([
        'firing',
        'firing',
        'firing',
        'inactive',
        'firing',
      ]);
    });

    it('tells notifiers of what fires, again after the resend delay, and of what is resolved', async () => {
      const world = new World();
      const evaluator = await world.open({
        groups: HIGH_LOAD,
        resendDelaySeconds: 30,
        externalLabels: { site: 'north' },
      });
      await world.turns(evaluator, [9, 9, 9, 9, 9, 9, 1, 1]);
      expect(world.told.map((alerts) => alerts.map(({ state, labels }) => ({ state, ...labels })))).toEqual(
        ['firing', 'firing', 'resolved'].map((state) => [
          { state, alertname: 'HighLoad', job: 'shop', severity: 'page', site: 'north' },
        ]),
      );
      expect(world.told[0]?.[0]).toMatchObject({
        annotations: { summary: 'too much' },
        value: 9,
        activeAtMs: START_MS + 15_000,
        firedAtMs: START_MS + 45_000,
        validUntilMs: START_MS + 45_000 + 4 * 30_000,
        generatorUrl: '/graph?g0.expr=load+%3E+5&g0.tab=1',
      });
      expect(world.told[2]?.[0]).toMatchObject({ resolvedAtMs: START_MS + 105_000 });
    });

    it('writes ALERTS and ALERTS_FOR_STATE, and ends them with the alert', async () => {
      const world = new World();
      const evaluator = await world.open({ groups: HIGH_LOAD });
      await world.turns(evaluator, [9, 9]);
      const labels = { alertname: 'HighLoad', job: 'shop', severity: 'page' };
      expect(await world.answer('ALERTS{alertstate="pending"} and on() vector(1)')).toHaveLength(1);
      expect(await world.answer('sum by (alertname, job, severity) (ALERTS_FOR_STATE)')).toEqual([
        `${JSON.stringify(labels)} ${START_MS / 1000 + 15}`,
      ]);
      await world.turns(evaluator, [9]);
      expect(await world.answer('count by (alertstate) (ALERTS)')).toEqual(['{"alertstate":"firing"} 1']);
      await world.turns(evaluator, [1]);
      expect(await world.answer('{__name__=~"ALERTS.*"}')).toEqual([]);
    });

    it('records what an expression answers, for the rules after it too, and ends what it answers no more', async () => {
      const world = new World();
      const groups = groupsOf(`
groups:
  - name: g
    labels: { team: a, job: '' }
    rules:
      - record: job:load:max
        expr: max by (job) (load) > 1
        labels: { job: '' , kind: "{{ raw }}" }
      - record: double
        expr: job:load:max * 2
`);
      const evaluator = await world.open({ groups });
      await world.turns(evaluator, [4]);
      expect(await world.answer('job:load:max')).toEqual([
        '{"__name__":"job:load:max","kind":"{{ raw }}","team":"a"} 4',
      ]);
      expect(await world.answer('sum(double)')).toEqual(['{} 8']);
      await world.turns(evaluator, [1]);
      expect(await world.answer('{__name__=~"job:load:max|double"}')).toEqual([]);
    });

    it('counts what it missed, and evaluates the last moment only', async () => {
      const world = new World();
      const evaluator = await world.open({ groups: HIGH_LOAD });
      world.set(9);
      world.clock.advance(62);
      await evaluator.evaluateDue();
      await evaluator.evaluateDue();
      expect(evaluator.groups[0]).toMatchObject({ missed: 3, count: 1 });
      expect(evaluator.alerts[0]?.activeAtMs).toBe(START_MS + 60_000);
    });

    it('reports a rule that gives more than its limit, and forgets its alerts', async () => {
      const world = new World();
      const groups = groupsOf('groups: [{name: g, limit: 1, rules: [{alert: A, expr: load > 5}]}]');
      const evaluator = await world.open({ groups });
      world.clock.advance(15);
      world.set(9, { job: 'a' });
      world.set(9, { job: 'b' });
      await evaluator.evaluateDue();
      expect(evaluator.alerts).toEqual([]);
      expect(world.errors).toEqual([
        { kind: 'rule_failed', group: 'g', rule: 'A', problem: 'exceeded limit of 1 with 2 alerts' },
      ]);
    });

    it('asks behind the clock by the query offset, and writes there', async () => {
      const world = new World();
      const groups = groupsOf('groups: [{name: g, query_offset: 15s, rules: [{record: r, expr: load}]}]');
      const evaluator = await world.open({ groups });
      await world.turns(evaluator, [1, 2, 3]);
      expect(await world.answer('sum(r)')).toEqual(['{} 2']);
      expect(await world.answer('timestamp(sum(timestamp(r)) == vector(time() - 15))')).toHaveLength(1);
    });
  });

  describe('open', () => {
    it('knows after a restart since when alerts are active, without the time while nobody looked', async () => {
      const world = new World();
      const long = groupsOf('groups: [{name: g, rules: [{alert: A, expr: load > 5, for: 60s}]}]');
      const before = await world.open({ groups: long });
      await world.turns(before, [9, 9, 9]);
      await before.close();
      world.clock.advance(120);
      const after = await world.open({ groups: long });
      expect(await world.turns(after, [9, 9, 9])).toEqual(['pending', 'pending', 'firing']);
    });

    it('has an alert fire at once that fired before a restart', async () => {
      const world = new World();
      const before = await world.open({ groups: HIGH_LOAD });
      await world.turns(before, [9, 9, 9]);
      const after = await world.open({ groups: HIGH_LOAD });
      expect(await world.turns(after, [9])).toEqual(['firing']);
    });

    it('does not know what was resolved before a restart, or is too long ago', async () => {
      const world = new World();
      const before = await world.open({ groups: HIGH_LOAD });
      await world.turns(before, [9, 9, 9, 1]);
      const after = await world.open({ groups: HIGH_LOAD });
      expect(await world.turns(after, [9, 9, 9])).toEqual(['pending', 'pending', 'firing']);
      world.clock.advance(100);
      const late = await world.open({ groups: HIGH_LOAD, outageToleranceSeconds: 60 });
      expect(await world.turns(late, [9])).toEqual(['pending']);
    });
  });

  describe('start', () => {
    const UP = groupsOf('groups: [{name: g, interval: 100ms, rules: [{alert: Up, expr: vector(1)}]}]');
    const running = async (options: Partial<RuleEvaluatorOptions>) => {
      const storage = new MemoryStorage();
      const opened = await RuleEvaluator.open({ engine: new QueryEngine(storage), storage, ...options });
      const evaluator = opened._unsafeUnwrap();
      evaluator.start();
      evaluator.start();
      return evaluator;
    };

    it('evaluates each time that a turn comes, once for each, until it is closed', async () => {
      let told = 0;
      let evaluator!: RuleEvaluator;
      await new Promise<void>((resolve) => {
        const notify = () => {
          if (++told === 2) resolve();
          return okAsync(undefined);
        };
        const notifier: Notifier = { name: 'counter', notify, close: () => okAsync(undefined) };
        void running({ groups: UP, notifiers: [notifier], resendDelaySeconds: 0 }).then((opened) => {
          evaluator = opened;
        });
      });
      const [{ evaluation, count }] = evaluator.groups as [RuleEvaluator['groups'][number]];
      expect(evaluation.lastEvaluationMs % 100).toBe(0);
      expect(count).toBe(told);
      await evaluator.close();
      const last = evaluation.lastEvaluationMs;
      await evaluator.evaluateDue();
      evaluator.start();
      expect([evaluation.lastEvaluationMs, (await evaluator.close()).isOk()]).toEqual([last, true]);
    });

    it('waits for what is left where a timer rings before the turn', async () => {
      jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] });
      try {
        const world = new World();
        const evaluator = await world.open({ groups: HIGH_LOAD });
        evaluator.start();
        world.clock.advance(14.999);
        jest.advanceTimersByTime(15_000);
        await turn();
        expect(evaluator.groups[0]?.count).toBe(0);
        world.clock.advance(0.001);
        jest.advanceTimersByTime(1);
        while (evaluator.groups[0]?.count === 0) await turn();
        expect(evaluator.groups[0]?.evaluation.lastEvaluationMs).toBe(START_MS + 15_000);
        await evaluator.close();
      } finally {
        jest.useRealTimers();
      }
    });

    it('evaluates no more once it is stopped, and goes on when it is started again', async () => {
      const evaluator = await running({ groups: UP });
      const [turns] = evaluator.groups as [RuleEvaluator['groups'][number]];
      const evaluated = (count: number) =>
        pollUntil({ what: 'an evaluation', timeoutMs: 20_000 }, async () => turns.count >= count || undefined);
      await evaluated(1);
      await evaluator.stop();
      const { count } = turns;
      const turnMs = turns.nextTurnMs(Date.now());
      await pollUntil({ what: 'The next turn', timeoutMs: 20_000 }, async () => Date.now() > turnMs + 20 || undefined);
      expect(turns.count).toBe(count);
      evaluator.start();
      await evaluated(count + 1);
      await evaluator.close();
    });

    it('takes a file when it is changed, removed and made again, and tells of what is wrong', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'telltale-rules-'));
      const file = join(folder, 'rules.yml');
      const text = (name: string) => `groups: [{name: ${name}}]`;
      const errors: MetricsError[] = [];
      await writeFile(file, text('a'));
      const evaluator = await running({ file, onError: (error) => errors.push(error) });
      const names = () => evaluator.groups.map(({ evaluation }) => evaluation.group.name).join();
      const once = (what: string, holds: () => boolean) =>
        pollUntil({ what, timeoutMs: 20_000 }, async () => holds() || undefined);
      await writeFile(file, text('b'));
      await once('the changed file', () => names() === 'b');
      await writeFile(file, 'groups: [{}]');
      await once('the broken file', () => errors.at(-1)?.kind === 'invalid_rules');
      await rm(file);
      await once('the removed file', () => errors.at(-1)?.kind === 'rules_unreadable');
      expect(names()).toBe('b');
      await writeFile(`${file}.new`, text('c'));
      await rename(`${file}.new`, file);
      await once('the new file', () => names() === 'c');
      expect(errors).toHaveLength(2);
      await evaluator.close();
      await rm(folder, { recursive: true });
    });
  });

  describe('reload', () => {
    let folder = '';
    let file = '';
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'telltale-rules-'));
      file = join(folder, 'rules.yml');
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    const ruleFile = (threshold: number, name = 'A') =>
      `groups: [{name: g, rules: [{alert: ${name}, expr: load > ${threshold}}]}]`;

    it('refuses to open a file that is not there or is broken', async () => {
      const world = new World();
      const missing = await RuleEvaluator.open({ engine: world.engine, file, clock: world.clock });
      expect(missing._unsafeUnwrapErr()).toMatchObject({ kind: 'rules_unreadable', file });
      await writeFile(file, 'groups: [{}]');
      const broken = await RuleEvaluator.open({ engine: world.engine, file, clock: world.clock });
      expect(broken._unsafeUnwrapErr()).toMatchObject({
        kind: 'invalid_rules',
        file,
        problems: [{ line: 1, column: 10, problem: 'Groupname must not be empty' }],
      });
    });

    it('takes a changed file as a whole, and keeps the alerts of rules that stay', async () => {
      const world = new World();
      await writeFile(file, ruleFile(5));
      const reloads: string[] = [];
      const onReload: RuleEvaluatorOptions['onReload'] = ([group]) => reloads.push(String(group?.rules[0]?.expr));
      const evaluator = await world.open({ file, onReload });
      await world.turns(evaluator, [9]);
      await writeFile(`${file}.new`, ruleFile(7));
      await rename(`${file}.new`, file);
      await evaluator.reload();
      await evaluator.reload();
      expect(reloads).toEqual(['load > 7']);
      expect(evaluator.alerts).toMatchObject([{ state: 'firing', activeAtMs: START_MS + 15_000 }]);
      expect(await world.turns(evaluator, [6])).toEqual(['inactive']);
      expect(world.told.flat().map(({ state }) => state)).toEqual(['firing', 'resolved']);
    });

    it('resolves the alerts of rules that are gone, and ends their series', async () => {
      const world = new World();
      await writeFile(file, ruleFile(5));
      const evaluator = await world.open({ file });
      await world.turns(evaluator, [9]);
      await writeFile(file, ruleFile(5, 'B'));
      await evaluator.reload();
      const told = world.told.flat().map(({ state, labels, generatorUrl }) => [labels.alertname, state, generatorUrl]);
      expect(told).toEqual([
        ['A', 'firing', '/graph?g0.expr=load+%3E+5&g0.tab=1'],
        ['A', 'resolved', '/graph?g0.expr=load+%3E+5&g0.tab=1'],
      ]);
      await world.turns(evaluator, [9]);
      expect(await world.answer('count by (alertname) (ALERTS)')).toEqual(['{"alertname":"B"} 1']);
    });

    it('keeps the old rules when the file breaks, and says why once', async () => {
      const world = new World();
      await writeFile(file, ruleFile(5));
      const evaluator = await world.open({ file });
      await writeFile(file, 'groups: [{name: g, rules: [{alert: A, expr: "load >"}]}]');
      await evaluator.reload();
      await evaluator.reload();
      expect(world.errors).toHaveLength(1);
      expect(world.errors[0]).toMatchObject({ kind: 'invalid_rules', file, problems: [{ line: 1, column: 45 }] });
      expect(await world.turns(evaluator, [9])).toEqual(['firing']);
      await rm(file);
      await evaluator.reload();
      expect(world.errors[1]).toMatchObject({ kind: 'rules_unreadable', file });
      expect(await world.turns(evaluator, [9])).toEqual(['firing']);
    });
  });
});
