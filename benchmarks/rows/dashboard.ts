// How smoothly the dashboard runs: a real Chromium without a graphics processor shows a thousand series in one chart while they go on
// changing, and tells when it could draw each frame. The server is a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chromium, type Page } from 'playwright-core';
import type { ShownSeriesReady } from '../children/shown-series.js';
import { expectTotal } from '../harness/expect.js';
import { type Effort, type Figures, limit, type Row } from '../harness/row.js';
import { serverComponent } from '../harness/server-component.js';

const SERIES = 1000;
const WARM_UP_MS = 4000;
/** A frame of a screen that shows 60 a second, with what clocks differ by. */
const FRAME_NS = 17e6;

interface Frames {
  /** Nanoseconds from one frame to the next. */
  readonly mean: number;
  readonly p99: number;
}

/** Runs in the page: notes when frames come for so long. */
async function framesOf(page: Page, forMs: number): Promise<readonly number[]> {
  return page.evaluate(
    `new Promise((resolve) => {
      const gaps = [];
      let last = performance.now();
      const end = last + ${forMs};
      const next = () => {
        const now = performance.now();
        gaps.push(now - last);
        last = now;
        if (now < end) requestAnimationFrame(next);
        else resolve(gaps);
      };
      requestAnimationFrame(next);
    })`,
  );
}

async function measured({ rounds }: Effort): Promise<Frames | undefined> {
  const component = serverComponent('chromium');
  if (component === undefined) return undefined;
  const server = fork(new URL('../children/shown-series.js', import.meta.url), [String(SERIES)]);
  const [{ url }] = (await once(server, 'message')) as [ShownSeriesReady];
  const browser = await chromium.launch({
    executablePath: component.path,
    env: component.env as Record<string, string>,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${url}/dashboard#/query?query=shown&range=900`);
    await page.locator('canvas').first().waitFor();
    await framesOf(page, WARM_UP_MS);
    const [named, more] = await Promise.all([
      page.locator('.legend button').count(),
      page.locator('.legend .more').textContent(),
    ]);
    expectTotal('series in the chart', named + Number(/\d+/.exec(more ?? '')?.[0]), SERIES);
    const gaps = [...(await framesOf(page, rounds * 1000))].sort((a, b) => a - b);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    return { mean: mean * 1e6, p99: (gaps[Math.floor(gaps.length * 0.99)] ?? 0) * 1e6 };
  } finally {
    await browser.close();
    server.kill();
    await once(server, 'exit');
  }
}

/** Both rows are of one run. */
let running: Promise<Frames | undefined> | undefined;

async function figure(effort: Effort, of: (frames: Frames) => number): Promise<Figures> {
  running ??= measured(effort);
  const frames = await running;
  return frames === undefined ? {} : { telltale: of(frames) };
}

export const dashboardRows: readonly Row[] = [
  {
    id: 'dashboard-frames',
    title: `dashboard: from one frame to the next, ${SERIES} series in a chart, on average`,
    unit: 'ns',
    rehearsed: false,
    targets: [limit(FRAME_NS)],
    measure: (effort) => figure(effort, ({ mean }) => mean),
  },
  {
    id: 'dashboard-frames-p99',
    title: 'dashboard: the same, 99 of 100 frames',
    unit: 'ns',
    rehearsed: false,
    targets: [],
    measure: (effort) => figure(effort, ({ p99 }) => p99),
  },
];
