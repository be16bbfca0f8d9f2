// Several storages as one that can be asked. Where it is known what labels the series of one have, questions about other series
// do not reach it: with a storage for each of many targets, a question about one target looks at that one alone.
import { ok, type Result, ResultAsync } from 'neverthrow';
import type { StorageError } from '../errors.js';
import { compileMatchers, type LabelPredicate } from '../model/matchers.js';
import type { LabelMatcher, Queryable, SeriesData, TimeRange } from '../model/storage.js';

export interface JoinedPart {
  readonly queryable: Queryable;
  /** What every series in it has. */
  readonly labels: Readonly<Record<string, string>>;
}

type Selected = Iterable<SeriesData> | AsyncIterable<SeriesData>;

/** No series may be in two of the parts. */
export class JoinedQueryables implements Queryable {
  readonly #parts: readonly JoinedPart[];

  constructor(parts: readonly JoinedPart[]) {
    this.#parts = parts;
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
    const asked = this.#parts.filter(({ labels }) => mayMatch(labels, predicates));
    const answers = await Promise.all(asked.map(({ queryable }) => queryable.select(matchers, range)));
    const found: Selected[] = [];
    for (const answer of answers) {
      if (answer.isErr()) return answer.map(() => found.flat() as never);
      found.push(answer.value);
    }
    return ok(found.every(isPlain) ? new Joined(found) : new AsyncJoined(found));
  }
}

function mayMatch(labels: JoinedPart['labels'], predicates: readonly LabelPredicate[]): boolean {
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
