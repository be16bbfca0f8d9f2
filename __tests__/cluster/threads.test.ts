// Worker threads as one: real threads, the built package, and a main thread that reads them through its own collector.
import { buildPackage } from '../support/program.js';
import { common, linesOf } from './program.js';

jest.setTimeout(120_000);
beforeAll(buildPackage);

/** A program that is both sides: what main and workers do, with what both define. Workers do what they are posted by name. */
const program = (main: string, tasks: string, defined = '') => `
${common}
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';

const jobs = metrics.counter('jobs_total', { labelNames: ['kind'] });
${defined}
if (isMainThread) {
  const start = () => new Worker(new URL(import.meta.url));
  const told = async (worker, task) => { worker.postMessage(task); await once(worker, 'message'); };
  ${main}
} else {
  const tasks = { ${tasks} };
  parentPort.on('message', (task) => { tasks[task](); parentPort.postMessage('done'); });
}`;

describe('worker threads', () => {
  it('add up, those that started before the gatherer and after it, and keep what they counted when they end', async () => {
    const main = `
      const first = start();
      await told(first, 'count');
      gatherWorkers(metrics);
      jobs.increment(1, { kind: 'main' });
      const second = start();
      await told(second, 'count');
      await settled(async () => (await shown(/^jobs_total/)).includes('"both"} 4'));
      console.log(await shown(/^jobs_total/));
      await told(first, 'more');
      await first.terminate();
      console.log(await shown(/^jobs_total/));
      await settled(async () => (await shown(/live/)).endsWith(' 1'));
      console.log(await shown(/^jobs_total/));
      await second.terminate();`;
    const tasks = `
      count: () => { joinCluster(metrics); jobs.increment(2, { kind: 'both' }); },
      more: () => jobs.increment(5, { kind: 'both' }),`;
    expect(await linesOf(program(main, tasks))).toEqual([
      'jobs_total{kind="both"} 4 | jobs_total{kind="main"} 1',
      // Shared memory: what a worker counted in the moment before it is killed is there.
      'jobs_total{kind="both"} 9 | jobs_total{kind="main"} 1',
      'jobs_total{kind="both"} 9 | jobs_total{kind="main"} 1',
    ]);
  });

  it('are told from the start to whoever gathers them next, also to one that waits', async () => {
    const main = `
      const gathering = gatherWorkers(metrics);
      const worker = start();
      await told(worker, 'join');
      await settled(async () => (await shown(/^jobs_total/)) === 'jobs_total{kind="a"} 3');
      const waiting = new MetricsCollector();
      const second = gatherWorkers(waiting);
      gathering.close();
      await settled(async () => (await waiting.expose()).includes('jobs_total{kind="a"} 3'));
      second.close();
      const last = new MetricsCollector();
      gatherWorkers(last);
      await settled(async () => (await last.expose()).includes('jobs_total{kind="a"} 3'));
      console.log(await shown(/^jobs_total/), (await waiting.expose()).includes('jobs_total'));
      await worker.terminate();`;
    const tasks = `join: () => { joinCluster(metrics); jobs.increment(3, { kind: 'a' }); },`;
    expect(await linesOf(program(main, tasks))).toEqual([' false']);
  });

  it('put their summaries and collect callbacks together', async () => {
    const main = `
      gatherWorkers(metrics);
      const workers = [start(), start(), start()];
      for (const worker of workers) await told(worker, 'observe');
      await settled(async () => (await shown(/^size_bytes_count/)).endsWith(' 300'));
      console.log(await shown(/^(size|depth)/));
      for (const worker of workers) await worker.terminate();`;
    const defined = `
      const size = metrics.summary('size_bytes', { quantiles: [0, 0.5, 1] });
      metrics.gauge('depth', { aggregation: 'max', collect: () => threadId * 10 });`;
    const tasks = `
      observe: () => { joinCluster(metrics); for (let i = 1; i <= 100; i++) size.observe(i + (threadId - 1) * 100); },`;
    const [line] = await linesOf(program(main, tasks, defined));
    const values = line?.match(/ [\d.]+(?= |$)/g)?.map(Number);
    expect(values?.slice(0, 2)).toEqual([30, 300]);
    expect(line).toMatch(/^depth 30 \| size_bytes_count 300 \| size_bytes_sum 45150 \| /);
    const quantiles = [...(line ?? '').matchAll(/quantile="([\d.]+)"} ([\d.]+)/g)].map(([, q, v]) => [
      Number(q),
      Number(v),
    ]);
    expect(quantiles.map(([q]) => q)).toEqual([0, 0.5, 1]);
    expect(Math.abs((quantiles[0]?.[1] ?? 0) - 1)).toBeLessThan(0.005);
    expect(Math.abs((quantiles[1]?.[1] ?? 0) - 150)).toBeLessThan(150 * 0.005);
    expect(Math.abs((quantiles[2]?.[1] ?? 0) - 300)).toBeLessThan(300 * 0.005);
  });

  it('are counted to the last in summaries and native histograms when they exit, and up to their last report when terminated', async () => {
    const main = `
      gatherWorkers(metrics);
      const [exits, ended] = [start(), start()];
      for (const worker of [exits, ended]) await told(worker, 'join');
      // Whoever ends before it was heard of takes all that it counted with it.
      await settled(async () => (await shown(/state="live"/)).endsWith(' 2'));
      exits.postMessage('observeAndExit');
      await once(exits, 'exit');
      await told(ended, 'observeAndReport');
      await ended.terminate();
      await settled(async () => (await shown(/state="live"/)).endsWith(' 0'));
      console.log(await shown(/_count/));`;
    const defined = `
      const size = metrics.summary('size_bytes');
      const duration = metrics.histogram('duration_seconds', { native: true });
      const observe = (count) => { for (let i = 0; i < count; i++) { size.observe(1); duration.observe(1); } };`;
    const tasks = `
      join: () => { globalThis.joined = joinCluster(metrics, { reportSeconds: 3600 }); observe(1); },
      observeAndExit: () => { observe(20); process.exit(); },
      observeAndReport: () => { observe(300); globalThis.joined.report(); observe(4000); },`;
    expect(await linesOf(program(main, tasks, defined))).toEqual(['duration_seconds_count 322 | size_bytes_count 322']);
  });

  it('wait for a worker that hangs once, and count what it counted', async () => {
    const main = `
      gatherWorkers(metrics, { timeoutSeconds: 0.3 });
      const worker = start();
      await told(worker, 'join');
      await settled(async () => (await shown(/^jobs/)) === 'jobs_total{kind="hung"} 1');
      worker.postMessage('hang');
      const [stop] = await once(worker, 'message');
      const asked = performance.now();
      console.log(await shown(/^(jobs_total|telltale_cluster)/));
      const first = performance.now() - asked;
      for (let i = 0; i < 20; i++) await metrics.snapshot();
      // Waiting each time would take six seconds more.
      console.log(first >= 290, performance.now() - asked < first + 20 * 290);
      Atomics.store(stop, 0, 1);
      Atomics.notify(stop, 0);
      await settled(async () => (await shown(/live/)).endsWith(' 1'));
      console.log(await shown(/^telltale_cluster/));
      await worker.terminate();`;
    const tasks = `
      join: () => { joinCluster(metrics); jobs.increment(1, { kind: 'hung' }); },
      hang: () => {
        const stop = new Int32Array(new SharedArrayBuffer(4));
        jobs.increment(6, { kind: 'hung' });
        parentPort.postMessage(stop);
        Atomics.wait(stop, 0, 0);
      },`;
    // Something that only the worker can work out, so that readings have to wait for it.
    const defined = `metrics.gauge('asked', { collect: () => 1 });`;
    expect(await linesOf(program(main, tasks, defined))).toEqual([
      expect.stringMatching(/^The worker thread-1 did not answer within 0.3 s\./),
      'jobs_total{kind="hung"} 7 | telltale_cluster_workers{state="live"} 0 | telltale_cluster_workers{state="stale"} 1',
      'true true',
      'telltale_cluster_workers{state="live"} 1 | telltale_cluster_workers{state="stale"} 0',
    ]);
  });
});

describe('thousands of workers that come and go', () => {
  it('leave their counts and nothing else', async () => {
    const main = `
      gatherWorkers(metrics);
      const worker = start();
      const memory = () => { gc(); const { heapUsed, arrayBuffers, external } = process.memoryUsage(); return heapUsed + arrayBuffers + external; };
      const round = async () => {
        await told(worker, 'comeAndGo');
        await settled(async () => (await shown(/live/)).endsWith(' 0'));
      };
      for (let i = 0; i < 3; i++) await round();
      const before = memory();
      for (let i = 0; i < 20; i++) await round();
      console.log(await shown(/^jobs_total/), (memory() - before) / 2000 < 500);
      await worker.terminate();`;
    // A hundred members per round, each of which is a collector of its own that joins by the real channel.
    const tasks = `
      comeAndGo: async () => {
        for (let i = 0; i < 100; i++) {
          const own = new MetricsCollector();
          const joined = joinCluster(own);
          own.counter('jobs_total', { labelNames: ['kind'] }).increment(1, { kind: 'k' + (i % 10) });
          own.gauge('depth', { aggregation: 'liveAll' }).set(i);
          await joined.ready;
          joined.leave();
        }
      },`;
    const source = program(main, tasks)
      .replace('tasks[task](); ', 'await tasks[task](); ')
      .replace("('message', (task)", "('message', async (task)");
    const [line] =
      await linesOf(`import { setFlagsFromString } from 'node:v8'; import { runInNewContext } from 'node:vm';
      setFlagsFromString('--expose-gc'); const gc = runInNewContext('gc');\n${source}`);
    const shown = Array.from({ length: 10 }, (_, i) => `jobs_total{kind="k${i}"} 230`);
    expect(line).toBe(`${shown.join(' | ')} true`);
  });
});
