// Compares what the engine answered with what a test script expects, within the tolerance of Prometheus' own tests.
import type { Labels } from '../../../lib/model/label-set.js';
import type { FloatHistogram } from '../../../lib/query/histograms/float-histogram.js';
import type { WrittenSeries } from '../../../lib/query/notation/series-notation.js';
import { compareLabels, formatLabels, keyOf } from '../../../lib/query/values/label-sets.js';
import type { QueryNotes, QueryResult } from '../../../lib/query/values/query-result.js';
import type { EvalCommand, Point, TextExpectation } from './script.js';

const TOLERANCE = 1e-6;
const SMALLEST_NORMAL = 2 ** -1022;

/** What is wrong with the answer, as sentences; none if it is as expected. */
export function problemsOf(command: EvalCommand, result: QueryResult): readonly string[] {
  return [...valueProblems(command, result), ...noteProblems(command, result)];
}

export function noteProblems(command: EvalCommand, { warnings, infos }: QueryNotes): string[] {
  return [
    ...textProblems('warning', command.warnings, warnings),
    ...textProblems('info', command.infos, infos),
    ...(command.forbidsWarnings && warnings.length > 0 ? [`unexpected warnings: ${warnings.join('; ')}`] : []),
    ...(command.forbidsInfos && infos.length > 0 ? [`unexpected infos: ${infos.join('; ')}`] : []),
  ];
}

function textProblems(kind: string, expected: readonly TextExpectation[], texts: readonly string[]): string[] {
  if (expected.length === 0) return [];
  // The place in the query comes after what the tests speak of.
  const bare = texts.map((text) => text.replace(/ \(\d+:\d+\)$/, ''));
  const matches = ({ matches: test }: TextExpectation, i: number) =>
    test(texts[i] as string) || test(bare[i] as string);
  const missing = expected.filter((one) => !texts.some((_, i) => matches(one, i)));
  const surplus = texts.filter((_, i) => !expected.some((one) => matches(one, i)));
  return [
    ...missing.map(({ source }) => `missing ${kind} "${source}", got ${JSON.stringify(texts)}`),
    ...surplus.map((text) => `unexpected ${kind} "${text}"`),
  ];
}

export function valueProblems(command: EvalCommand, result: QueryResult): string[] {
  switch (result.type) {
    case 'scalar':
      if (command.scalar === undefined) return [`got the scalar ${result.value}`];
      return isClose(command.scalar, result.value) ? [] : [`expected ${command.scalar}, got ${result.value}`];
    case 'string':
      if (command.string === undefined) return command.series.length === 0 ? [] : [`got the string ${result.value}`];
      return command.string === result.value ? [] : [`expected "${command.string}", got "${result.value}"`];
    case 'vector':
      return vectorProblems(command, result);
    case 'matrix':
      return matrixProblems(command, result);
  }
}

function vectorProblems(command: EvalCommand, { samples }: Extract<QueryResult, { type: 'vector' }>): string[] {
  if (command.scalar !== undefined) return ['expected a scalar, got a vector'];
  const problems: string[] = [];
  const expected = new Map(command.series.map((series, place) => [expectedKey(series), { ...series, place }]));
  samples.forEach(({ labels, value, histogram }, place) => {
    const wanted = expected.get(keyOf(labels));
    expected.delete(keyOf(labels));
    if (wanted === undefined) {
      problems.push(`unexpected ${formatLabels(labels)} ${shown(histogram ?? value)}`);
      return;
    }
    if (command.isOrdered && wanted.place !== place) problems.push(`${formatLabels(labels)} is at ${place + 1}`);
    problems.push(...pointProblems(labels, wanted.points[0], histogram ?? value));
  });
  return [...problems, ...missingSeries(expected)];
}

function matrixProblems(command: EvalCommand, { series }: Extract<QueryResult, { type: 'matrix' }>): string[] {
  const problems: string[] = [];
  const expected = new Map(command.series.map((one) => [expectedKey(one), one]));
  series.forEach((one, s) => {
    const previous = series[s - 1];
    if (previous !== undefined && compareLabels(previous.labels, one.labels) > 0)
      problems.push('the matrix is not sorted');
    const wanted = expected.get(keyOf(one.labels));
    expected.delete(keyOf(one.labels));
    const points = new Map<number, number | FloatHistogram>();
    one.timestampsMs.forEach((timeMs, i) => {
      points.set(timeMs, one.histograms?.[i] ?? (one.values[i] as number));
    });
    if (wanted === undefined) {
      problems.push(`unexpected ${formatLabels(one.labels)} ${[...points.values()].map(shown).join(' ')}`);
      return;
    }
    problems.push(...pointsProblems(command, one.labels, { wanted: wanted.points, points }));
  });
  return [...problems, ...missingSeries(expected)];
}

function pointsProblems(
  { startMs, stepMs = 0 }: EvalCommand,
  labels: Labels,
  { wanted, points }: { wanted: readonly Point[]; points: Map<number, number | FloatHistogram> },
): string[] {
  const problems: string[] = [];
  wanted.forEach((point, i) => {
    const timeMs = startMs + i * stepMs;
    const got = points.get(timeMs);
    points.delete(timeMs);
    problems.push(...pointProblems(labels, point, got).map((problem) => `${problem} at ${timeMs} ms`));
  });
  for (const [timeMs, point] of points)
    problems.push(`unexpected ${formatLabels(labels)} ${shown(point)} at ${timeMs} ms`);
  return problems;
}

/** An empty label is a missing one. */
function expectedKey({ labels }: WrittenSeries): string {
  return keyOf(Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')));
}

function missingSeries(left: ReadonlyMap<string, { labels: Labels; points: readonly Point[] }>): string[] {
  return [...left.values()]
    .filter(({ points }) => points.some((point) => point !== undefined))
    .map(({ labels, points }) => `missing ${formatLabels(labels)} ${points.map(shown).join(' ')}`);
}

function pointProblems(labels: Labels, wanted: Point, got: Point): string[] {
  const isEqual =
    typeof wanted === 'object' && typeof got === 'object'
      ? isSameHistogram(wanted, got)
      : typeof wanted === 'number' && typeof got === 'number'
        ? isClose(wanted, got)
        : wanted === got;
  return isEqual ? [] : [`${formatLabels(labels)}: expected ${shown(wanted)}, got ${shown(got)}`];
}

export function isClose(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  if (a === b) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) return difference < TOLERANCE * SMALLEST_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < TOLERANCE;
}

function isSameHistogram(a: FloatHistogram, b: FloatHistogram): boolean {
  return (
    a.schema === b.schema &&
    a.zeroThreshold === b.zeroThreshold &&
    isClose(a.zeroCount, b.zeroCount) &&
    isClose(a.count, b.count) &&
    isClose(a.sum, b.sum) &&
    String(a.customBounds ?? '') === String(b.customBounds ?? '') &&
    isSameSide(a.positive, b.positive) &&
    isSameSide(a.negative, b.negative)
  );
}

function isSameSide(a: FloatHistogram['positive'], b: FloatHistogram['positive']): boolean {
  const [left, right] = [populated(a), populated(b)];
  return (
    left.length === right.length &&
    left.every(([index, count], i) => index === right[i]?.[0] && isClose(count, right[i]?.[1] as number))
  );
}

function populated({ indexes, counts }: FloatHistogram['positive']): (readonly [number, number])[] {
  return Array.from(indexes, (index, i) => [index, counts[i] as number] as const).filter(([, count]) => count !== 0);
}

function shown(point: Point): string {
  if (typeof point !== 'object') return point === undefined ? '_' : String(point);
  const side = ({ indexes, counts }: FloatHistogram['positive']) =>
    [...indexes].map((index, i) => `${index}:${counts[i]}`).join(' ');
  const { schema, count, sum, zeroCount, zeroThreshold, positive, negative, customBounds } = point;
  return `{{schema:${schema} count:${count} sum:${sum} zero:${zeroCount}@${zeroThreshold} [${side(negative)}|${side(positive)}] ${customBounds ?? ''}}}`;
}
