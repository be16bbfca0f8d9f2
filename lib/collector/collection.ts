// Runs the `collect` callbacks before a reading: all at once, each with its own time limit and its own failure, so that
// one that hangs or throws costs its own family only.
import type { CollectError } from '../errors.js';
import type { Observed } from '../instruments/definition.js';
import type { Labels } from '../instruments/labels.js';

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
  readonly metric: string;
  readonly instrument: Assignable;
  readonly callback: CollectCallback;
  /** A call that has not come back yet is waited for again, instead of piling up another. */
  pending: Promise<Observed> | undefined;
  /** The label sets of its last answer, each under a text of its own. */
  answered: ReadonlyMap<string, Labels>;
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
    this.#sources.set(key, { metric, instrument, callback, pending: undefined, answered: new Map() });
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
    const { metric, callback } = source;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<typeof TIMED_OUT>((resolve) => {
      timer = setTimeout(resolve, this.#timeoutSeconds * 1000, TIMED_OUT);
    });
    try {
      source.pending ??= Promise.resolve(callback(source.instrument as never)).finally(() => {
        source.pending = undefined;
      });
      const observed = await Promise.race([source.pending, timeout]);
      if (observed === TIMED_OUT) return { kind: 'collect_timed_out', metric, timeoutSeconds: this.#timeoutSeconds };
      assign(source, observed);
      return undefined;
    } catch (cause) {
      return { kind: 'collect_failed', metric, cause };
    } finally {
      clearTimeout(timer);
    }
  }
}

const TIMED_OUT = Symbol('timed out');

/** An answer with labels is all there is: series that the callback answered the last time and does not answer now go. */
function assign(source: Source, observed: Observed): void {
  const { instrument } = source;
  if (observed === undefined) return;
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

/** Tells label sets apart as the instrument does: in any order, numbers and their text alike. */
function textOf(labels: Labels | undefined): string {
  const entries = Object.entries(labels ?? {}).map(([name, value]): [string, string] => [name, String(value)]);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
