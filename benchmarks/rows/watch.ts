// What `telltale watch` costs as its users run it: the command in a process of its own, beside another one that is all of its
// targets. It scrapes every second, so that some rounds go by in a short time; what a round costs is told by the station's own metrics.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { TargetPagesReady } from '../children/target-pages.js';
import { expectTotal } from '../harness/expect.js';
import { type Effort, type Figures, limit, type Row } from '../harness/row.js';
import { SERIES_PER_TARGET, TARGETS } from '../watched.js';

const WARM_UP_ROUNDS = 3;
/** 20 % of a core when each target is scraped every 15 s. */
const MOST_NS_PER_ROUND = 0.2 * 15e9;

interface Cost {
  /** Nanoseconds of processor time, of all threads. */
  readonly perRound: number;
  /** Resident at the end. */
  readonly bytes: number;
}

/** A station that asks itself. */
class WatchedStation {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async value(expression: string): Promise<number> {
    const response = await fetch(`${this.#url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
    const { data } = (await response.json()) as { data: { result: readonly { value: readonly [number, string] }[] } };
    return Number(data.result[0]?.value[1]);
  }

  /** One of its own metrics. */
  async own(name: string): Promise<number> {
    const page = await (await fetch(`${this.#url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(page)?.[1]);
  }

  /** Waits until each target was scraped so often. */
  async rounds(count: number): Promise<void> {
    while (!((await this.value('min(count_over_time(up[1h]))')) >= count)) await delay(200);
  }
}

async function measured({ rounds }: Effort): Promise<Cost> {
  const pages = fork(new URL('../children/target-pages.js', import.meta.url));
  const [{ port }] = (await once(pages, 'message')) as [TargetPagesReady];
  const command = join(
    dirname(createRequire(import.meta.url).resolve('telltale/package.json')),
    'dist/esm/lib/cli/main.js',
  );
  const targets = Array.from({ length: TARGETS }, (_, t) => `service-${t}=http://127.0.0.1:${port}/${t}`);
  const station = fork(command, ['watch', ...targets, '--interval', '1s', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  try {
    return await costOf(new WatchedStation(await urlOf(station.stdout!)), rounds);
  } finally {
    pages.kill();
    station.kill();
    await Promise.all([once(pages, 'exit'), once(station, 'exit')]);
  }
}

async function urlOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const url = /PromQL +(http:\S+)\/api\/v1\//.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('The station ended before it said where it is.');
}

async function costOf(station: WatchedStation, rounds: number): Promise<Cost> {
  await station.rounds(WARM_UP_ROUNDS);
  const [from, before] = [
    await station.value('min(count_over_time(up[1h]))'),
    await station.own('process_cpu_seconds_total'),
  ];
  await station.rounds(from + rounds);
  const [to, after] = [
    await station.value('min(count_over_time(up[1h]))'),
    await station.own('process_cpu_seconds_total'),
  ];
  expectTotal('series', await station.value('count(http_requests_total)'), TARGETS * SERIES_PER_TARGET);
  expectTotal('targets that are up', await station.value('sum(up)'), TARGETS);
  return {
    perRound: ((after - before) / (to - from)) * 1e9,
    bytes: await station.own('process_resident_memory_bytes'),
  };
}

/** Both rows are of one run. */
let running: Promise<Cost> | undefined;

async function figure(effort: Effort, of: (cost: Cost) => number): Promise<Figures> {
  running ??= measured(effort);
  return { telltale: of(await running) };
}

export const watchRows: readonly Row[] = [
  {
    id: 'watch-cpu',
    title: `telltale watch: a round of ${TARGETS} targets × ${SERIES_PER_TARGET} series, processor time`,
    unit: 'ns',
    rehearsed: false,
    targets: [limit(MOST_NS_PER_ROUND)],
    measure: (effort) => figure(effort, ({ perRound }) => perRound),
  },
  {
    id: 'watch-memory',
    title: 'telltale watch: its process after these rounds',
    unit: 'bytes',
    rehearsed: false,
    targets: [],
    measure: (effort) => figure(effort, ({ bytes }) => bytes),
  },
];
