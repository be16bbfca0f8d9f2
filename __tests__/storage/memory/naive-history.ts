// What a MemoryStorage is compared with: every sample as an object in a map, nothing shared, nothing compressed.
import type { SeriesBlock, Snapshot } from '../../../lib/model/family.js';
import { type NativeBuckets, type NativeHistogram, nativeHistogramAt } from '../../../lib/model/native-histogram.js';
import { samplesOf } from '../../../lib/model/samples.js';
import type { LabelMatcher, SeriesData, TimeRange } from '../../../lib/model/storage.js';

type Labels = Readonly<Record<string, string>>;

/** By the text of a series' labels: its samples as [time stamp, value], ascending. */
export type Answer = Map<string, [number, string][]>;

type Sample = number | NativeHistogram;

interface NaiveSeries {
  readonly labels: Labels;
  readonly fromSnapshots: Map<number, Sample>;
  readonly appended: Map<number, Sample>;
}

export class NaiveHistory {
  readonly #series = new Map<string, NaiveSeries>();

  write(snapshot: Snapshot): number {
    let count = 0;
    for (const { name, labels, value } of samplesOf(snapshot)) {
      this.#seriesOf({ ...labels, __name__: name }).fromSnapshots.set(snapshot.timestampMs, value);
      count++;
    }
    for (const { name, labels, histogram } of histogramsOf(snapshot)) {
      this.#seriesOf({ ...labels, __name__: name }).fromSnapshots.set(snapshot.timestampMs, histogram);
      count++;
    }
    return count;
  }

  append(labels: Labels, timestampMs: number, value: Sample): void {
    this.#seriesOf(labels).appended.set(timestampMs, value);
  }

  select(matchers: readonly LabelMatcher[], { startMs, endMs }: TimeRange): Answer {
    const answer: Answer = new Map();
    for (const [key, { labels, fromSnapshots, appended }] of this.#series) {
      if (!matchers.every((matcher) => fulfils(matcher, labels[matcher.name] ?? ''))) continue;
      const samples = [...new Map([...fromSnapshots, ...appended])]
        .filter(([at]) => at >= startMs && at <= endMs)
        .sort(([a], [b]) => a - b);
      if (samples.length > 0)
        answer.set(
          key,
          samples.map(([at, value]) => [at, shown(value)]),
        );
    }
    return answer;
  }

  #seriesOf(labels: Labels): NaiveSeries {
    const key = keyOf(labels);
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { labels, fromSnapshots: new Map(), appended: new Map() };
      this.#series.set(key, series);
    }
    return series;
  }
}

/** What a storage answered, in the same form. Fails when a series comes twice or its time stamps are not ascending. */
export function answerOf(found: Iterable<SeriesData>): Answer {
  const answer: Answer = new Map();
  for (const { labels, timestampsMs, values, histograms } of found) {
    const key = keyOf(labels);
    if (answer.has(key)) throw new Error(`${key} was answered twice.`);
    if (timestampsMs.length !== values.length) throw new Error(`${key} has time stamps without values.`);
    if (!timestampsMs.every((at, i) => i === 0 || at > (timestampsMs[i - 1] as number))) {
      throw new Error(`The time stamps of ${key} are not ascending.`);
    }
    if (histograms !== undefined && histograms.length !== values.length) throw new Error(`${key} lacks histograms.`);
    const sampleAt = (i: number): Sample => {
      const histogram = histograms?.[i];
      if (histogram !== undefined && !Number.isNaN(values[i])) throw new Error(`${key} has two samples at once.`);
      return histogram ?? (values[i] as number);
    };
    answer.set(
      key,
      Array.from(timestampsMs, (at, i) => [at, shown(sampleAt(i))]),
    );
  }
  return answer;
}

function* histogramsOf({
  families,
}: Snapshot): Generator<{ name: string; labels: Labels; histogram: NativeHistogram }> {
  for (const { descriptor, blocks } of families) {
    for (const block of blocks()) {
      for (let row = 0; row < block.size; row++) {
        const histogram = block.live?.[row] === 0 ? undefined : nativeHistogramAt(block, row);
        if (histogram !== undefined) yield { name: descriptor.name, labels: labelsIn(block, row), histogram };
      }
    }
  }
}

function labelsIn({ dictionaries, labelIds, constantLabels }: SeriesBlock, row: number): Labels {
  const own = dictionaries.map(({ name, values }, c) => [
    name,
    values[labelIds[row * dictionaries.length + c] as number],
  ]);
  return { ...Object.fromEntries(constantLabels), ...Object.fromEntries(own) };
}

function keyOf(labels: Labels): string {
  return JSON.stringify(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function shown(value: Sample): string {
  if (typeof value === 'object') return shownHistogram(value);
  return Object.is(value, -0) ? '-0' : String(value);
}

function shownHistogram({ positive, negative, ...rest }: NativeHistogram): string {
  const buckets = ({ indexes, counts }: NativeBuckets) => Array.from(indexes, (index, i) => `${index}:${counts[i]}`);
  const numbers = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = numbers.map(([name, value]) => `${name} ${typeof value === 'number' ? shown(value) : String(value)}`);
  return `${parts.join(', ')}, + ${buckets(positive).join(' ')}, - ${buckets(negative).join(' ')}`;
}

function fulfils({ operator, value }: LabelMatcher, given: string): boolean {
  const matches = operator.includes('~') ? new RegExp(`^(?:${value})$`, 's').test(given) : given === value;
  return operator.startsWith('!') ? !matches : matches;
}
