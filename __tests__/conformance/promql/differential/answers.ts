// The answers of both sides in one form, series by labels and samples by time, and what differs between two of them.
import { describe as sentenceOf } from '../../../../lib/errors.js';
import type { QueryEngine } from '../../../../lib/query/query-engine.js';
import type { QueryResult } from '../../../../lib/query/values/query-result.js';
import type { Prometheus } from '../../../support/prometheus.js';

export interface Question {
  readonly expression: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Of a range query. */
  readonly stepMs?: number;
}

/** Values by time by series; or the sentence of a refusal. */
export type Answer = ReadonlyMap<string, ReadonlyMap<number, number>> | string;

const RELATIVE_TOLERANCE = 1e-9;

export async function localAnswer(engine: QueryEngine, question: Question): Promise<Answer> {
  const { expression, startMs, endMs, stepMs } = question;
  const asked =
    stepMs === undefined
      ? engine.instant(expression, { time: startMs / 1000 })
      : engine.range(expression, { start: startMs / 1000, end: endMs / 1000, step: stepMs / 1000 });
  const answer = await asked;
  return answer.isOk() ? seriesOf(answer.value) : sentenceOf(answer.error);
}

function seriesOf(result: QueryResult): Answer {
  switch (result.type) {
    case 'string':
      throw new Error('No generated expression is a string.');
    case 'scalar':
      return new Map([[keyOf({}), new Map([[result.timestampMs, result.value]])]]);
    case 'vector':
      return new Map(
        result.samples.map(({ labels, value }) => [keyOf(labels), new Map([[result.timestampMs, value]])]),
      );
    case 'matrix':
      return new Map(
        result.series.map(({ labels, timestampsMs, values }) => [
          keyOf(labels),
          new Map([...timestampsMs].map((timeMs, i) => [timeMs, values[i] as number])),
        ]),
      );
  }
}

export async function remoteAnswer(prometheus: Prometheus, question: Question): Promise<Answer> {
  const { expression, startMs, endMs, stepMs } = question;
  try {
    if (stepMs === undefined) {
      const samples = await prometheus.query(expression, startMs);
      return new Map(samples.map(({ labels, timestampMs, value }) => [keyOf(labels), new Map([[timestampMs, value]])]));
    }
    const series = await prometheus.queryRange(expression, { startMs, endMs, stepSeconds: stepMs / 1000 });
    return new Map(
      series.map(({ labels, points }) => [
        keyOf(labels),
        new Map(points.map(({ timestampMs, value }) => [timestampMs, value])),
      ]),
    );
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

export function isEmpty(answer: Answer): boolean {
  return typeof answer === 'string' || answer.size === 0;
}

export function differences(ours: Answer, theirs: Answer): readonly string[] {
  if (typeof ours === 'string' || typeof theirs === 'string') {
    if (typeof ours === typeof theirs) return [];
    return [`ours ${shown(ours)}, theirs ${shown(theirs)}`];
  }
  const found: string[] = [];
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const [left, right] = [ours.get(key) ?? new Map(), theirs.get(key) ?? new Map()];
    for (const timeMs of new Set([...left.keys(), ...right.keys()])) {
      if (!isEqual(left.get(timeMs), right.get(timeMs))) {
        found.push(`${key} at ${timeMs}: ours ${left.get(timeMs)}, theirs ${right.get(timeMs)}`);
        break;
      }
    }
  }
  return found;
}

function isEqual(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  return a === b || Math.abs(a - b) <= RELATIVE_TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}

function shown(answer: Answer): string {
  return typeof answer === 'string' ? answer : `${answer.size} series`;
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
