// The figures as one line of plain text, for logs, pipes and continuous integration, and as the few lines that end a run.
import { countText, durationText, shareText, timeText } from './charts.js';
import type { Figures } from './figures.js';

export function plainLine({ responseTime, pool, stock, ...figures }: Figures): string {
  const { p50, p95, p99 } = responseTime;
  const lowest = stock.reduce((a, b) => (b.items / b.capacity < a.items / a.capacity ? b : a));
  return [
    timeText(figures.uptimeSeconds).padStart(11),
    `${countText(figures.requestsPerSecond)} requests/s`,
    `${shareText(figures.failureRatio)} errors`,
    `p50 ${durationText(p50)}`,
    `p95 ${durationText(p95)}`,
    `p99 ${durationText(p99)}`,
    `${figures.inFlight} in flight`,
    `pool ${pool.active}/${pool.size}`,
    `lowest stock ${lowest.product} ${lowest.items}`,
  ].join('  ');
}

export interface SummaryOptions {
  readonly figures: Figures;
  /** Requests that the load sent; undefined when it did not say. */
  readonly sent: number | undefined;
  readonly ranSeconds: number;
  /** Of the last collection. */
  readonly samplesStored: number;
}

/** What a run came to, once everything has been drained. */
export function summaryLines({ figures, sent, ranSeconds, samplesStored }: SummaryOptions): readonly string[] {
  const { orders, errors } = figures;
  const mean = ranSeconds > 0 ? figures.requests / ranSeconds : 0;
  const slowest = figures.routes.toSorted((a, b) => b.p95 - a.p95).find(({ p95 }) => Number.isFinite(p95));
  const lines = [
    `The shop was open for ${timeText(ranSeconds)} and answered ${countText(figures.requests)} requests, ${countText(mean)} per second.`,
    `Failed: ${countText(figures.failures)} (${shareText(figures.requests > 0 ? figures.failures / figures.requests : 0)}). Orders: ${countText(orders.paid)} paid, ${countText(orders.rejected)} rejected, ${countText(orders.failed)} failed. Sold: ${countText(orders.euros, 2)} €.`,
  ];
  if (errors.length > 0)
    lines.push(`Errors: ${errors.map(({ type, count }) => `${type} ${countText(count)}`).join(', ')}.`);
  if (slowest !== undefined) {
    lines.push(
      `Slowest: ${slowest.method} ${slowest.route} ${slowest.statusCode} with a p95 of ${durationText(slowest.p95)}.`,
    );
  }
  if (sent !== undefined)
    lines.push(
      `The load sent ${countText(sent)} requests. The last collection stored ${countText(samplesStored)} samples.`,
    );
  return lines;
}
