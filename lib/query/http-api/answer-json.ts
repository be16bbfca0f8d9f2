// Answers as Prometheus writes them in JSON. A matrix can have millions of samples, so the text comes in pieces: the writer
// pauses between them, and no more of it is in memory than the reader has not taken yet.
import type { Labels } from '../../model/label-set.js';
import type { FloatHistogram } from '../histograms/float-histogram.js';
import { toApiBuckets } from '../histograms/histogram-text.js';
import type { QueryValue, ResultSeries } from '../values/query-result.js';
import { AsciiPieces, type NumberTexts } from './ascii-pieces.js';

/** A piece is about this many characters long. */
const PIECE_LENGTH = 64 * 1024;

/** `{"resultType":…,"result":…}`, in pieces. */
export function* valueJson(value: QueryValue): Generator<string | Uint8Array> {
  yield `{"resultType":"${value.type}","result":`;
  switch (value.type) {
    case 'scalar':
      yield `[${secondsText(value.timestampMs)},"${decimalText(value.value)}"]`;
      break;
    case 'string':
      yield `[${secondsText(value.timestampMs)},${textJson(value.value)}]`;
      break;
    case 'vector': {
      const time = secondsText(value.timestampMs);
      yield* listJson(value.samples, function* (sample) {
        const { labels, value: number, histogram } = sample;
        yield histogram === undefined
          ? `{"metric":${labelsJson(labels)},"value":[${time},"${numberText(number)}"]}`
          : `{"metric":${labelsJson(labels)},"histogram":[${time},${histogramJson(histogram)}]}`;
      });
      break;
    }
    case 'matrix':
      yield* matrixJson(value.series);
  }
  yield '}';
}

/** A list of whatever, its texts joined until they make a piece. */
export function* listJson<T>(items: Iterable<T>, textOf: (item: T) => Iterable<string>): Generator<string> {
  let text = '[';
  let isFirst = true;
  for (const item of items) {
    if (!isFirst) text += ',';
    isFirst = false;
    for (const part of textOf(item)) {
      text += part;
      if (text.length < PIECE_LENGTH) continue;
      yield text;
      text = '';
    }
  }
  yield `${text}]`;
}

const NUMBER_TEXTS: NumberTexts = { ofTime: secondsText, ofValue: numberText };

function* matrixJson(matrix: readonly ResultSeries[]): Generator<string | Uint8Array> {
  const pieces = new AsciiPieces(NUMBER_TEXTS);
  let separator = '[';
  for (const { labels, timestampsMs, values, histograms } of matrix) {
    yield* textPieces(pieces, `${separator}{"metric":${labelsJson(labels)}`);
    separator = ',';
    const numbers =
      histograms === undefined ? { timestampsMs, values } : numbersAmong(timestampsMs, values, histograms);
    const count = numbers.timestampsMs.length;
    if (count > 0) yield* textPieces(pieces, ',"values":[');
    for (let at = 0; at < count; ) {
      at = pieces.putSamples(numbers.timestampsMs, numbers.values, at);
      if (at < count) yield pieces.take();
    }
    if (count > 0) yield* textPieces(pieces, ']');
    if (histograms !== undefined) {
      yield pieces.take();
      yield* histogramsJson(timestampsMs, histograms);
    }
    yield* textPieces(pieces, '}');
  }
  yield* textPieces(pieces, separator === '[' ? '[]' : ']');
  yield pieces.take();
}

/** Puts a text in, and hands out what has to make way for it. */
function* textPieces(pieces: AsciiPieces, text: string): Generator<string | Uint8Array> {
  if (pieces.put(text)) return;
  yield pieces.take();
  if (!pieces.put(text)) yield text;
}

function numbersAmong(
  timestampsMs: Float64Array,
  values: Float64Array,
  histograms: readonly (FloatHistogram | undefined)[],
): Pick<ResultSeries, 'timestampsMs' | 'values'> {
  const isNumber = (_: number, i: number) => histograms[i] === undefined;
  return { timestampsMs: timestampsMs.filter(isNumber), values: values.filter(isNumber) };
}

function* histogramsJson(
  timestampsMs: Float64Array,
  histograms: readonly (FloatHistogram | undefined)[],
): Generator<string> {
  let separator = ',"histograms":[';
  for (let i = 0; i < timestampsMs.length; i++) {
    const histogram = histograms[i];
    if (histogram === undefined) continue;
    yield `${separator}[${secondsText(timestampsMs[i] as number)},${histogramJson(histogram)}]`;
    separator = ',';
  }
  if (separator === ',') yield ']';
}

export function labelsJson(labels: Labels): string {
  const sorted = Object.keys(labels).sort();
  return `{${sorted.map((name) => `${textJson(name)}:${textJson(labels[name] as string)}`).join(',')}}`;
}

/** What is left of bytes that are no UTF-8 is half a character: others could not read it back. */
export function textJson(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

function histogramJson(histogram: FloatHistogram): string {
  const buckets = toApiBuckets(histogram).map(
    ([rule, lower, upper, count]) => `[${rule},"${numberText(lower)}","${numberText(upper)}","${numberText(count)}"]`,
  );
  const list = buckets.length === 0 ? '' : `,"buckets":[${buckets.join(',')}]`;
  return `{"count":"${numberText(histogram.count)}","sum":"${numberText(histogram.sum)}"${list}}`;
}

/** Seconds with three digits behind the point, or with none. */
function secondsText(timestampMs: number): string {
  const rest = timestampMs % 1000;
  return rest === 0 ? String(timestampMs / 1000) : (timestampMs / 1000).toFixed(3);
}

/** The shortest digits that read back to the same number, with exponents of two digits at least, as Go writes them. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && value < 1e21 && value > -1e21) return Object.is(value, -0) ? '-0' : String(value);
  if (Number.isFinite(value)) {
    const text = String(value);
    const size = Math.abs(value);
    // Looking for an exponent costs as much as finding the digits.
    return size < 1e21 && size >= 1e-6 ? text : text.replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** The same digits without an exponent, as Prometheus writes scalars. */
function decimalText(value: number): string {
  const text = numberText(value);
  const [, sign, whole, fraction = '', exponent] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return text;
  const digits = `${whole}${fraction}`;
  const places = Number(exponent);
  return places < 0 ? `${sign}0.${'0'.repeat(-places - 1)}${digits}` : `${sign}${digits.padEnd(places + 1, '0')}`;
}
