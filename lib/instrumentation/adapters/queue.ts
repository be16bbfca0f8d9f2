// Queues of work: how many tasks wait, for how long, and how they end. The tasks are wrapped and not the queue, so that any queue
// of functions can be measured, and one of other things by hand.
import { isPromise } from 'node:util/types';
import { Err, ResultAsync } from 'neverthrow';
import { collectorOf, type Instrumentation } from '../instrumentation.js';
import type { AdapterOptions } from './circuit-breaker.js';

/** Whatever says how much waits: an array, a set, `p-queue`, `fastq`, `async.queue`. */
export interface QueueLike {
  readonly length?: number | (() => number);
  readonly size?: number | (() => number);
}

/** One task on its way. */
export interface QueuedTask {
  /** It waits no longer. */
  started(): void;
  processed(outcome: 'ok' | 'failed'): void;
}

export interface InstrumentedQueue extends Instrumentation {
  /** Counts a task that is put into the queue now. */
  enqueued(): QueuedTask;
  /**
   * A task to put into the queue now, in place of this one: it says by itself when it starts and how it ends, and gives and
   * throws the same. An `Err` is a failure, too.
   */
  track<Args extends unknown[], Value>(task: (...args: Args) => Value): (...args: Args) => Value;
}

/**
 * Shows how many tasks wait in a queue, and counts those that are put in with `track` or `enqueued`: how long they wait, how they end.
 *
 * @param queue - Is asked for its `length` or `size` at each scrape and for nothing else; NaN is shown where it has neither.
 * @throws MetricDefinitionError `family_conflict` where a name is taken.
 * @example
 * const measuring = instrumentQueue(queue, { name: 'mail' });
 * queue.push(measuring.track(() => send(letter)));
 * // queue_depth{queue="mail"} 3
 * // queue_enqueued_total{queue="mail"} 120
 * // queue_processed_total{queue="mail",outcome="ok"} 116
 * // queue_wait_duration_seconds_count{queue="mail"} 117
 */
export function instrumentQueue(queue: QueueLike, options: AdapterOptions): InstrumentedQueue {
  const { name } = options;
  const collector = collectorOf(options);
  const labels = { queue: name };
  const labelNames = ['queue'] as const;
  const depth = collector.gauge('queue_depth', { description: 'Tasks that wait in the queue.', labelNames });
  const added = collector
    .counter('queue_enqueued_total', { description: 'Tasks put into the queue.', labelNames })
    .labels(labels);
  const done = collector.counter('queue_processed_total', {
    description: 'Tasks that came out of the queue and ended, by how they ended.',
    labelNames: ['queue', 'outcome'],
  });
  const waits = collector
    .histogram('queue_wait_duration_seconds', { description: 'Time that tasks waited in the queue.', labelNames })
    .labels(labels);
  const collecting = collector.collectTogether([depth], () => depth.set(lengthOf(queue), labels));

  let active = true;
  const enqueued = (): QueuedTask => {
    const since = collector.clock.monotonic();
    if (active) added.increment();
    return {
      started: () => {
        if (active) waits.observe(collector.clock.monotonic() - since);
      },
      processed: (outcome) => {
        if (active) done.increment(1, { queue: name, outcome });
      },
    };
  };
  return {
    enqueued,
    track: (task) => tracked(task, enqueued()),
    remove() {
      active = false;
      collecting.remove();
      depth.remove(labels);
    },
  };
}

function lengthOf(queue: QueueLike): number {
  const { length, size } = queue;
  const found = length ?? size;
  return (typeof found === 'function' ? found.call(queue) : found) ?? Number.NaN;
}

function tracked<Args extends unknown[], Value>(
  task: (...args: Args) => Value,
  queued: QueuedTask,
): (...args: Args) => Value {
  return (...args) => {
    queued.started();
    let value: Value;
    try {
      value = task(...args);
    } catch (error) {
      queued.processed('failed');
      throw error;
    }
    const ended = (settled: unknown) => queued.processed(settled instanceof Err ? 'failed' : 'ok');
    if (value instanceof ResultAsync) {
      // A ResultAsync that rejects is broken; whoever awaits it hears of that.
      value.then(ended, () => queued.processed('failed'));
      return value;
    }
    if (!isPromise(value)) {
      ended(value);
      return value;
    }
    return value.then(
      (settled: unknown) => {
        ended(settled);
        return settled;
      },
      (error: unknown) => {
        queued.processed('failed');
        throw error;
      },
    ) as Value;
  };
}
