// A pool whose `connect` answers a promise or calls back, with a client that is given back by its own `release`. Its `query` goes
// through `connect` with a callback.
import { EventEmitter } from 'node:events';
import type { Clock } from '../../clock.js';
import { patchMethod } from '../adapters/patch-method.js';
import type { PgPoolLike, PoolKind } from './pool-kinds.js';
import type { PoolMetrics } from './pool-metrics.js';
import { Uses } from './uses.js';

interface Client {
  release: (...args: unknown[]) => unknown;
}

type Callback = (error: unknown, client?: Client, release?: unknown) => unknown;

export function pgPoolKind(pool: PgPoolLike, metrics: PoolMetrics, clock: Clock): PoolKind {
  const uses = new Uses(metrics, clock);
  /** The pool gives a client a new `release` every time that it hands it out. */
  const handOut = (client: Client): Client => {
    const { release } = client;
    client.release = (...args) => {
      uses.ended(client);
      return release.apply(client, args);
    };
    return client;
  };
  const calledBack = (callback: Callback): Callback => {
    const acquiring = uses.acquiring();
    return (error, client, release) => {
      if (client === undefined || client === null) {
        acquiring.failed(error);
        return callback(error, client, release);
      }
      acquiring.got(client);
      handOut(client);
      return callback(error, client, client.release);
    };
  };
  const connect = patchMethod(
    pool,
    'connect',
    (original) =>
      function (callback) {
        if (typeof callback === 'function') return original.call(this, calledBack(callback as Callback));
        const acquiring = uses.acquiring();
        return (original.call(this) as Promise<Client>).then(
          (client) => {
            acquiring.got(client);
            return handOut(client);
          },
          (error: unknown) => {
            acquiring.failed(error);
            throw error;
          },
        );
      },
  );
  return {
    figures: () => ({
      inUse: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      max: pool.options?.max,
    }),
    patches: [connect],
    // To listen to `error` itself would keep an error that nobody handles from ending the process.
    errorEvents: [EventEmitter.errorMonitor],
  };
}
