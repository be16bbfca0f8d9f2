// A pretended database behind a pool of few connections: queries wait for one in a short line, and are turned away when the
// line is full. The pool is a real one and measured by one call; queries are timed and their errors counted by decorators.
import { createPool } from 'generic-pool';
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import { exponentialBuckets } from 'telltale';
import { CountErrors, Timed } from 'telltale/decorators';
import { instrumentPool } from 'telltale/instrumentation';
import { duration, type Nature, nature } from './latency.js';

export type DatabaseError =
  | { readonly kind: 'pool_exhausted' }
  | { readonly kind: 'query_failed'; readonly query: QueryName };

/** Every query that the shop knows, with the seconds that it typically takes. */
const QUERIES = { list_products: 0.009, find_product: 0.005, insert_order: 0.014, mark_paid: 0.007, find_order: 0.005 };
export type QueryName = keyof typeof QUERIES;

export interface DatabaseOptions {
  readonly size?: number;
  readonly maxWaiting?: number;
  readonly nature?: Nature;
}

const FAILURE_RATIO = 0.001;

export class Database {
  readonly #pool;

  constructor({ size = 6, maxWaiting = 40, nature: given = nature }: DatabaseOptions = {}) {
    const connections = { create: async () => new Connection(given), destroy: async () => {} };
    this.#pool = createPool(connections, { min: size, max: size, maxWaitingClients: maxWaiting });
    instrumentPool(this.#pool, { name: 'database' });
  }

  /** Runs `work` as the query of that name, and answers what it answers. */
  @CountErrors({ name: 'db_errors_total', description: 'Queries that failed or found no connection.' })
  query<T>(query: QueryName, work: () => T): ResultAsync<T, DatabaseError> {
    const acquired = ResultAsync.fromPromise(this.#pool.acquire(), (): DatabaseError => ({ kind: 'pool_exhausted' }));
    return acquired.andThen(
      (connection) => new ResultAsync(connection.run(query, work).finally(() => this.#pool.release(connection))),
    );
  }
}

class Connection {
  readonly #nature: Nature;

  constructor(given: Nature) {
    this.#nature = given;
  }

  @Timed({
    name: 'db_query_duration_seconds',
    description: 'Time that a query took, without the wait for a connection.',
    buckets: exponentialBuckets(0.001, 2, 10),
    labels: ({ args: [query] }) => ({ query: String(query) }),
  })
  async run<T>(query: QueryName, work: () => T): Promise<Result<T, DatabaseError>> {
    await this.#nature.sleep(duration(QUERIES[query], this.#nature));
    return this.#nature.random() < FAILURE_RATIO ? err({ kind: 'query_failed', query }) : ok(work());
  }
}
