// The worker's one call.
import cluster from 'node:cluster';
import { isMainThread, threadId } from 'node:worker_threads';
import type { MetricsCollector } from '../collector.js';
import { MetricDefinitionError } from '../errors.js';
import { getMetricsCollector } from '../global.js';
import { checkSeconds } from '../instruments/definition.js';
import { joinByProcess } from './process-carrier.js';
import { joinByThread } from './thread-carrier.js';
import { WorkerEnd } from './worker-end.js';

export interface JoinOptions {
  /** How this worker is called in errors and in the label `worker`. Default: the process id, or `thread-` and the thread's. */
  readonly worker?: string;
  /** How often to tell, without being asked, what cannot be read in place. Default: every second. */
  readonly reportSeconds?: number;
}

/** A worker's membership. */
export interface Joined {
  /**
   * Tells now what was recorded. Once it returns, what was recorded before is counted, whatever becomes of this worker: the
   * operating system has it. Threads share their memory and need it for summaries and native histograms only.
   *
   * Cost: a comparison of all numbers, 1 ns each, and a message.
   */
  report(): void;
  /**
   * Resolves once somebody gathers this worker, which takes a message there and back. Wait for it before a worker ends that
   * does not live long: what is over before anybody heard of it is not counted. Where nobody gathers, it never resolves.
   */
  readonly ready: Promise<void>;
  /** Leaves for good: what was counted stays, what is so now is gone. Whoever joins again needs a new collector. */
  leave(): void;
}

const LONGEST_NAME = 200;

const joined = new WeakMap<MetricsCollector, Joined>();
/** Their counts stay with whoever gathered them: told again from the start, they would be counted twice. */
const gone = new WeakSet<MetricsCollector>();

/**
 * Has the one who gathers (`gatherWorkers` in the primary or in another thread of this process) read this collector with its
 * own. It may start before or after this one. Where there is nobody to join, nothing happens.
 *
 * In a thread the numbers move into shared memory, which recording does not notice. In a process of `node:cluster` they are
 * sent every second, when the gatherer asks, and when the process exits.
 *
 * @throws MetricDefinitionError `invalid_option` where an option is invalid, this collector gathers others itself, or it has left.
 * @example
 * joinCluster(metrics);
 * metrics.counter('jobs_total').increment();
 * // in the primary, with those of all workers: jobs_total 4
 */
export function joinCluster(metrics: MetricsCollector = getMetricsCollector(), options: JoinOptions = {}): Joined {
  const known = joined.get(metrics);
  if (known !== undefined) return known;
  const { worker = isMainThread ? String(process.pid) : `thread-${threadId}`, reportSeconds = 1 } = options;
  checkSeconds('reportSeconds', reportSeconds);
  if (typeof worker !== 'string' || !worker.isWellFormed() || worker === '' || worker.length > LONGEST_NAME) {
    const rule = `Give a text of 1 to ${LONGEST_NAME} characters.`;
    throw new MetricDefinitionError({
      kind: 'invalid_option',
      option: 'worker',
      value: String(worker).slice(0, 100),
      rule,
    });
  }
  if (gone.has(metrics)) {
    const rule = 'It has left, and what it counted is counted already; join with a new collector.';
    throw new MetricDefinitionError({ kind: 'invalid_option', option: 'metrics', value: 'one that left', rule });
  }
  if (metrics.inPlace.memory.isWatched) {
    const rule = 'It gathers workers already; give those who join a collector of their own.';
    throw new MetricDefinitionError({ kind: 'invalid_option', option: 'metrics', value: 'a gatherer', rule });
  }
  const shares = !(isMainThread && cluster.isWorker);
  const end = new WorkerEnd(metrics, { shares, reportSeconds });
  const carrier = (shares ? joinByThread : joinByProcess)(worker, end);
  const onExit = () => end.reportNow();
  process.on('exit', onExit);
  const membership: Joined = {
    report: onExit,
    ready: end.ready,
    leave: () => {
      process.off('exit', onExit);
      end.reportNow();
      joined.delete(metrics);
      gone.add(metrics);
      carrier.close();
      end.close();
    },
  };
  joined.set(metrics, membership);
  return membership;
}
