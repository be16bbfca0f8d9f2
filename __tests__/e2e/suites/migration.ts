// An Express application on prom-client, and the same with one line changed: under the same load their scrapes are the same,
// line by line, but for values that no two processes share.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../setup/run-command.js';
import { pollUntil } from '../../support/poll.js';
import { type Program, startNode } from '../../support/program.js';

const FILES = ['examples/migration/before.ts', 'examples/migration/after.ts'] as const;
const ORDERS = [
  ['mail', { count: 1, grams: 20 }],
  ['shop', { count: 3, grams: 250 }],
  ['shop', { count: 12, grams: 900 }],
  ['"\\\n', { count: 2, grams: 100 }],
] as const;
const REQUESTS = ORDERS.length + 2;

async function load(url: string): Promise<void> {
  const base = new URL(url).origin;
  for (const [kind, order] of ORDERS) {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(order);
    const { status } = await fetch(`${base}/orders/${encodeURIComponent(kind)}`, { method: 'POST', headers, body });
    expect(status).toBe(201);
  }
  expect((await fetch(`${base}/orders`, { method: 'DELETE' })).status).toBe(204);
  expect((await fetch(`${base}/none`)).status).toBe(404);
}

/** Requests are counted when their answers are gone, which is after the client has them. */
function scrape(url: string): Promise<readonly string[]> {
  return pollUntil({ what: 'The counting of all requests', timeoutMs: 10_000 }, async () => {
    const lines = (await (await fetch(url)).text()).split('\n').filter((line) => line !== '');
    const counts = lines.flatMap((line) => /^http_request_duration_seconds_count\{.*\} (\d+)$/.exec(line)?.[1] ?? []);
    return counts.reduce((sum, count) => sum + Number(count), 0) === REQUESTS ? lines : undefined;
  });
}

/** Estimates of quantiles: both libraries promise 1 % and no more. */
const QUANTILE = /^(order_weight_grams\{quantile=.*\}) (\S+)$/;

/** What is different in every process: times, memory, and which handles and kinds of collections there are. */
function comparable(line: string): string | undefined {
  if (/^nodejs_(active_|gc_|version|heap_space)/.test(line)) return undefined;
  if (/^(process_|nodejs_|http_request_duration_seconds_(bucket|sum))/.test(line)) return line.replace(/ \S+$/, '');
  return line.replace(QUANTILE, '$1');
}

function quantilesIn(lines: readonly string[]): number[] {
  return lines.flatMap((line) => QUANTILE.exec(line)?.[2] ?? []).map(Number);
}

/** Both programs are to have the labels of a line in whichever order they like. */
function withLabelsInOrder(line: string): string {
  const [, name, labels, rest] = /^(\w+)\{(.*)\}(.*)$/.exec(line) ?? [];
  if (labels === undefined) return line;
  return `${name}{${(labels.match(/\w+="(?:\\.|[^"\\])*"/g) ?? []).toSorted().join()}}${rest}`;
}

export function describeMigration(): void {
  describe('the application that was moved from prom-client', () => {
    it('differs from the one before in one line', () => {
      const [before = [], after = []] = FILES.map((file) => readFileSync(join(root, file), 'utf8').split('\n'));
      const changed = after.filter((line, i) => line !== before[i]);
      expect([before.length, changed]).toEqual([after.length, ["import client from 'telltale/prom-client';"]]);
    });

    it('is scraped as it was before, line by line', async () => {
      const programs: Program[] = FILES.map((file) => startNode([join(root, 'scripts/start.mjs'), file, '0']));
      try {
        const [before = [], after = []] = await Promise.all(
          programs.map(async (program) => {
            const url = (await program.line()) ?? '';
            await load(url);
            return (await scrape(url)).map(withLabelsInOrder);
          }),
        );
        const [old, moved] = [before, after].map((lines) => lines.flatMap((line) => comparable(line) ?? []));
        expect(moved?.toSorted()).toEqual(old?.toSorted());
        const [quantiles, known] = [quantilesIn(after), quantilesIn(before)];
        expect(quantiles.map((value, i) => Math.abs(value / (known[i] ?? 0) - 1) < 0.01)).toEqual([true, true]);
        expect(moved).toEqual(
          expect.arrayContaining([
            'orders_total{kind="shop",paid="true"} 2',
            'open_orders 3',
            'order_items_bucket{le="5"} 3',
            'order_weight_grams_sum 1270',
          ]),
        );
      } finally {
        for (const { child } of programs) child.process.kill();
        await Promise.all(programs.map(({ exit }) => exit));
      }
    });
  });
}
