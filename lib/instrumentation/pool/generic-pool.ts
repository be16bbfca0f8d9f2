// A pool whose `acquire` answers a promise and that takes resources back with `release` or `destroy`. Its `use` goes through the
// same methods.
import type { Clock } from '../../clock.js';
import { patchMethod } from '../adapters/patch-method.js';
import type { GenericPoolLike, PoolKind } from './pool-kinds.js';
import type { PoolMetrics } from './pool-metrics.js';
import { Uses } from './uses.js';

export function genericPoolKind(pool: GenericPoolLike, metrics: PoolMetrics, clock: Clock): PoolKind {
  const uses = new Uses(metrics, clock);
  const givenBack = (method: 'release' | 'destroy') =>
    patchMethod(
      pool,
      method,
      (original) =>
        function (resource) {
          uses.ended(resource);
          return original.call(this, resource);
        },
    );
  const acquire = patchMethod(
    pool,
    'acquire',
    (original) =>
      function (...args) {
        const acquiring = uses.acquiring();
        return (original.apply(this, args) as PromiseLike<unknown>).then(
          (resource) => {
            acquiring.got(resource);
            return resource;
          },
          (error: unknown) => {
            acquiring.failed(error);
            throw error;
          },
        );
      },
  );
  return {
    figures: () => ({ inUse: pool.borrowed, idle: pool.available, waiting: pool.pending, max: pool.max }),
    patches: [acquire, givenBack('release'), givenBack('destroy')],
    errorEvents: ['factoryCreateError', 'factoryDestroyError'],
  };
}
