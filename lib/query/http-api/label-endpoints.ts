// `series`, `labels` and `label/<name>/values`: what series there are, without their samples. There may be very many: others have
// their turn while they are read and sorted, and the work ends when the client goes away.
import { err, ok, type Result } from 'neverthrow';
import type { QueryError } from '../../errors.js';
import type { Labels } from '../../model/label-set.js';
import { isLabelName } from '../../model/names.js';
import { Pace } from '../../model/pace.js';
import type { LabelMatcher, TimeRange } from '../../model/storage.js';
import { orderKey, sortKeyed } from '../evaluation/sort-keyed.js';
import { sortSeries } from '../evaluation/sort-series.js';
import type { QueryEngine } from '../query-engine.js';
import { keyOf } from '../values/label-sets.js';
import { type ApiError, badData, invalidParameter, ofQueryError } from './api-error.js';
import { readLimit, readMatchers, readMoment } from './parameters.js';

/** What an endpoint answers: the data, and what there is to say of it. */
export interface Found<T> {
  readonly found: readonly T[];
  readonly warnings: readonly string[];
}

interface Selection {
  readonly lists: readonly (readonly LabelMatcher[])[];
  readonly range: TimeRange;
  readonly limit: number;
}

const TRUNCATED = 'results truncated due to limit';

/** What is asked of which engine, and who still waits for it. */
export interface LabelQuestion {
  readonly engine: QueryEngine;
  readonly parameters: URLSearchParams;
  readonly signal: AbortSignal;
}

export async function seriesOf(question: LabelQuestion): Promise<Result<Found<Labels>, ApiError>> {
  if (!question.parameters.has('match[]')) return err(badData('no match[] parameter provided'));
  const selection = readSelection(question.parameters, true);
  if (selection.isErr()) return err(selection.error);
  const byKey = new Map<string, { readonly labels: Labels }>();
  const walk = new SeriesWalk(question, selection.value);
  const read = await walk.visit((labels) => byKey.set(keyOf(labels), { labels }));
  if (read.isErr()) return err(read.error);
  const sorted = await sortSeries([...byKey.values()], walk);
  return ok(
    limited(
      sorted.map(({ labels }) => labels),
      selection.value.limit,
    ),
  );
}

export async function labelNamesOf(question: LabelQuestion): Promise<Result<Found<string>, ApiError>> {
  return textsOf(question, (labels, names) => {
    for (const name of Object.keys(labels)) names.add(name);
  });
}

/** @param name - As it stands in the path. */
export async function labelValuesOf(name: string, question: LabelQuestion): Promise<Result<Found<string>, ApiError>> {
  if (!isLabelName(name, 'utf8')) return err(badData(`invalid label name: ${JSON.stringify(name)}`));
  return textsOf(question, (labels, values) => {
    const value = labels[name];
    if (value !== undefined) values.add(value);
  });
}

async function textsOf(
  question: LabelQuestion,
  addTo: (labels: Labels, texts: Set<string>) => void,
): Promise<Result<Found<string>, ApiError>> {
  const selection = readSelection(question.parameters);
  if (selection.isErr()) return err(selection.error);
  const texts = new Set<string>();
  const walk = new SeriesWalk(question, selection.value);
  const read = await walk.visit((labels) => addTo(labels, texts));
  if (read.isErr()) return err(read.error);
  const keyed = Array.from(texts, (text) => ({ key: orderKey(text), item: text }));
  const sorted = await sortKeyed(keyed, walk);
  return ok(
    limited(
      sorted.map(({ item }) => item),
      selection.value.limit,
    ),
  );
}

/** @param inParameter - Whether a refusal of matchers names the parameter: Prometheus does so for `series` only. */
function readSelection(parameters: URLSearchParams, inParameter = false): Result<Selection, ApiError> {
  const limit = readLimit(parameters);
  if (limit.isErr()) return err(limit.error);
  const start = readMoment(parameters, 'start', Number.NEGATIVE_INFINITY);
  if (start.isErr()) return err(start.error);
  const end = readMoment(parameters, 'end', Number.POSITIVE_INFINITY);
  if (end.isErr()) return err(end.error);
  const lists = readMatchers(parameters);
  if (lists.isErr()) return err(inParameter ? invalidParameter('match[]', lists.error) : badData(lists.error));
  const range = { startMs: start.value * 1000, endMs: end.value * 1000 };
  return ok({ lists: lists.value.length === 0 ? [[]] : lists.value, range, limit: limit.value });
}

/** Reads the series of a selection at a pace. */
class SeriesWalk {
  readonly #question: LabelQuestion;
  readonly #selection: Selection;
  readonly #pace = new Pace();

  constructor(question: LabelQuestion, selection: Selection) {
    this.#question = question;
    this.#selection = selection;
  }

  async visit(visit: (labels: Labels) => void): Promise<Result<void, ApiError>> {
    const { engine, signal } = this.#question;
    const { lists, range } = this.#selection;
    for (const matchers of lists) {
      const selected = await engine.queryable.select(matchers, range);
      if (selected.isErr()) return failed({ kind: 'select_failed', cause: selected.error });
      for await (const { labels } of selected.value) {
        if (signal.aborted) return failed({ kind: 'cancelled' });
        visit(labels);
        if (this.#pace.look()) await this.#pace.pause();
      }
    }
    return ok(undefined);
  }

  /** For what is done with the series afterwards. */
  pause(slots: number): Promise<void> | undefined {
    this.#pace.count(slots);
    return this.#pace.isDue ? this.#pace.pause() : undefined;
  }
}

function failed(error: QueryError): Result<never, ApiError> {
  return err(ofQueryError(error, 'match[]'));
}

function limited<T>(all: readonly T[], limit: number): Found<T> {
  if (limit === 0 || all.length <= limit) return { found: all, warnings: [] };
  return { found: all.slice(0, limit), warnings: [TRUNCATED] };
}
