// Asks an engine over samples that are written down as lists: what tests of single functions need. Times are seconds from the
// epoch; the first sample of every series is taken at 0, the others every ten seconds.
import type { Labels } from '../../lib/model/label-set.js';
import type { FloatHistogram } from '../../lib/query/histograms/float-histogram.js';
import { QueryEngine } from '../../lib/query/query-engine.js';
import { formatLabels } from '../../lib/query/values/label-sets.js';
import type { QueryNotes, QueryResult } from '../../lib/query/values/query-result.js';
import { ManualClock } from '../../lib/testing/manual-clock.js';
import { MemoryStorage } from '../../storage/memory/memory-storage.js';

const EVERY_MS = 10_000;

/** A number, a histogram, or nothing at that time. */
export type Given = number | FloatHistogram | undefined;
export type GivenSeries = readonly [labels: Labels, samples: readonly Given[]];

export interface Answer {
  /** By labels as PromQL writes them; a histogram by itself, a list where a range was asked for (undefined: nothing). */
  readonly values: Readonly<Record<string, Given | readonly Given[]>>;
  readonly notes: QueryNotes;
}

export function engineOver(...series: readonly GivenSeries[]): QueryEngine {
  const clock = new ManualClock(3_600_000);
  const storage = new MemoryStorage({ clock });
  for (const [labels, samples] of series) {
    for (const [i, sample] of samples.entries()) {
      if (typeof sample === 'number') storage.append(labels, i * EVERY_MS, sample);
      else if (sample !== undefined) storage.appendHistogram(labels, i * EVERY_MS, sample);
    }
  }
  return new QueryEngine(storage, { clock });
}

/** At one moment. */
export async function ask(engine: QueryEngine, text: string, time: number): Promise<Answer> {
  return answerOf((await engine.instant(text, { time }))._unsafeUnwrap(), []);
}

/** At several moments, every ten seconds. */
export async function askFrom(
  engine: QueryEngine,
  text: string,
  [start, end]: readonly [number, number],
): Promise<Answer> {
  const stepMs: number[] = [];
  for (let time = start; time <= end; time += EVERY_MS / 1000) stepMs.push(time * 1000);
  return answerOf((await engine.range(text, { start, end, step: EVERY_MS / 1000 }))._unsafeUnwrap(), stepMs);
}

function answerOf(result: QueryResult, timesMs: readonly number[]): Answer {
  const { warnings, infos } = result;
  const values: Record<string, Given | readonly Given[]> = {};
  if (result.type === 'vector') {
    for (const { labels, value, histogram } of result.samples) values[formatLabels(labels)] = histogram ?? value;
  } else if (result.type === 'matrix') {
    for (const { labels, timestampsMs, values: numbers, histograms } of result.series) {
      values[formatLabels(labels)] = timesMs.map((time) => {
        const at = timestampsMs.indexOf(time);
        return at < 0 ? undefined : (histograms?.[at] ?? numbers[at]);
      });
    }
  } else {
    values[''] = Number(result.value);
  }
  return { values, notes: { warnings, infos } };
}
