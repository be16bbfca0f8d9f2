// What the kinds of pools need to have, as far as it is used here, so that no pool's package has to be there.

/** A pool as `generic-pool` makes it. */
export interface GenericPoolLike {
  readonly size: number;
  readonly available: number;
  readonly borrowed: number;
  readonly pending: number;
  readonly max?: number;
  // biome-ignore lint/suspicious/noExplicitAny: methods of any resource; it is only handed on.
  acquire(...args: any[]): PromiseLike<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  release(resource: any): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  destroy(resource: any): unknown;
}

/** A pool with the shape of `Pool` of `pg`. */
export interface PgPoolLike {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options?: { readonly max?: number | undefined };
  // biome-ignore lint/suspicious/noExplicitAny: it answers a promise, or calls back.
  connect(...args: any[]): any;
}

export function isPgPool(pool: GenericPoolLike | PgPoolLike): pool is PgPoolLike {
  return 'totalCount' in pool;
}

export interface PoolFigures {
  readonly inUse: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number | undefined;
}

/** What a kind of pool gives to be measured. */
export interface PoolKind {
  readonly figures: () => PoolFigures;
  /** How to take the wrappers away again. */
  readonly patches: (() => void)[];
  /** Events that tell of an error that no caller hears of. */
  readonly errorEvents: readonly (string | symbol)[];
}
