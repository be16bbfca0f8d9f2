// How long a dashboard waits for its queries: telltale and a real Prometheus, each in a process of its own, hold the same series
// and are asked over HTTP, in turns. What this costs the process that answers, in memory and in held time, is measured too.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Held, QueryServerReady } from '../children/query-server.js';
import { ask, type DashboardQuery, dashboard, expectSame } from '../dashboard.js';
import { answerOf } from '../harness/child.js';
import { median } from '../harness/median.js';
import { startPrometheus } from '../harness/prometheus.js';
import { type Effort, type Figures, faster, type Library, limit, type Row } from '../harness/row.js';

const SIZES = [1_000, 10_000] as const;
const MANY = 10_000;
/** How long all queries, and then each of them, are asked beforehand: dashboards ask again and again, of servers that run on. */
const DASHBOARD_WARM_UP_MS = 2000;
const WARM_UP_MS = 200;
/** Answers that nobody counts, where it is not time that is measured. */
const WARM_UPS = 3;
const MOST_ROUNDS = 7;
/** Short queries are asked more often, for as long as this: what else the machine does hits single ones hard. */
const MEASURED_MS = 400;
const MOST_SHORT_ROUNDS = 101;

interface QueryServer {
  readonly url: string;
  readonly child: ChildProcess;
}

async function startServer(series: number, copyTo: string | undefined): Promise<QueryServer> {
  const args = [`${series}`, ...(copyTo === undefined ? [] : [copyTo])];
  const child = fork(new URL('../children/query-server.js', import.meta.url), args);
  const [{ url }] = (await once(child, 'message')) as [QueryServerReady];
  return { url, child };
}

/** All queries at once, because a million samples have to be brought to both sides first. */
async function measureAll(series: number, { rounds }: Effort): Promise<ReadonlyMap<DashboardQuery, Figures>> {
  const prometheus = await startPrometheus();
  const server = await startServer(series, prometheus && `${prometheus.url}/api/v1/write`);
  const sides: (readonly [Library, string])[] = [['telltale', server.url]];
  if (prometheus !== undefined) sides.push(['Prometheus', prometheus.url]);
  const figures = new Map<DashboardQuery, Figures>();
  try {
    const warmAt = performance.now() + DASHBOARD_WARM_UP_MS;
    while (performance.now() < warmAt) {
      for (const query of dashboard) for (const [, url] of sides) await ask(url, query);
    }
    for (const query of dashboard) figures.set(query, await measureOne(query, sides, Math.min(rounds, MOST_ROUNDS)));
  } finally {
    server.child.kill();
    await prometheus?.stop();
  }
  return figures;
}

async function measureOne(
  query: DashboardQuery,
  sides: readonly (readonly [Library, string])[],
  rounds: number,
): Promise<Figures> {
  let answers: readonly Buffer[] = [];
  const warmAt = performance.now() + WARM_UP_MS;
  while (performance.now() < warmAt) answers = await Promise.all(sides.map(([, url]) => ask(url, query)));
  const [ours, theirs] = answers;
  if (ours !== undefined && theirs !== undefined) expectSame(query.text, ours, theirs);
  const times = sides.map(() => [] as number[]);
  const endsAt = performance.now() + MEASURED_MS;
  for (let round = 0; round < rounds || (round < MOST_SHORT_ROUNDS && performance.now() < endsAt); round++) {
    for (let i = 0; i < sides.length; i++) {
      const turn = (round + i) % sides.length;
      const startedAt = performance.now();
      await ask(sides[turn]![1], query);
      times[turn]!.push((performance.now() - startedAt) * 1e6);
    }
  }
  return Object.fromEntries(sides.map(([library], i) => [library, median(times[i]!)]));
}

function rowsOf(series: number): Row[] {
  let measured: Promise<ReadonlyMap<DashboardQuery, Figures>> | undefined;
  return dashboard.map((query) => ({
    id: `query-${query.id}-${series / 1000}k`,
    title: `query of ${series / 1000}k series for an hour: ${query.title}`,
    unit: 'ns',
    rehearsed: false,
    targets: [faster('Prometheus', 1)],
    measure: async (effort) => {
      measured ??= measureAll(series, effort);
      return (await measured).get(query) as Figures;
    },
  }));
}

/** One answer with all series and all their samples, and one that computes much of much. */
const GREATEST: readonly DashboardQuery[] = [
  { id: 'all', title: 'all series', text: '{instance!=""}', stepSeconds: 15 },
  dashboard.find(({ id }) => id === 'p99')!,
];

async function longestHeld({ rounds }: Effort, query: DashboardQuery): Promise<Figures> {
  const { url, child } = await startServer(MANY, undefined);
  const gaps: number[] = [];
  for (let round = -WARM_UPS; round < Math.min(rounds, MOST_ROUNDS); round++) {
    child.send('watch');
    await ask(url, query);
    child.send('tell');
    const [{ gap }] = (await once(child, 'message')) as [Held];
    if (round >= 0) gaps.push(gap);
  }
  child.kill();
  return { telltale: median(gaps) };
}

export const queryRows: readonly Row[] = [
  ...SIZES.flatMap(rowsOf),
  ...GREATEST.map(
    (query): Row => ({
      id: `query-gap-${query.id}`,
      title: `longest event-loop gap in a query of 10k series: ${query.title}`,
      unit: 'ns',
      rehearsed: false,
      targets: [limit(10e6)],
      measure: (effort) => longestHeld(effort, query),
    }),
  ),
  {
    id: 'query-memory',
    title: 'memory of an hour of 10k series (per sample)',
    unit: 'bytes',
    rehearsed: false,
    targets: [limit(10)],
    measure: async () => ({ telltale: await answerOf<number>('history-memory', [`${MANY}`], ['--expose-gc']) }),
  },
  {
    id: 'native-memory',
    title: 'memory of a native histogram of 160 buckets, a tenth of which grew, with its count and sum',
    unit: 'bytes',
    rehearsed: false,
    targets: [],
    measure: async () => ({ telltale: await answerOf<number>('native-memory', [], ['--expose-gc']) }),
  },
];
