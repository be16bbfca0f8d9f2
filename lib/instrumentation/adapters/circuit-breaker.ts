// Circuit breakers: the state they are in and how calls through them end. One that emits events as `opossum` does is listened to;
// any other says its state, and its owner records the outcomes.
import type { MetricsCollector } from '../../collector.js';
import { collectorOf, type Instrumentation, type InstrumentationOptions } from '../instrumentation.js';
import { joined } from '../joined.js';

export type BreakerState = 'closed' | 'open' | 'half_open';
export type CallOutcome = 'success' | 'failure' | 'timeout' | 'rejected';

/** A breaker that tells what happens, as `opossum` does. */
export interface EventedBreaker {
  readonly opened: boolean;
  readonly halfOpen: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: listeners of any arguments, which are not looked at.
  on(event: any, listener: (...args: any[]) => void): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  off(event: any, listener: (...args: any[]) => void): unknown;
}

/** Any other. */
export interface StatedBreaker {
  readonly state: () => BreakerState;
}

export interface AdapterOptions extends InstrumentationOptions {
  /** The value of the label that tells one from the others. */
  readonly name: string;
}

export interface InstrumentedBreaker extends Instrumentation {
  /** Counts a call of a breaker that does not tell. */
  record(outcome: CallOutcome): void;
}

const STATES: readonly BreakerState[] = ['closed', 'open', 'half_open'];

/**
 * Shows the state of a circuit breaker and counts the calls through it, by how they ended.
 *
 * @param breaker - One that emits the events of `opossum` is listened to. Any other says its `state()` at each scrape; its owner calls
 *   `record` after each call.
 * @throws MetricDefinitionError `family_conflict` where a name is taken.
 * @example
 * const measuring = instrumentCircuitBreaker(new CircuitBreaker(charge), { name: 'payments' });
 * // circuit_breaker_state{breaker="payments",state="open"} 1
 * // circuit_breaker_calls_total{breaker="payments",outcome="rejected"} 12
 */
export function instrumentCircuitBreaker(
  breaker: EventedBreaker | StatedBreaker,
  options: AdapterOptions,
): InstrumentedBreaker {
  const collector = collectorOf(options);
  const as = `circuit breaker ${options.name}`;
  return joined({ target: breaker, collector, as }, () => measure(breaker, collector, options.name));
}

function measure(
  breaker: EventedBreaker | StatedBreaker,
  collector: MetricsCollector,
  name: string,
): InstrumentedBreaker {
  const states = collector.gauge('circuit_breaker_state', {
    description: '1 for the state that the circuit breaker is in, 0 for the others.',
    labelNames: ['breaker', 'state'],
  });
  const calls = collector.counter('circuit_breaker_calls_total', {
    description: 'Calls through the circuit breaker, by how they ended; those rejected were not made.',
    labelNames: ['breaker', 'outcome'],
  });
  let active = true;
  const record = (outcome: CallOutcome) => {
    if (active) calls.increment(1, { breaker: name, outcome });
  };
  const ignore = 'on' in breaker ? listen(breaker, record) : undefined;
  const collecting = collector.collectTogether([states], () => {
    const now = stateOf(breaker);
    for (const state of STATES) states.set(state === now ? 1 : 0, { breaker: name, state });
  });
  return {
    record,
    remove() {
      active = false;
      ignore?.();
      collecting.remove();
      for (const state of STATES) states.remove({ breaker: name, state });
    },
  };
}

function stateOf(breaker: EventedBreaker | StatedBreaker): BreakerState {
  if ('state' in breaker) return breaker.state();
  if (breaker.halfOpen) return 'half_open';
  return breaker.opened ? 'open' : 'closed';
}

/** Records what the breaker tells; answers how to stop that. */
function listen(breaker: EventedBreaker, record: (outcome: CallOutcome) => void): () => void {
  /** An error that has an event of its own is told a second time, as the failure that it also is, or as what a filter makes of it. */
  let told: unknown = {};
  const first = (outcome: CallOutcome) => (error: unknown) => {
    told = error;
    record(outcome);
  };
  const unlessTold = (outcome: CallOutcome) => (given: unknown) => {
    if (given !== told) record(outcome);
  };
  const listeners: readonly (readonly [event: string, listener: (given: unknown) => void])[] = [
    ['reject', () => record('rejected')],
    ['semaphoreLocked', first('rejected')],
    ['timeout', first('timeout')],
    ['success', unlessTold('success')],
    ['failure', unlessTold('failure')],
  ];
  for (const [event, listener] of listeners) breaker.on(event, listener);
  return () => {
    for (const [event, listener] of listeners) breaker.off(event, listener);
  };
}
