// The histories of all targets as one that can be asked. A question about one target looks at that one alone: what a target's
// labels are is known before any series of it is looked at.
import { ok, type Result, ResultAsync } from 'neverthrow';
import type { StorageError } from '../../errors.js';
import { compileMatchers, type LabelPredicate } from '../../model/matchers.js';
import type { LabelMatcher, Queryable, SeriesData, TimeRange } from '../../model/storage.js';

/** A history, and labels that every series in it has. */
export interface History {
  readonly labels: Readonly<Record<string, string>>;
  readonly queryable: Queryable;
}

type Selected = Iterable<SeriesData> | AsyncIterable<SeriesData>;

/** No series may be in two of the histories. */
export class Histories implements Queryable {
  readonly #histories: readonly History[];

  constructor(histories: readonly History[]) {
    this.#histories = histories;
  }

  select(matchers: readonly LabelMatcher[], range: TimeRange): ResultAsync<Selected, StorageError> {
    return new ResultAsync(Promise.resolve(compileMatchers(matchers))).andThen(
      (predicates) => new ResultAsync(this.#selectAll(matchers, predicates, range)),
    );
  }

  async #selectAll(
    matchers: readonly LabelMatcher[],
    predicates: readonly LabelPredicate[],
    range: TimeRange,
  ): Promise<Result<Selected, StorageError>> {
    const asked = this.#histories.filter(({ labels }) => mayMatch(labels, predicates));
    const answers = await Promise.all(asked.map(({ queryable }) => queryable.select(matchers, range)));
    const found: Selected[] = [];
    for (const answer of answers) {
      if (answer.isErr()) return answer.map(() => found.flat() as never);
      found.push(answer.value);
    }
    return ok(found.every(isPlain) ? new Joined(found) : new AsyncJoined(found));
  }
}

function mayMatch(labels: History['labels'], predicates: readonly LabelPredicate[]): boolean {
  return predicates.every((predicate) => {
    const value = labels[predicate.name];
    return value === undefined || predicate.matches(value);
  });
}

function isPlain(selected: Selected): selected is Iterable<SeriesData> {
  return Symbol.iterator in selected;
}

class Joined implements Iterable<SeriesData> {
  readonly #parts: readonly Iterable<SeriesData>[];

  constructor(parts: readonly Iterable<SeriesData>[]) {
    this.#parts = parts;
  }

  *[Symbol.iterator](): Generator<SeriesData> {
    for (const part of this.#parts) yield* part;
  }
}

class AsyncJoined implements AsyncIterable<SeriesData> {
  readonly #parts: readonly Selected[];

  constructor(parts: readonly Selected[]) {
    this.#parts = parts;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SeriesData> {
    for (const part of this.#parts) yield* part;
  }
}
