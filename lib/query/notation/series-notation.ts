// The notation in which Prometheus' rule tests and engine tests write series: `up{job="shop"} 0+1x3 _ stale {{sum:3 count:2}}`.
// It is read here, apart from those who use it, because both kinds of tests share it to the letter.
import { err, ok, type Result } from 'neverthrow';
import { type Labels, newLabelSet } from '../../model/label-set.js';
import type { FloatHistogram } from '../histograms/float-histogram.js';
import { addHistograms, subtractHistograms } from '../histograms/histogram-arithmetic.js';
import { readHistogram } from './histogram-notation.js';
import { Reader } from './reader.js';

/** One point of a series; a gap is undefined. `stale` ends the series until its next point. */
export type Point = number | FloatHistogram | 'stale' | undefined;

export interface WrittenSeries {
  readonly labels: Labels;
  readonly points: readonly Point[];
}

/** More points than this are refused: a single item can ask for any number of them. */
const MOST_POINTS = 1_000_000;

/** Reads one series. The error is a sentence that says at which character the text stops making sense. */
export function readSeries(text: string): Result<WrittenSeries, string> {
  return attempt(text, (reader) => {
    const labels = readLabels(reader);
    return { labels, points: readPoints(reader) };
  });
}

/** Reads the points alone, as rule tests write them beside the series. */
export function readPointList(text: string): Result<readonly Point[], string> {
  return attempt(` ${text}`, readPoints);
}

/** Reads the labels alone. Blanks may stand before the brace, where they would end the labels of a series. */
export function readLabelSet(text: string): Result<Labels, string> {
  return attempt(text.trim().replace(/^([\p{L}_:][\p{L}\p{N}_:]*)\s+\{/u, '$1{'), (reader) => {
    const labels = readLabels(reader);
    reader.skipBlanks();
    reader.expectEnd();
    return labels;
  });
}

function attempt<T>(text: string, read: (reader: Reader) => T): Result<T, string> {
  try {
    return ok(read(new Reader(text)));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return err(thrown.message);
    throw thrown;
  }
}

function readLabels(reader: Reader): Labels {
  const labels = newLabelSet();
  const name = reader.match(/[\p{L}_:][\p{L}\p{N}_:]*/uy);
  if (name !== undefined) labels.__name__ = name;
  if (!reader.take('{')) {
    if (name === undefined) reader.fail('a metric name or "{"');
    return labels;
  }
  for (;;) {
    reader.skipBlanks();
    if (reader.take('}')) return labels;
    const label = reader.string() ?? reader.match(/[\p{L}_][\p{L}\p{N}_.]*/uy) ?? reader.fail('a label name');
    reader.skipBlanks();
    if (reader.take('=')) {
      reader.skipBlanks();
      labels[label] = reader.string() ?? reader.fail('a quoted label value');
    } else {
      labels.__name__ = label;
    }
    reader.skipBlanks();
    if (!reader.take(',') && !reader.sees('}')) reader.fail('"," or "}"');
  }
}

function readPoints(reader: Reader): readonly Point[] {
  const points: Point[] = [];
  for (;;) {
    const hadBlank = reader.skipBlanks();
    if (reader.isAtEnd) return points;
    if (!hadBlank) reader.fail('a blank between two points');
    readItem(reader, points);
    if (points.length > MOST_POINTS) reader.fail(`at most ${MOST_POINTS} points`);
  }
}

function readItem(reader: Reader, points: Point[]): void {
  if (reader.take('_')) {
    const times = readTimes(reader);
    for (let i = 0; i < (times ?? 1); i++) points.push(undefined);
  } else if (reader.take('stale')) {
    for (let i = 0; i <= (readTimes(reader) ?? 0); i++) points.push('stale');
  } else if (reader.sees('{{')) {
    readHistograms(reader, points);
  } else {
    let value = reader.number() ?? reader.fail('a number, "_", "stale" or a histogram');
    const growth = reader.sees('+') || reader.sees('-') ? reader.number() : undefined;
    const times = readTimes(reader);
    if (growth !== undefined && times === undefined) reader.fail('"x" and how often');
    // The first point comes on top of those that were asked for.
    for (let i = 0; i <= (times ?? 0); i++) {
      points.push(value);
      value += growth ?? 0;
    }
  }
}

function readHistograms(reader: Reader, points: Point[]): void {
  let histogram = readHistogram(reader);
  const combine = reader.take('+') ? addHistograms : reader.take('-') ? subtractHistograms : undefined;
  const growth = combine === undefined ? undefined : readHistogram(reader);
  const times = readTimes(reader);
  if (growth !== undefined && times === undefined) reader.fail('"x" and how often');
  for (let i = 0; i <= (times ?? 0); i++) {
    points.push(histogram);
    if (combine === undefined || growth === undefined) continue;
    const combined = combine(histogram, growth);
    histogram = typeof combined === 'string' ? reader.fail('histograms of one kind') : combined;
  }
}

function readTimes(reader: Reader): number | undefined {
  if (!reader.take('x')) return undefined;
  const times = Number(reader.match(/\d+/y) ?? reader.fail('how often'));
  return times <= MOST_POINTS ? times : reader.fail(`at most ${MOST_POINTS} points`);
}
