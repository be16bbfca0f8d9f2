// What a process tells about itself: the same names and types as prom-client's default metrics, values that are true, nothing
// that the platform lacks, and nothing left running afterwards.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { MetricsCollector } from 'telltale';
import { type Instrumentation, instrumentProcess, type ProcessOptions } from 'telltale/instrumentation';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

const running: Instrumentation[] = [];
function start(options: ProcessOptions = {}) {
  const collector = options.collector ?? new MetricsCollector();
  const instrumentation = instrumentProcess({ collector, ...options });
  running.push(instrumentation);
  return { collector, instrumentation };
}
afterEach(() => {
  for (const one of running.splice(0)) one.remove();
});

type Values = ReadonlyMap<string, number>;

async function read(collector: MetricsCollector): Promise<Values> {
  const samples = await collector.getAllMetrics();
  return new Map(
    samples
      .filter(({ name }) => !name.startsWith('telltale_'))
      .map(({ name, labels, value }) => [[name, ...Object.values(labels)].join(' '), value]),
  );
}

/** The lines `# TYPE name type` of a text. */
const typesIn = (text: string): readonly string[] =>
  text.split('\n').filter((line) => line.startsWith('# TYPE ') && !line.startsWith('# TYPE telltale_'));

const openProcFiles = (): readonly string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return /^\/proc\/.*\/(status|io|dev|limits)$/.test(target) ? [target] : [];
    } catch {
      return [];
    }
  });

/** Collects garbage, and resolves when all observers have heard of it. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const heard = new Promise<void>((resolve) => {
    const observer = new PerformanceObserver(() => {
      observer.disconnect();
      resolve();
    });
    observer.observe({ entryTypes: ['gc'] });
  });
  runInNewContext('gc')();
  await heard;
}

describe('instrumentProcess', () => {
  it("has every default metric of prom-client, with its type, description and labels' names", async () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const { collector } = start();
    await collectGarbage();
    const theirs = await registry.metrics();
    const ours = await collector.expose();
    expect(typesIn(ours)).toEqual(expect.arrayContaining([...typesIn(theirs)]));
    const helps = (text: string) => text.split('\n').filter((line) => line.startsWith('# HELP '));
    expect(helps(ours)).toEqual(expect.arrayContaining(helps(theirs)));
    const shape = (text: string) =>
      text
        .split('\n')
        .filter((line) => /^nodejs_(heap_space|version|gc_duration\w+_(count|sum))/.test(line))
        .map((line) => line.replace(/ .*$/, ''));
    // Of several collections that end together prom-client counts the first only, so that it may know fewer kinds.
    expect(shape(ours)).toEqual(expect.arrayContaining(shape(theirs)));
    registry.clear();
  });

  it('tells the truth about the processor, the memory and the heap', async () => {
    const { collector } = start();
    const before = process.cpuUsage();
    const values = await read(collector);
    const after = process.cpuUsage();
    const user = values.get('process_cpu_user_seconds_total') as number;
    expect(user).toBeGreaterThanOrEqual(before.user / 1e6);
    expect(user).toBeLessThanOrEqual(after.user / 1e6);
    const system = values.get('process_cpu_system_seconds_total') as number;
    expect(values.get('process_cpu_seconds_total')).toBeCloseTo(user + system, 9);
    const { rss, heapTotal } = process.memoryUsage();
    expect((values.get('process_resident_memory_bytes') as number) / rss).toBeCloseTo(1, 0);
    expect((values.get('nodejs_heap_size_total_bytes') as number) / heapTotal).toBeCloseTo(1, 0);
    expect(values.get('process_start_time_seconds')).toBeCloseTo(Date.now() / 1000 - process.uptime(), -1);
    expect(values.get(`nodejs_version_info ${[process.version, ...process.versions.node.split('.')].join(' ')}`)).toBe(
      1,
    );
    const utilization = values.get('nodejs_eventloop_utilization') as number;
    expect(utilization >= 0 && utilization <= 1).toBe(true);
  });

  it('counts what keeps the event loop alive, and forgets types that are gone', async () => {
    const { collector } = start();
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const during = await read(collector);
    expect(during.get('nodejs_active_resources UDPWrap')).toBe(1);
    expect(during.get('nodejs_active_handles_total')).toBeGreaterThanOrEqual(1);
    socket.close();
    await once(socket, 'close');
    // The handle goes in the closing phase of this turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    const after = await read(collector);
    expect(after.has('nodejs_active_resources UDPWrap')).toBe(false);
    const types = [...after].filter(([name]) => name.startsWith('nodejs_active_resources '));
    const total = types.reduce((sum, [, count]) => sum + count, 0);
    expect(after.get('nodejs_active_resources_total')).toBe(total);
  });

  it('says that the delay of the event loop is unknown rather than what the runtime answers without samples', async () => {
    // So rarely sampled that there is no sample yet.
    const { collector } = start({ eventLoopResolutionMs: 60_000 });
    const values = await read(collector);
    expect(values.get('nodejs_eventloop_lag_min_seconds')).toBeNaN();
    expect(values.get('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
  });

  it('leaves out what the platform does not tell, without an error', async () => {
    const { collector } = start({ procDirectory: join(tmpdir(), 'no-such-folder') });
    const names = [...(await read(collector)).keys()].filter((name) => name.startsWith('process_'));
    expect(names).toEqual([
      'process_cpu_user_seconds_total',
      'process_cpu_system_seconds_total',
      'process_cpu_seconds_total',
      'process_start_time_seconds',
      'process_uptime_seconds',
      'process_resident_memory_bytes',
    ]);
    const errors = collector.counter('telltale_collect_errors_total', { labelNames: ['family'] });
    expect(errors.getValue({ family: 'process_resident_memory_bytes' })).toBe(0);
  });

  it('joins the measuring that runs, and ends it with the last removal', async () => {
    const { collector, instrumentation } = start();
    const { instrumentation: second } = start({ collector });
    const gcs = () => collector.histogram('nodejs_gc_duration_seconds', { labelNames: ['kind'] });
    const count = async () => (await read(collector)).get('nodejs_gc_duration_seconds_count major') ?? 0;
    const before = await count();
    await collectGarbage();
    expect(await count()).toBe(before + 1);
    instrumentation.remove();
    instrumentation.remove();
    expect((await read(collector)).has('process_uptime_seconds')).toBe(true);
    second.remove();
    const left = await count();
    await collectGarbage();
    expect(await count()).toBe(left);
    const names = [...(await read(collector)).keys()];
    expect(names.filter((name) => !name.startsWith('nodejs_gc_duration_seconds'))).toEqual([]);
    expect(gcs().name).toBe('nodejs_gc_duration_seconds');
    start({ collector });
    expect((await read(collector)).has('process_uptime_seconds')).toBe(true);
  });

  it('leaves nothing running when a definition is refused', async () => {
    const collector = new MetricsCollector();
    collector.counter('nodejs_eventloop_utilization');
    expect(() => instrumentProcess({ collector })).toThrow('nodejs_eventloop_utilization');
    expect(openProcFiles()).toEqual([]);
    expect((await read(collector)).has('process_uptime_seconds')).toBe(false);
  });
});

onLinux('instrumentProcess on Linux', () => {
  it('counts open files, and those that disks were made to write', async () => {
    const { collector } = start();
    const folder = mkdtempSync(join(tmpdir(), 'telltale-io-'));
    const before = await read(collector);
    const file = openSync(join(folder, 'file'), 'w');
    writeSync(file, Buffer.alloc(1 << 20, 1));
    fsyncSync(file);
    const after = await read(collector);
    closeSync(file);
    rmSync(folder, { recursive: true });
    expect((after.get('process_open_fds') as number) - (before.get('process_open_fds') as number)).toBe(1);
    expect(after.get('process_max_fds')).toBe(
      Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]),
    );
    const written = (values: Values) => values.get('process_disk_written_bytes_total') as number;
    // A temporary folder may be in memory, which no disk hears of.
    const { 1: told = '' } = /^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8')) ?? [];
    expect(written(after)).toBeLessThanOrEqual(Number(told));
    expect(written(after)).toBeGreaterThanOrEqual(written(before));
  });

  it('keeps its files open between readings, and closes them on removal', async () => {
    const { collector, instrumentation } = start();
    await read(collector);
    expect(openProcFiles().length).toBeGreaterThanOrEqual(1);
    const reading = read(collector);
    instrumentation.remove();
    await reading;
    expect(openProcFiles()).toEqual([]);
  });
});
