// What `load` commands have loaded, as a `Queryable`: plain arrays of samples, apart from every storage of the product, so that
// any series that the language can write (gauge histograms, custom bounds, negative counts) reaches the engine as written.
import { errAsync, okAsync, type ResultAsync } from 'neverthrow';
import type { StorageError } from '../../../lib/errors.js';
import type { Labels } from '../../../lib/model/label-set.js';
import { compileMatchers, matchesAll } from '../../../lib/model/matchers.js';
import { CUSTOM_BOUNDS_SCHEMA } from '../../../lib/model/native-histogram.js';
import type { LabelMatcher, Queryable, SeriesData, TimeRange } from '../../../lib/model/storage.js';
import type { FloatHistogram } from '../../../lib/query/histograms/float-histogram.js';
import type { LoadCommand, Point } from './script.js';

interface Loaded {
  readonly labels: Labels;
  readonly samples: Map<number, Exclude<Point, undefined>>;
}

export class LoadedSeries implements Queryable {
  readonly #series = new Map<string, Loaded>();

  load({ stepMs, series, withCustomBounds }: LoadCommand): void {
    for (const { labels, points } of series) {
      points.forEach((point, i) => {
        if (point !== undefined) this.#set(labels, i * stepMs, point);
      });
    }
    if (!withCustomBounds) return;
    for (const [labels, timeMs, histogram] of customBoundsOf(series, stepMs)) this.#set(labels, timeMs, histogram);
  }

  clear(): void {
    this.#series.clear();
  }

  select(matchers: readonly LabelMatcher[], range: TimeRange): ResultAsync<Iterable<SeriesData>, StorageError> {
    const predicates = compileMatchers(matchers);
    if (predicates.isErr()) return errAsync(predicates.error);
    const found: SeriesData[] = [];
    for (const { labels, samples } of this.#series.values()) {
      if (!matchesAll(predicates.value, labels)) continue;
      const inRange = [...samples].filter(([timeMs]) => timeMs >= range.startMs && timeMs <= range.endMs);
      if (inRange.length > 0)
        found.push(
          seriesData(
            labels,
            inRange.sort(([a], [b]) => a - b),
          ),
        );
    }
    return okAsync(found);
  }

  #set(labels: Labels, timeMs: number, point: Exclude<Point, undefined>): void {
    const kept = Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
    const key = JSON.stringify(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1)));
    let loaded = this.#series.get(key);
    if (loaded === undefined) {
      loaded = { labels: kept, samples: new Map() };
      this.#series.set(key, loaded);
    }
    loaded.samples.set(timeMs, point);
  }
}

function seriesData(labels: Labels, samples: readonly (readonly [number, Exclude<Point, undefined>])[]): SeriesData {
  const kept = samples.filter(([, point]) => point !== 'stale');
  const histograms = kept.map(([, point]) => (typeof point === 'object' ? storedHint(point) : undefined));
  return {
    labels,
    timestampsMs: Float64Array.from(kept, ([timeMs]) => timeMs),
    values: Float64Array.from(kept, ([, point]) => (typeof point === 'number' ? point : Number.NaN)),
    endsMs: Float64Array.from(
      samples.filter(([, point]) => point === 'stale'),
      ([timeMs]) => timeMs,
    ),
    ...(histograms.some((histogram) => histogram !== undefined) ? { histograms } : {}),
  };
}

/** A storage finds out itself that a histogram is no reset; only that is not taken from the one who writes. */
function storedHint(histogram: FloatHistogram): FloatHistogram {
  if (histogram.resetHint !== 'not_reset') return histogram;
  const { resetHint: _left, ...rest } = histogram;
  return rest;
}

interface Classic {
  readonly labels: Record<string, string>;
  readonly buckets: Map<number, number>;
  count?: number;
  sum?: number;
}

/** The native histograms with custom bounds that classic `_bucket`, `_count` and `_sum` series amount to. */
export function* customBoundsOf(
  series: LoadCommand['series'],
  stepMs: number,
): Generator<readonly [Labels, number, FloatHistogram]> {
  const byMetric = new Map<string, Map<number, Classic>>();
  for (const { labels, points } of series) {
    const [, name, suffix] = /^(.*)_(bucket|count|sum)$/.exec(labels.__name__ ?? '') ?? [];
    if (name === undefined) continue;
    const { le, ...rest }: Record<string, string> = { ...labels, __name__: name };
    const bound = le === undefined ? undefined : boundOf(le);
    if (suffix === 'bucket' && (bound === undefined || Number.isNaN(bound))) continue;
    const key = JSON.stringify(Object.entries(rest).sort());
    const byTime = byMetric.get(key) ?? new Map<number, Classic>();
    byMetric.set(key, byTime);
    points.forEach((point, i) => {
      if (typeof point !== 'number') return;
      const at: Classic = byTime.get(i * stepMs) ?? { labels: rest, buckets: new Map() };
      byTime.set(i * stepMs, at);
      if (suffix === 'bucket') at.buckets.set(bound as number, point);
      else at[suffix as 'count' | 'sum'] = point;
    });
  }
  for (const byTime of byMetric.values()) {
    for (const [timeMs, classic] of byTime) yield [classic.labels, timeMs, nativeOf(classic)];
  }
}

function boundOf(le: string): number {
  return /^\+?inf$/i.test(le) ? Number.POSITIVE_INFINITY : Number(le === '' ? Number.NaN : le);
}

function nativeOf({ buckets, count, sum }: Classic): FloatHistogram {
  const bounds = [...buckets.keys()].filter(Number.isFinite).sort((a, b) => a - b);
  const highest = buckets.get(bounds.at(-1) as number) ?? 0;
  const total = count ?? buckets.get(Number.POSITIVE_INFINITY) ?? highest;
  const cumulative = [...bounds.map((bound) => buckets.get(bound) as number), total];
  const counts = cumulative.map((value, i) => value - (cumulative[i - 1] ?? 0));
  const kept = counts.map((value, index) => [index, value] as const).filter(([, value]) => value !== 0);
  const none = { indexes: new Int32Array(), counts: new Float64Array() };
  return {
    schema: CUSTOM_BOUNDS_SCHEMA,
    zeroThreshold: 0,
    zeroCount: 0,
    count: total,
    sum: sum ?? 0,
    positive: {
      indexes: Int32Array.from(kept, ([index]) => index),
      counts: Float64Array.from(kept, ([, value]) => value),
    },
    negative: none,
    customBounds: Float64Array.from(bounds),
  };
}
