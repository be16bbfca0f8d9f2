// Processes of node:cluster as one: real processes, the built package, and a primary that reads them through its own collector.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/run-command.js';
import { buildPackage } from '../support/program.js';
import { common, linesOf } from './program.js';

jest.setTimeout(120_000);
beforeAll(buildPackage);

/** Workers do what they are sent by name, with an argument. */
const program = (primary: string, tasks: string, defined = '') => `${common}
import cluster from 'node:cluster';
${defined}
if (cluster.isPrimary) {
  const start = async (name) => { const worker = cluster.fork({ WORKER: name }); await once(worker, 'message'); return worker; };
  const told = (worker, task, argument) => new Promise((done) => {
    const onMessage = (message) => {
      // Reports pass here as well.
      if (message !== task) return;
      worker.off('message', onMessage);
      done();
    };
    worker.on('message', onMessage);
    worker.send({ task, argument });
  });
  const ended = async (worker) => { worker.process.kill('SIGKILL'); await once(worker, 'exit'); };
  const stop = async () => { for (const worker of Object.values(cluster.workers)) { worker.kill(); await once(worker, 'exit'); } };
  ${primary}
  await stop();
} else {
  const tasks = { ${tasks} };
  process.on('message', ({ task, argument }) => {
    if (task === undefined) return;
    tasks[task](argument);
    process.send(task);
  });
  process.send('ready');
}`;

interface GaugeCase {
  readonly mode: string;
  readonly writes: readonly (readonly [string, number])[];
  readonly before: number | Readonly<Record<string, number | null>>;
  readonly after?: number | Readonly<Record<string, number | null>>;
}

interface Cases {
  readonly counter: { readonly writes: readonly (readonly [string, number])[]; readonly total: number };
  readonly summary: {
    readonly observe: readonly (readonly [string, number])[];
    readonly count: number;
    readonly sum: number;
  };
  readonly histogram: Cases['summary'] & { readonly le5: number };
  readonly gauge: readonly GaugeCase[];
}

describe('two processes of which one dies', () => {
  const cases = JSON.parse(readFileSync(join(root, '../shared/cases/multiprocess_modes.json'), 'utf8')) as Cases;
  const aggregationOf = (mode: string) =>
    mode.replace(/^(live)?(most)?([a-z])/, (_, live = '', most = '', letter: string) =>
      live === ''
        ? `${most}${most === '' ? letter : letter.toUpperCase()}`
        : `live${most === '' ? letter.toUpperCase() : `Most${letter.toUpperCase()}`}`,
    );
  let before: string[] = [];
  let after: string[] = [];

  beforeAll(async () => {
    const gauges = cases.gauge.map(({ mode, writes }) => ({ mode, aggregation: aggregationOf(mode), writes }));
    const defined = `
      const counter = metrics.counter('c');
      const summary = metrics.summary('s');
      const histogram = metrics.histogram('h', { buckets: [5] });
      const gauges = ${JSON.stringify(gauges)}.map(({ mode, aggregation }) => metrics.gauge('g_' + mode, { aggregation, labelNames: ['of'] }));`;
    const steps = [
      ...cases.counter.writes.map(([worker, value]) => [worker, 'count', value]),
      ...cases.summary.observe.map(([worker, value]) => [worker, 'summarise', value]),
      ...cases.histogram.observe.map(([worker, value]) => [worker, 'observe', value]),
      ...cases.gauge.flatMap(({ writes }, i) => writes.map(([worker, value]) => [worker, 'set', [i, value]])),
    ];
    const primary = `
      gatherWorkers(metrics);
      const workers = { 123: await start('123'), 456: await start('456') };
      for (const worker of Object.values(workers)) await told(worker, 'join');
      for (const [worker, task, argument] of ${JSON.stringify(steps)}) await told(workers[worker], task, argument);
      console.log(await shown(/^[gsh]_|^c |^s_/));
      await ended(workers[123]);
      await settled(async () => (await shown(/state="live"/)).endsWith(' 1'));
      console.log(await shown(/^[gsh]_|^c |^s_/));`;
    const tasks = `
      join: () => { joinCluster(metrics, { worker: process.env.WORKER }); },
      count: (value) => counter.increment(value),
      summarise: (value) => summary.observe(value),
      observe: (value) => histogram.observe(value),
      set: ([i, value]) => gauges[i].set(value, { of: 'it' }),`;
    [before = [], after = []] = (await linesOf(program(primary, tasks, defined))).map((line) => line.split(' | '));
  });

  it('adds up counters, summaries and histograms, and keeps what was counted', () => {
    const expected = [
      `c ${cases.counter.total}`,
      `h_bucket{le="+Inf"} ${cases.histogram.count}`,
      `h_bucket{le="5"} ${cases.histogram.le5}`,
      `h_count ${cases.histogram.count}`,
      `h_sum ${cases.histogram.sum}`,
      `s_count ${cases.summary.count}`,
      `s_sum ${cases.summary.sum}`,
    ];
    for (const lines of [before, after]) expect(lines.filter((line) => !line.startsWith('g_'))).toEqual(expected);
  });

  it.each(cases.gauge)('shows gauges of the mode $mode', ({ mode, before: first, after: second }) => {
    const linesFor = (expected: GaugeCase['before']) =>
      typeof expected === 'number'
        ? [`g_${mode}{of="it"} ${expected}`]
        : Object.entries(expected)
            .filter(([, value]) => value !== null)
            .map(([worker, value]) => `g_${mode}{of="it",worker="${worker}"} ${value}`);
    const own = (lines: readonly string[]) => lines.filter((line) => line.startsWith(`g_${mode}{`));
    expect(own(before)).toEqual(linesFor(first));
    if (second !== undefined) expect(own(after)).toEqual(linesFor(second));
  });
});

describe('processes', () => {
  it.each(['json', 'advanced'])(
    'are gathered over a channel of %s messages, those that started before the gatherer too',
    async (serialization) => {
      const primary = `
      cluster.setupPrimary({ serialization: '${serialization}' });
      const first = await start('1');
      await told(first, 'count');
      gatherWorkers(metrics);
      const second = await start('2');
      await told(second, 'count');
      await settled(async () => (await shown(/^jobs_total/)) === 'jobs_total{kind="a"} 4 | jobs_total{kind="b"} 0.5');
      console.log(await shown(/^jobs_total/));`;
      const tasks = `
      count: () => {
        joinCluster(metrics);
        jobs.increment(2, { kind: 'a' });
        jobs.increment(0.25, { kind: 'b' });
      },`;
      const defined = `const jobs = metrics.counter('jobs_total', { labelNames: ['kind'] });`;
      expect(await linesOf(program(primary, tasks, defined))).toEqual([
        'jobs_total{kind="a"} 4 | jobs_total{kind="b"} 0.5',
      ]);
    },
  );

  it('are counted to the last when they exit, and up to their last report when they are killed', async () => {
    const primary = `
      gatherWorkers(metrics);
      const [exits, killed] = [await start('1'), await start('2')];
      await told(exits, 'join');
      await told(killed, 'join');
      exits.send({ task: 'countAndExit' });
      killed.send({ task: 'countAndDie' });
      await Promise.all([once(exits, 'exit'), once(killed, 'exit')]);
      await settled(async () => (await shown(/state="live"/)).endsWith(' 0'));
      console.log(await shown(/^jobs_total/));`;
    const tasks = `
      join: () => { globalThis.joined = joinCluster(metrics, { reportSeconds: 3600 }); },
      countAndExit: () => { jobs.increment(3); process.exit(0); },
      countAndDie: () => {
        jobs.increment(40);
        globalThis.joined.report();
        process.kill(process.pid, 'SIGKILL');
      },`;
    const defined = `const jobs = metrics.counter('jobs_total');`;
    expect(await linesOf(program(primary, tasks, defined))).toEqual(['jobs_total 43']);
  });

  it('are told from the start to whoever gathers them next', async () => {
    const primary = `
      const gathering = gatherWorkers(metrics);
      const worker = await start('1');
      await told(worker, 'join');
      await settled(async () => (await shown(/^jobs_total/)) === 'jobs_total 3');
      gathering.close();
      console.log(await shown(/^jobs_total/), gathering.workers().live);
      const next = new MetricsCollector();
      gatherWorkers(next);
      await settled(async () => (await next.expose()).includes('jobs_total 3'));
      await told(worker, 'count');
      await settled(async () => (await next.expose()).includes('jobs_total 7'));
      console.log(await shown(/^jobs_total/));`;
    const tasks = `
      join: () => { joinCluster(metrics, { reportSeconds: 0.01 }); metrics.counter('jobs_total').increment(3); },
      count: () => metrics.counter('jobs_total').increment(4),`;
    expect(await linesOf(program(primary, tasks))).toEqual([' 0', '']);
  });

  it('may have several collectors that join, and leave one by one', async () => {
    const primary = `
      gatherWorkers(metrics);
      const worker = await start('1');
      await told(worker, 'join');
      await settled(async () => (await shown(/^(jobs|depth|tasks)/)) === 'depth 5 | jobs_total 3 | tasks_total 2');
      console.log(await shown(/state=/));
      await told(worker, 'leave');
      await settled(async () => (await shown(/^(jobs|depth|tasks)/)) === 'jobs_total 3 | tasks_total 2');
      console.log(await shown(/state=/));
      await told(worker, 'again');
      await settled(async () => (await shown(/^(jobs|depth|tasks)/)) === 'depth 6 | jobs_total 13 | tasks_total 2');
      console.log(await shown(/state=/));`;
    const defined = `
      const joinWith = (jobs, depth) => {
        const own = new MetricsCollector();
        own.counter('jobs_total').increment(jobs);
        own.gauge('depth').set(depth);
        return joinCluster(own);
      };
      let first;`;
    const tasks = `
      join: () => { joinCluster(metrics); metrics.counter('tasks_total').increment(2); first = joinWith(3, 5); },
      leave: () => first.leave(),
      again: () => { joinWith(10, 6); },`;
    const workers = (live: number) =>
      `telltale_cluster_workers{state="live"} ${live} | telltale_cluster_workers{state="stale"} 0`;
    expect(await linesOf(program(primary, tasks, defined))).toEqual([workers(2), workers(1), workers(2)]);
  });
});
