// Series written down in a test, as a storage that can be asked; it remembers what it was asked for.
import { okAsync, type ResultAsync } from 'neverthrow';
import type { StorageError } from '../../lib/errors.js';
import type { Labels } from '../../lib/model/label-set.js';
import { compileMatchers, matchesAll } from '../../lib/model/matchers.js';
import type { LabelMatcher, Queryable, SeriesData, TimeRange } from '../../lib/model/storage.js';

/** Samples by seconds since the epoch. */
export type Written = Readonly<Record<number, number>>;

export function seriesOf(labels: Labels, samples: Written, endsSeconds: readonly number[] = []): SeriesData {
  const seconds = Object.keys(samples).map(Number);
  return {
    labels,
    timestampsMs: Float64Array.from(seconds, (at) => at * 1000),
    values: Float64Array.from(seconds, (at) => samples[at] as number),
    ...(endsSeconds.length > 0 ? { endsMs: Float64Array.from(endsSeconds, (at) => at * 1000) } : {}),
  };
}

/** Every `everySeconds` from 0 on a sample, whose value is its place. */
export function steadySeries(labels: Labels, count: number, everySeconds: number): SeriesData {
  return {
    labels,
    timestampsMs: Float64Array.from({ length: count }, (_, i) => i * everySeconds * 1000),
    values: Float64Array.from({ length: count }, (_, i) => i),
  };
}

export class GivenSeries implements Queryable {
  readonly asked: { readonly names: readonly string[]; readonly range: TimeRange }[] = [];
  readonly #series: readonly SeriesData[];

  constructor(...series: readonly SeriesData[]) {
    this.#series = series;
  }

  select(matchers: readonly LabelMatcher[], range: TimeRange): ResultAsync<Iterable<SeriesData>, StorageError> {
    this.asked.push({ names: matchers.map(({ value }) => value), range });
    return okAsync(this.found(matchers, range));
  }

  protected found(matchers: readonly LabelMatcher[], range: TimeRange): readonly SeriesData[] {
    const predicates = compileMatchers(matchers)._unsafeUnwrap();
    return this.#series
      .filter(({ labels }) => matchesAll(predicates, labels))
      .map((series) => within(series, range))
      .filter(({ timestampsMs }) => timestampsMs.length > 0);
  }
}

function within({ labels, timestampsMs, values, endsMs }: SeriesData, { startMs, endMs }: TimeRange): SeriesData {
  const isWithin = (at: number) => at >= startMs && at <= endMs;
  return {
    labels,
    timestampsMs: timestampsMs.filter(isWithin),
    values: values.filter((_, i) => isWithin(timestampsMs[i] as number)),
    ...(endsMs === undefined ? {} : { endsMs: endsMs.filter(isWithin) }),
  };
}
