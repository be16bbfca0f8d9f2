// Runs the `collect` callbacks before a reading: all at once, each with its own time limit and its own failure, so that
// one that hangs or throws costs its own family only.
import type { CollectError, SourceError } from '../errors.js';
import type { Observed } from '../instruments/definition.js';
import type { Labels } from '../instruments/labels.js';
import { OWN_PREFIX } from './options.js';
import { TimedCall } from './timed-call.js';

/** An instrument that can be given values that are kept elsewhere. */
export interface Assignable {
  assign(value: unknown, labels?: Labels): void;
  remove(labels: Labels): boolean;
}

export type CollectCallback = (instrument: never) => Observed | Promise<Observed>;

/** What a callback's answer goes to. */
export interface CollectTarget {
  readonly metric: string;
  readonly labels?: Labels | undefined;
  readonly instrument: Assignable;
}

interface Source {
  /** Those that go without a value when the callback fails. */
  readonly metrics: readonly string[];
  readonly call: TimedCall<Observed>;
  /** Told instead of leaving the metrics out, where others record them as well. */
  readonly failed: ((error: CollectError) => void) | undefined;
  /** What takes the answer; undefined where the callback records by itself. */
  readonly instrument: Assignable | undefined;
  /** The label sets of its last answer, each under a text of its own. */
  answered: ReadonlyMap<string, Labels>;
}

export class Collection {
  /** By metric and labels: a later callback for the same takes the place of an earlier one. */
  readonly #sources = new Map<string | symbol, Source>();
  /** Metrics that nobody reads any more. Their last values would pass for present ones, so they are left out. */
  readonly #forsaken = new Set<string>();
  readonly #timeoutSeconds: number;
  readonly #failed: (error: Exclude<CollectError, SourceError>) => void;
  #running: Promise<ReadonlySet<string>> | undefined;

  constructor(timeoutSeconds: number, failed: (error: Exclude<CollectError, SourceError>) => void) {
    this.#timeoutSeconds = timeoutSeconds;
    this.#failed = failed;
  }

  /** Whether there are callbacks for more than the collector's own metrics. */
  get hasForeign(): boolean {
    return [...this.#sources.values()].some(({ metrics }) => metrics.some((metric) => !metric.startsWith(OWN_PREFIX)));
  }

  add({ metric, labels = {}, instrument }: CollectTarget, callback: CollectCallback): void {
    const key = JSON.stringify([metric, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
    this.#enter(key, [metric], { instrument, callback: () => callback(instrument as never), failed: undefined });
  }

  /** A callback that records several metrics by itself. Answers how to take it away again. */
  addShared(
    metrics: readonly string[],
    callback: () => void | Promise<void>,
    failed?: (error: CollectError) => void,
  ): () => void {
    const key = Symbol('shared');
    this.#enter(key, metrics, { instrument: undefined, callback, failed });
    return () => {
      if (!this.#sources.delete(key) || failed !== undefined) return;
      const read = new Set([...this.#sources.values()].flatMap((source) => source.metrics));
      for (const metric of metrics) if (!read.has(metric)) this.#forsaken.add(metric);
    };
  }

  /** Answers the names of the metrics to leave out. Callers that come while it runs share the run. */
  run(): Promise<ReadonlySet<string>> {
    if (this.#sources.size === 0) return Promise.resolve(new Set(this.#forsaken));
    this.#running ??= this.#runAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  #enter(
    key: string | symbol,
    metrics: readonly string[],
    {
      callback,
      ...read
    }: Pick<Source, 'instrument' | 'failed'> & { readonly callback: () => Observed | Promise<Observed> },
  ): void {
    const call = new TimedCall(callback, this.#timeoutSeconds);
    this.#sources.set(key, { metrics, call, ...read, answered: new Map() });
    for (const metric of metrics) this.#forsaken.delete(metric);
  }

  async #runAll(): Promise<ReadonlySet<string>> {
    const failed = new Set<string>();
    await Promise.all(
      [...this.#sources.values()].map(async (source) => {
        const failure = await this.#runOne(source);
        if (failure === undefined) return;
        for (const metric of source.metrics) {
          if (source.failed === undefined) failed.add(metric);
          else source.failed({ ...failure, metric });
          this.#failed({ ...failure, metric });
        }
      }),
    );
    // Only now, because a source may have been taken away meanwhile.
    return new Set([...failed, ...this.#forsaken]);
  }

  async #runOne(source: Source): Promise<Failure | undefined> {
    const outcome = await source.call.run();
    if (outcome.kind === 'timed_out') return { kind: 'collect_timed_out', timeoutSeconds: this.#timeoutSeconds };
    if (outcome.kind === 'failed') return { kind: 'collect_failed', cause: outcome.cause };
    try {
      assign(source, outcome.value);
      return undefined;
    } catch (cause) {
      return { kind: 'collect_failed', cause };
    }
  }
}

/** A CollectError that is not said of any metric yet. */
type Failure =
  | { readonly kind: 'collect_failed'; readonly cause: unknown }
  | { readonly kind: 'collect_timed_out'; readonly timeoutSeconds: number };

/** An answer with labels is all there is: series that the callback answered the last time and does not answer now go. */
function assign(source: Source, observed: Observed): void {
  const { instrument } = source;
  if (instrument === undefined || observed === undefined) return;
  if (typeof observed !== 'object' || observed === null || !(Symbol.iterator in observed)) {
    instrument.assign(observed);
    return;
  }
  const answered = new Map<string, Labels>();
  for (const { value, labels } of observed) {
    instrument.assign(value, labels);
    answered.set(textOf(labels), labels);
  }
  for (const [text, labels] of source.answered) if (!answered.has(text)) instrument.remove(labels);
  source.answered = answered;
}

/** Tells label sets apart as the instrument does: in any order, numbers and their text alike, an empty value as none. */
function textOf(labels: Labels | undefined): string {
  const entries = Object.entries(labels ?? {})
    .map(([name, value]): [string, string] => [name, String(value)])
    .filter(([, text]) => text !== '');
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
