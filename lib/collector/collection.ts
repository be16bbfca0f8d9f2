// Runs the `collect` callbacks before a reading: all at once, each with its own time limit and its own failure, so that
// one that hangs or throws costs its own family only.
import type { CollectError } from '../errors.js';
import type { Observed } from '../instruments/definition.js';
import type { Labels } from '../instruments/labels.js';

/** An instrument that can be given values that are kept elsewhere. */
export interface Assignable {
  assign(value: unknown, labels?: Labels): void;
}

export type CollectCallback = (instrument: never) => Observed | Promise<Observed>;

/** What a callback's answer goes to. */
export interface CollectTarget {
  readonly metric: string;
  readonly labels?: Labels | undefined;
  readonly instrument: Assignable;
}

interface Source {
  readonly metric: string;
  readonly instrument: Assignable;
  readonly callback: CollectCallback;
  /** A call that has not come back yet is waited for again, instead of piling up another. */
  pending: Promise<Observed> | undefined;
}

export class Collection {
  /** By metric and labels: a later callback for the same takes the place of an earlier one. */
  readonly #sources = new Map<string, Source>();
  readonly #timeoutSeconds: number;
  readonly #failed: (error: CollectError) => void;
  #running: Promise<ReadonlySet<string>> | undefined;

  constructor(timeoutSeconds: number, failed: (error: CollectError) => void) {
    this.#timeoutSeconds = timeoutSeconds;
    this.#failed = failed;
  }

  add({ metric, labels = {}, instrument }: CollectTarget, callback: CollectCallback): void {
    const key = JSON.stringify([metric, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
    this.#sources.set(key, { metric, instrument, callback, pending: undefined });
  }

  /** Answers the names of the metrics that failed. Callers that come while it runs share the run. */
  run(): Promise<ReadonlySet<string>> {
    if (this.#sources.size === 0) return Promise.resolve(new Set());
    this.#running ??= this.#runAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #runAll(): Promise<ReadonlySet<string>> {
    const failed = new Set<string>();
    await Promise.all(
      [...this.#sources.values()].map(async (source) => {
        const error = await this.#runOne(source);
        if (error === undefined) return;
        failed.add(source.metric);
        this.#failed(error);
      }),
    );
    return failed;
  }

  async #runOne(source: Source): Promise<CollectError | undefined> {
    const { metric, callback, instrument } = source;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<typeof TIMED_OUT>((resolve) => {
      timer = setTimeout(resolve, this.#timeoutSeconds * 1000, TIMED_OUT);
    });
    try {
      source.pending ??= Promise.resolve(callback(instrument as never)).finally(() => {
        source.pending = undefined;
      });
      const observed = await Promise.race([source.pending, timeout]);
      if (observed === TIMED_OUT) return { kind: 'collect_timed_out', metric, timeoutSeconds: this.#timeoutSeconds };
      assign(instrument, observed);
      return undefined;
    } catch (cause) {
      return { kind: 'collect_failed', metric, cause };
    } finally {
      clearTimeout(timer);
    }
  }
}

const TIMED_OUT = Symbol('timed out');

function assign(instrument: Assignable, observed: Observed): void {
  if (observed === undefined) return;
  if (typeof observed === 'object' && observed !== null && Symbol.iterator in observed) {
    for (const { value, labels } of observed) instrument.assign(value, labels);
  } else {
    instrument.assign(observed);
  }
}
