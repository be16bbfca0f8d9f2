// The same thing measured twice would be counted twice: two modules that share a pool need not know of each other. Whoever asks
// again joins the measuring that runs.
import type { MetricsCollector } from '../collector.js';
import type { Instrumentation } from './instrumentation.js';

interface Running {
  users: number;
  readonly instrumentation: Instrumentation;
}

export interface Measured {
  /** What is measured. */
  readonly target: object;
  readonly collector: MetricsCollector;
  /** What for: the kind of instrumentation, and the name that the target goes by. */
  readonly as: string;
}

const running = new WeakMap<object, WeakMap<MetricsCollector, Map<string, Running>>>();

/** Begins, or joins what was begun for the same; the last `remove()` ends it. Options of those who join are not looked at. */
export function joined<I extends Instrumentation>({ target, collector, as }: Measured, begin: () => I): I {
  const kinds = kindsOf(target, collector);
  const current = kinds.get(as) ?? { users: 0, instrumentation: begin() };
  kinds.set(as, current);
  current.users++;
  let removed = false;
  const remove = (): void => {
    if (removed) return;
    removed = true;
    if (--current.users > 0) return;
    kinds.delete(as);
    current.instrumentation.remove();
  };
  // The kind of instrumentation says what type it is.
  return { ...(current.instrumentation as I), remove };
}

function kindsOf(target: object, collector: MetricsCollector): Map<string, Running> {
  const collectors = running.get(target) ?? new WeakMap<MetricsCollector, Map<string, Running>>();
  running.set(target, collectors);
  const kinds = collectors.get(collector) ?? new Map<string, Running>();
  collectors.set(collector, kinds);
  return kinds;
}
