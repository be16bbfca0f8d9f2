// The short form: a query about what a collector has stored, without an engine to make and keep.
import { errAsync, type ResultAsync } from 'neverthrow';
import type { Clock } from '../clock.js';
import type { QueryError } from '../errors.js';
import type { Queryable } from '../model/storage.js';
import type { InstantOptions, RangeOptions } from './engine-options.js';
import { QueryEngine } from './query-engine.js';
import type { QueryResult } from './values/query-result.js';

/** A `MetricsCollector`, or anything else with a storage. */
export interface Storing {
  /** One that can be asked, as `MemoryStorage` and `FileStorage` can. */
  readonly storage: object;
  readonly clock?: Clock;
}

/** One engine for each storage, so that its limit of queries at a time holds for all of them. */
const engines = new WeakMap<object, QueryEngine>();

/**
 * Answers a PromQL expression from what a collector has stored: at one moment, or with `start`, `end` and `step` over a range.
 * For other limits than the defaults, make a `QueryEngine`.
 *
 * Errors: those of `QueryEngine`; `evaluation_failed` where the collector's storage only sends samples on.
 *
 * @example
 * const answer = await query(metrics, 'sum(rate(orders_total[5m]))');
 * // { type: 'vector', timestampMs: 1767268800000, samples: [ { labels: {}, value: 3.2 } ], warnings: [], infos: [] }
 */
export function query(
  collector: Storing,
  text: string,
  options: InstantOptions | RangeOptions = {},
): ResultAsync<QueryResult, QueryError> {
  const engine = engineFor(collector);
  if (engine === undefined) {
    const problem = 'the storage of this collector cannot be asked; give it a MemoryStorage or a FileStorage';
    return errAsync({ kind: 'evaluation_failed', problem });
  }
  return 'start' in options ? engine.range(text, options) : engine.instant(text, options);
}

/** The engine that answers for a collector; undefined where its storage cannot be asked. */
export function engineFor({ storage, clock }: Storing): QueryEngine | undefined {
  const known = engines.get(storage);
  if (known !== undefined || !isQueryable(storage)) return known;
  const engine = new QueryEngine(storage, clock === undefined ? {} : { clock });
  engines.set(storage, engine);
  return engine;
}

function isQueryable(storage: object): storage is Queryable {
  return 'select' in storage && typeof storage.select === 'function';
}
