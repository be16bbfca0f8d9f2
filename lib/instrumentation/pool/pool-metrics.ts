// The metrics of pools, bound to one pool's name.
import type { MetricsCollector } from '../../collector.js';
import { BoundedValues, errorCodeOf } from '../adapters/error-codes.js';
import type { PoolFigures } from './pool-kinds.js';

export type PoolMetrics = ReturnType<typeof poolMetrics>;

export function poolMetrics(collector: MetricsCollector, pool: string) {
  const labelNames = ['pool'] as const;
  const labels = { pool };
  const gauge = (name: string, description: string) => collector.gauge(name, { description, labelNames });
  const histogram = (name: string, description: string) =>
    collector.histogram(name, { description, labelNames }).labels(labels);
  const resources = collector.gauge('pool_resources', {
    description: 'Resources that the pool has, in use and idle.',
    labelNames: ['pool', 'state'],
  });
  const waiting = gauge('pool_waiting', 'Callers that wait for a resource.');
  const max = gauge('pool_max_resources', 'Resources that the pool may have.');
  const timeouts = collector
    .counter('pool_timeouts_total', { description: 'Callers that waited too long for a resource.', labelNames })
    .labels(labels);
  const errors = collector.counter('pool_errors_total', {
    description: 'Failures to get a resource other than time-outs, and of idle resources, by code.',
    labelNames: ['pool', 'code'],
  });
  const codes = new BoundedValues();
  const failed = (error: unknown) => errors.increment(1, { pool, code: codes.of(errorCodeOf(error)) });
  return {
    acquired: histogram('pool_acquire_duration_seconds', 'Time until a resource was there, or was not to be had.'),
    used: histogram('pool_use_duration_seconds', 'Time from getting a resource to giving it back.'),
    failed,
    refused: (error: unknown) => (isTimeout(error) ? timeouts.increment() : failed(error)),
    collected: [resources, waiting, max],
    show(figures: PoolFigures) {
      resources.set(figures.inUse, { pool, state: 'in_use' });
      resources.set(figures.idle, { pool, state: 'idle' });
      waiting.set(figures.waiting, labels);
      if (figures.max !== undefined) max.set(figures.max, labels);
    },
    forget() {
      for (const state of ['in_use', 'idle']) resources.remove({ pool, state });
      waiting.remove(labels);
      max.remove(labels);
    },
  };
}

/** Pools have no common error for it. That of `pg` has but a message, which is looked at and never shown. */
function isTimeout(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, code, message } = error as Readonly<Record<string, unknown>>;
  if (name === 'TimeoutError' || code === 'ETIMEDOUT' || code === 'ETIMEOUT') return true;
  return typeof message === 'string' && /\btime(d |-)?out\b/i.test(message);
}
