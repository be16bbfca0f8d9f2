// Batch jobs: measured from start to end and pushed at the end, however that comes about. A job lives too short to be scraped, and
// the run that matters most to hear of is the one that failed.
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import { EXIT_EVENTS, type ExitEvent, onExit } from '../collector/exit-hooks.js';
import type { CollectorOptions } from '../collector/options.js';
import { MetricsCollector } from '../collector.js';
import { type JobError, MetricDefinitionError } from '../errors.js';
import { storeFinally } from './store-finally.js';

export interface JobOptions extends Pick<CollectorOptions, 'storage' | 'defaultLabels' | 'onError' | 'clock'> {
  /** Of the job, for errors. The Pushgateway's `job` label is the storage's `jobName`. */
  readonly name: string;
  /**
   * Records into this collector and its storage instead of a new one, for jobs whose code has one already. It is shut down at the
   * end, so that it serves for one job.
   */
  readonly collector?: MetricsCollector;
  /** Whether SIGTERM, SIGINT and a process without work end the job. Default true; false where the job deals with them itself. */
  readonly interruptible?: boolean;
  /** How long the push at the end may take, attempts that fail included. Default 10 seconds. */
  readonly timeoutSeconds?: number;
}

/** How a job came to its end. */
type Outcome<T, E> = Result<T, E | JobError>;

/**
 * Runs a job and stores its metrics at the end, whether it succeeds, answers an `Err`, throws, is interrupted by SIGTERM or
 * SIGINT, or waits for something that never comes while the process runs out of work. What the job gave is handed on; a storage
 * that fails changes nothing about it and is told to `onError`. After an interruption the signal has its usual effect.
 *
 * It records `job_duration_seconds`, `job_success` (1 or 0), `job_last_completion_timestamp_seconds` and, only when the job
 * succeeded, `job_last_success_timestamp_seconds`. On a Pushgateway use `mode: 'merge'`, which keeps the time of the last success
 * when a later run fails; `replace` forgets it.
 *
 * @param job - Gets the collector, to record what the job does: rows read, files written.
 * Errors: what the job answered; `job_failed` when it threw; `job_interrupted`.
 * @throws MetricDefinitionError `invalid_option` where an option is invalid; `family_conflict` where the collector given has one of
 *   these names for something else.
 *
 * @example
 * const storage = new PushgatewayStorage({ url: 'http://127.0.0.1:9091', jobName: 'nightly', mode: 'merge' });
 * const result = await runJob({ name: 'nightly', storage }, async (metrics) => {
 *   metrics.counter('rows_copied_total').increment(await copyRows());
 * });
 * // job_success 1
 * // job_duration_seconds 12.5
 */
export function runJob<T, E>(
  options: JobOptions,
  job: (metrics: MetricsCollector) => ResultAsync<T, E> | Result<T, E> | Promise<Result<T, E>>,
): ResultAsync<T, E | JobError>;
export function runJob<T>(
  options: JobOptions,
  job: (metrics: MetricsCollector) => T | Promise<T>,
): ResultAsync<T, JobError>;
export function runJob<T, E>(
  options: JobOptions,
  job: (metrics: MetricsCollector) => unknown,
): ResultAsync<T, E | JobError> {
  const { name, collector, interruptible = true, timeoutSeconds = 10, ...rest } = options;
  checkOptions(options, timeoutSeconds);
  const metrics = collector ?? new MetricsCollector(rest);
  const record = recorderFor(metrics);
  const run = async (): Promise<Outcome<T, E>> => {
    const interruption = interruptions<T, E>(name, interruptible ? EXIT_EVENTS : []);
    const outcome = await Promise.race([interruption.outcome, outcomeOf<T, E>(name, () => job(metrics))]);
    record(outcome.isOk());
    await storeFinally(metrics, timeoutSeconds);
    interruption.end();
    return outcome;
  };
  return new ResultAsync(run());
}

function checkOptions({ name, storage, collector }: JobOptions, timeoutSeconds: number): void {
  const refuse = (option: string, value: unknown, rule: string): never => {
    throw new MetricDefinitionError({ kind: 'invalid_option', option, value: String(value), rule });
  };
  if (typeof name !== 'string' || name === '') refuse('name', name, 'Give the name of the job.');
  if (storage === undefined && collector === undefined)
    refuse('storage', storage, 'Say where the metrics of the job go: give a storage, or a collector that has one.');
  if (!(timeoutSeconds > 0 && timeoutSeconds <= 86_400))
    refuse('timeoutSeconds', timeoutSeconds, 'Give seconds, above 0 and at most a day.');
}

/** Starts the measuring of a run; the function that comes back ends it. */
function recorderFor(metrics: MetricsCollector): (success: boolean) => void {
  const duration = metrics.gauge('job_duration_seconds', { description: 'Time that the last run of the job took.' });
  const succeeded = metrics.gauge('job_success', { description: '1 when the last run of the job succeeded, else 0.' });
  const startedAt = metrics.clock.monotonic();
  return (success) => {
    duration.set(metrics.clock.monotonic() - startedAt);
    succeeded.set(success ? 1 : 0);
    const endedAt = metrics.clock.now() / 1000;
    const note = (name: string, description: string) => setLate(metrics, { name, description, value: endedAt });
    note('job_last_completion_timestamp_seconds', 'When the job last ended, however it did.');
    if (success) note('job_last_success_timestamp_seconds', 'When the job last succeeded.');
  };
}

/** Defined only now, because a gauge is shown at zero from its definition on. Where the job took the name, that is told. */
function setLate(
  metrics: MetricsCollector,
  { name, description, value }: { readonly name: string; readonly description: string; readonly value: number },
): void {
  try {
    metrics.gauge(name, { description }).set(value);
  } catch (error) {
    if (!(error instanceof MetricDefinitionError)) throw error;
    metrics.onError(error.detail);
  }
}

async function outcomeOf<T, E>(name: string, job: () => unknown): Promise<Outcome<T, E>> {
  try {
    const given = await job();
    // By its shape: the job may have a neverthrow of its own.
    if (typeof (given as { isErr?: unknown } | undefined)?.isErr !== 'function') return ok(given as T);
    const result = given as Result<T, E>;
    return result.isErr() ? err(result.error) : ok(result.value);
  } catch (cause) {
    return err({ kind: 'job_failed', job: name, cause });
  }
}

/** The outcome of a job that is not let to its end, and what ends the waiting for it. */
function interruptions<T, E>(
  name: string,
  events: readonly ExitEvent[],
): { readonly outcome: Promise<Outcome<T, E>>; end(): void } {
  let interrupt: (signal: string) => void = () => {};
  const outcome = new Promise<Outcome<T, E>>((resolve) => {
    interrupt = (signal) => resolve(err({ kind: 'job_interrupted', job: name, signal }));
  });
  let stored = () => {};
  const finished = new Promise<void>((resolve) => {
    stored = resolve;
  });
  // The signal takes its effect once the metrics are stored.
  const remove = onExit(events, (event) => {
    interrupt(event);
    return finished;
  });
  let interrupted = false;
  void outcome.then(() => {
    interrupted = true;
  });
  return {
    outcome,
    end: () => {
      stored();
      if (!interrupted) remove();
    },
  };
}
