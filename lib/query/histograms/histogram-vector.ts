// A vector with histograms of both kinds, read as `histogram_quantile` and `histogram_fraction` do it: native ones one by one,
// classic ones once all series of their buckets are there. Where a metric has both at a step, neither is read.
import { type Labels, newLabelSet } from '../../model/label-set.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import type { Expression, Position } from '../language/expression.js';
import { keyOf, withoutName } from '../values/label-sets.js';
import { ABSENT, type Emit, HISTOGRAM, NUMBER, SeriesBuilder, type StepSeries } from '../values/step-series.js';
import { bucketBound, ClassicBuckets } from './classic-buckets.js';
import type { FloatHistogram } from './float-histogram.js';
import { type NotePlace, warnOfBucketLabel, warnOfMixedHistograms } from './histogram-notes.js';

const LE = 'le';

export interface HistogramReading {
  readonly expression: Expression;
  /** Where Prometheus finds what there is to say of native ones: the first argument, not the one with the histograms. */
  readonly nativePosition: Position;
  /** What is read of a native histogram at a step. */
  ofNative(histogram: FloatHistogram, step: number, place: NotePlace): number;
  /** What is read of a classic one. The buckets are there for the call only. */
  ofClassic(buckets: ClassicBuckets, step: number, place: NotePlace): number;
}

/** Hands over a series of numbers for each histogram of a vector. Numbers that are of no classic histogram are left out. */
export async function readHistograms(reading: HistogramReading, evaluation: Evaluation, emit: Emit): Promise<void> {
  const vector = new HistogramVector(reading, evaluation);
  await evaluation.vector(reading.expression, (series) => vector.add(series));
  vector.dropMixed();
  for (const { labels, results } of vector.natives) {
    if (results.kinds.includes(NUMBER)) emit(results.withLabels(withoutName(labels)));
  }
  for (const group of vector.groups) {
    vector.read(group).emitTo(emit, withoutName(group.labels));
    const pause = evaluation.pause(evaluation.steps.count * group.buckets.length);
    if (pause !== undefined) await pause;
  }
}

/** The series of one bucket. */
interface BucketSeries extends Pick<StepSeries, 'kinds' | 'values'> {
  readonly bound: number;
}

interface ClassicHistogram {
  /** Without `le`. */
  readonly labels: Labels;
  readonly buckets: BucketSeries[];
  /** Where there is a native histogram of the same labels as well: 1 by step. */
  mixed?: Uint8Array;
}

interface NativeSeries {
  readonly labels: Labels;
  readonly results: SeriesBuilder;
}

class HistogramVector {
  readonly natives: NativeSeries[] = [];
  readonly #reading: HistogramReading;
  readonly #evaluation: Evaluation;
  readonly #groups = new Map<string, ClassicHistogram>();
  readonly #buckets = new ClassicBuckets();

  constructor(reading: HistogramReading, evaluation: Evaluation) {
    this.#reading = reading;
    this.#evaluation = evaluation;
  }

  get groups(): Iterable<ClassicHistogram> {
    return this.#groups.values();
  }

  add(series: StepSeries): void {
    if (series.histograms !== undefined) this.#addNative(series);
    if (series.histograms === undefined || series.kinds.includes(NUMBER)) this.#addBucket(series);
  }

  /** Forgets what there is of both kinds at a step under the same labels. */
  dropMixed(): void {
    if (this.#groups.size === 0) return;
    for (const { labels, results } of this.natives) {
      const group = this.#groups.get(keyOf(labels));
      if (group !== undefined) this.#drop(group, results);
    }
  }

  read({ labels, buckets, mixed }: ClassicHistogram): SeriesBuilder {
    const results = new SeriesBuilder(this.#evaluation.steps.count);
    buckets.sort((a, b) => a.bound - b.bound);
    const place = this.#placeOf(labels);
    for (let step = 0; step < results.kinds.length; step++) {
      if (mixed?.[step] === 1) continue;
      this.#buckets.clear();
      for (const { bound, kinds, values } of buckets) {
        if (kinds[step] === NUMBER) this.#buckets.add(bound, values[step] as number);
      }
      if (this.#buckets.length > 0) results.setNumber(step, this.#reading.ofClassic(this.#buckets, step, place));
    }
    return results;
  }

  #addNative({ labels, kinds, histograms }: StepSeries): void {
    const results = new SeriesBuilder(kinds.length);
    const place = { ...this.#placeOf(labels), position: this.#reading.nativePosition };
    for (let step = 0; step < kinds.length; step++) {
      if (kinds[step] !== HISTOGRAM) continue;
      results.setNumber(step, this.#reading.ofNative(histograms?.[step] as FloatHistogram, step, place));
    }
    this.natives.push({ labels, results });
  }

  #addBucket({ labels, kinds, values }: StepSeries): void {
    const le = labels[LE] ?? '';
    const bound = bucketBound(le);
    if (bound === undefined) {
      warnOfBucketLabel(this.#placeOf(labels), le);
      return;
    }
    const rest = withoutBound(labels);
    const key = keyOf(rest);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { labels: rest, buckets: [] };
      this.#groups.set(key, group);
    }
    group.buckets.push({ bound, kinds, values });
  }

  #drop(group: ClassicHistogram, native: SeriesBuilder): void {
    for (let step = 0; step < native.kinds.length; step++) {
      const isClassic = group.buckets.some(({ kinds }) => kinds[step] === NUMBER);
      if (native.kinds[step] === ABSENT || !isClassic) continue;
      native.kinds[step] = ABSENT;
      group.mixed ??= new Uint8Array(native.kinds.length);
      group.mixed[step] = 1;
    }
    if (group.mixed !== undefined) warnOfMixedHistograms(this.#placeOf(group.labels));
  }

  #placeOf(labels: Labels): NotePlace {
    const { annotations } = this.#evaluation;
    return { annotations, position: this.#reading.expression.position, metricName: labels.__name__ ?? '' };
  }
}

function withoutBound(labels: Labels): Labels {
  const rest = newLabelSet();
  for (const name of Object.keys(labels)) if (name !== LE) rest[name] = labels[name] as string;
  return rest;
}
