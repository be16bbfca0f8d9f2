// What a MemoryStorage is compared with: every sample as an object in a map, nothing shared, nothing compressed.
import type { Snapshot } from '../../../lib/model/family.js';
import { samplesOf } from '../../../lib/model/samples.js';
import type { LabelMatcher, SeriesData, TimeRange } from '../../../lib/model/storage.js';

type Labels = Readonly<Record<string, string>>;

/** By the text of a series' labels: its samples as [time stamp, value], ascending. */
export type Answer = Map<string, [number, string][]>;

interface NaiveSeries {
  readonly labels: Labels;
  readonly fromSnapshots: Map<number, number>;
  readonly appended: Map<number, number>;
}

export class NaiveHistory {
  readonly #series = new Map<string, NaiveSeries>();

  write(snapshot: Snapshot): number {
    let count = 0;
    for (const { name, labels, value } of samplesOf(snapshot)) {
      this.#seriesOf({ ...labels, __name__: name }).fromSnapshots.set(snapshot.timestampMs, value);
      count++;
    }
    return count;
  }

  append(labels: Labels, timestampMs: number, value: number): void {
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
  for (const { labels, timestampsMs, values } of found) {
    const key = keyOf(labels);
    if (answer.has(key)) throw new Error(`${key} was answered twice.`);
    if (timestampsMs.length !== values.length) throw new Error(`${key} has time stamps without values.`);
    if (!timestampsMs.every((at, i) => i === 0 || at > (timestampsMs[i - 1] as number))) {
      throw new Error(`The time stamps of ${key} are not ascending.`);
    }
    answer.set(
      key,
      Array.from(timestampsMs, (at, i) => [at, shown(values[i] as number)]),
    );
  }
  return answer;
}

function keyOf(labels: Labels): string {
  return JSON.stringify(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function shown(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function fulfils({ operator, value }: LabelMatcher, given: string): boolean {
  const matches = operator.includes('~') ? new RegExp(`^(?:${value})$`, 's').test(given) : given === value;
  return operator.startsWith('!') ? !matches : matches;
}
