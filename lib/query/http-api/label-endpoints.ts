// `series`, `labels` and `label/<name>/values`: what series there are, without their samples.
import { err, ok, type Result } from 'neverthrow';
import type { Labels } from '../../model/label-set.js';
import { isLabelName } from '../../model/names.js';
import { Pace } from '../../model/pace.js';
import type { LabelMatcher, Queryable, TimeRange } from '../../model/storage.js';
import { compareLabels, keyOf } from '../values/label-sets.js';
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

export async function seriesOf(
  queryable: Queryable,
  parameters: URLSearchParams,
): Promise<Result<Found<Labels>, ApiError>> {
  if (!parameters.has('match[]')) return err(badData('no match[] parameter provided'));
  const selection = readSelection(parameters, true);
  if (selection.isErr()) return err(selection.error);
  const byKey = new Map<string, Labels>();
  const read = await eachSeries(queryable, selection.value, (labels) => byKey.set(keyOf(labels), labels));
  return read.map(() => limited([...byKey.values()].sort(compareLabels), selection.value.limit));
}

export async function labelNamesOf(
  queryable: Queryable,
  parameters: URLSearchParams,
): Promise<Result<Found<string>, ApiError>> {
  const selection = readSelection(parameters);
  if (selection.isErr()) return err(selection.error);
  const names = new Set<string>();
  const read = await eachSeries(queryable, selection.value, (labels) => {
    for (const name of Object.keys(labels)) names.add(name);
  });
  return read.map(() => limited([...names].sort(), selection.value.limit));
}

/** @param name - As it stands in the path. */
export async function labelValuesOf(
  queryable: Queryable,
  name: string,
  parameters: URLSearchParams,
): Promise<Result<Found<string>, ApiError>> {
  if (!isLabelName(name, 'utf8')) return err(badData(`invalid label name: ${JSON.stringify(name)}`));
  const selection = readSelection(parameters);
  if (selection.isErr()) return err(selection.error);
  const values = new Set<string>();
  const read = await eachSeries(queryable, selection.value, (labels) => {
    const value = labels[name];
    if (value !== undefined) values.add(value);
  });
  return read.map(() => limited([...values].sort(), selection.value.limit));
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

async function eachSeries(
  queryable: Queryable,
  { lists, range }: Selection,
  visit: (labels: Labels) => void,
): Promise<Result<void, ApiError>> {
  const pace = new Pace();
  for (const matchers of lists) {
    const selected = await queryable.select(matchers, range);
    if (selected.isErr()) return err(ofQueryError({ kind: 'select_failed', cause: selected.error }, 'match[]'));
    for await (const { labels } of selected.value) {
      visit(labels);
      if (pace.look()) await pace.pause();
    }
  }
  return ok(undefined);
}

function limited<T>(all: readonly T[], limit: number): Found<T> {
  if (limit === 0 || all.length <= limit) return { found: all, warnings: [] };
  return { found: all.slice(0, limit), warnings: [TRUNCATED] };
}
