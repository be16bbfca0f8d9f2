// What a collector holds about HTTP requests, in a shape that reads well in an expectation, and the wait for requests that
// end without anybody on the client's side noticing.
import type { MetricsCollector } from '../../../../lib/collector.js';
import { turns } from '../../../http/support/connections.js';

/** `{ 'GET /users/:id 200': 2 }`: how many requests ended, by method, route (or host) and status. */
export async function countsOf(
  collector: MetricsCollector,
  name = 'http_request_duration_seconds',
): Promise<Record<string, number>> {
  return samplesOf(collector, `${name}_count`);
}

/** Sums of bytes or seconds, by the same keys. */
export async function sumsOf(collector: MetricsCollector, name: string): Promise<Record<string, number>> {
  return samplesOf(collector, `${name}_sum`);
}

export async function samplesOf(collector: MetricsCollector, name: string): Promise<Record<string, number>> {
  const samples = (await collector.getAllMetrics()).filter((sample) => sample.name === name);
  return Object.fromEntries(samples.map(({ labels, value }) => [keyOf(labels), value]));
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  const { method, route, host, status_code, error_type } = labels;
  return [method, route ?? host, status_code ?? error_type].filter((part) => part !== undefined).join(' ');
}

/** Resolves when no request is in flight, and fails after a great many turns of the event loop. */
export function settled(collector: MetricsCollector, name = 'http_requests_in_flight'): Promise<void> {
  return inFlight(collector, 0, name);
}

export async function inFlight(
  collector: MetricsCollector,
  count: number,
  name = 'http_requests_in_flight',
): Promise<void> {
  for (let turn = 0; turn < 100_000; turn++) {
    const values = Object.values(await samplesOf(collector, name));
    if (values.reduce((sum, value) => sum + value, 0) === count) return;
    await turns(1);
  }
  throw new Error(`${name} is ${JSON.stringify(await samplesOf(collector, name))} and not ${count}.`);
}
