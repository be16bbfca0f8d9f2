// A database behind a pool of few connections: queries take one each, wait for one in a short line, and are turned away
// when the line is full. The pool is a model of how to measure one: size, use, waiting, query time, errors.
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { ShopMetrics } from '../metrics.js';
import { duration, type Nature, nature } from './latency.js';

export type DatabaseError =
  | { readonly kind: 'pool_exhausted'; readonly waiting: number }
  | { readonly kind: 'query_failed'; readonly query: QueryName };

/** Every query that the shop knows, with the seconds that it typically takes. */
const QUERIES = { list_products: 0.009, find_product: 0.005, insert_order: 0.014, mark_paid: 0.007, find_order: 0.005 };
export type QueryName = keyof typeof QUERIES;

export interface PoolOptions {
  readonly size?: number;
  readonly maxWaiting?: number;
  readonly nature?: Nature;
}

const FAILURE_RATIO = 0.001;

export class DatabasePool {
  readonly #metrics: ShopMetrics;
  readonly #size: number;
  readonly #maxWaiting: number;
  readonly #nature: Nature;
  readonly #waiting: (() => void)[] = [];
  #active = 0;

  constructor(metrics: ShopMetrics, { size = 6, maxWaiting = 40, nature: given = nature }: PoolOptions = {}) {
    this.#metrics = metrics;
    this.#size = size;
    this.#maxWaiting = maxWaiting;
    this.#nature = given;
    metrics.poolSize.set(size);
    for (const type of ['pool_exhausted', 'query_failed']) metrics.databaseErrors.labels({ type });
  }

  /** Runs `work` as the query of that name, and answers what it answers. */
  query<T>(query: QueryName, work: () => T): ResultAsync<T, DatabaseError> {
    return this.#acquire()
      .andThen(() => new ResultAsync(this.#run(query, work)))
      .mapErr((error) => {
        this.#metrics.databaseErrors.increment(1, { type: error.kind });
        return error;
      });
  }

  #acquire(): ResultAsync<void, DatabaseError> {
    if (this.#active < this.#size) {
      this.#setActive(this.#active + 1);
      return new ResultAsync(Promise.resolve(ok(undefined)));
    }
    if (this.#waiting.length >= this.#maxWaiting) {
      return new ResultAsync(Promise.resolve(err({ kind: 'pool_exhausted', waiting: this.#waiting.length })));
    }
    const turn = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#metrics.poolWaiting.set(this.#waiting.length);
    return ResultAsync.fromSafePromise(turn);
  }

  async #run<T>(query: QueryName, work: () => T): Promise<Result<T, DatabaseError>> {
    try {
      await this.#metrics.queryDuration.time(() => this.#nature.sleep(duration(QUERIES[query], this.#nature)), {
        query,
      });
      return this.#nature.random() < FAILURE_RATIO ? err({ kind: 'query_failed', query }) : ok(work());
    } finally {
      this.#release();
    }
  }

  /** The connection goes to whoever waits first. */
  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return this.#setActive(this.#active - 1);
    this.#metrics.poolWaiting.set(this.#waiting.length);
    next();
  }

  #setActive(active: number): void {
    this.#active = active;
    this.#metrics.poolActive.set(active);
  }
}
