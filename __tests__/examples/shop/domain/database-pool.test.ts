// The pool: few connections, a short line before them, and figures that say so.
import { chances, heldWork, linesOf, shopParts } from '../support/shop-parts.js';

/** Lets promises settle that wait for nothing else. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('DatabasePool', () => {
  describe('query', () => {
    it('answers what the work answers and measures how long the query took', async () => {
      const { pool, collector } = shopParts();
      expect((await pool.query('find_order', () => 'found'))._unsafeUnwrap()).toBe('found');
      expect(await linesOf(collector, 'db_query_duration_seconds_count')).toEqual([
        'db_query_duration_seconds_count{query="find_order"} 1',
      ]);
    });

    it('lets no more queries run than there are connections, and the others wait in their order', async () => {
      const { sleep, waiting } = heldWork();
      const { pool, metrics } = shopParts({ sleep, pool: { size: 2, maxWaiting: 2 } });
      const done: number[] = [];
      const queries = [1, 2, 3, 4].map((n) => pool.query('find_order', () => done.push(n)));
      await settle();
      expect([metrics.poolSize, metrics.poolActive, metrics.poolWaiting].map((gauge) => gauge.getValue())).toEqual([
        2, 2, 2,
      ]);
      while (waiting.length > 0) {
        waiting.shift()?.();
        await settle();
      }
      await Promise.all(queries);
      expect(done).toEqual([1, 2, 3, 4]);
      expect([metrics.poolActive, metrics.poolWaiting].map((gauge) => gauge.getValue())).toEqual([0, 0]);
    });

    it('turns queries away when the line is full', async () => {
      const { sleep, waiting } = heldWork();
      const { pool, collector } = shopParts({ sleep, pool: { size: 1, maxWaiting: 1 } });
      const running = [1, 2].map(() => pool.query('find_order', () => true));
      const refused = await pool.query('find_order', () => true);
      expect(refused._unsafeUnwrapErr()).toEqual({ kind: 'pool_exhausted', waiting: 1 });
      expect(await linesOf(collector, 'db_errors_total')).toEqual([
        'db_errors_total{type="pool_exhausted"} 1',
        'db_errors_total{type="query_failed"} 0',
      ]);
      waiting.shift()?.();
      await settle();
      waiting.shift()?.();
      await Promise.all(running);
    });

    it('fails now and then, does not do the work then, and gives the connection back', async () => {
      // Four numbers make the duration, the fifth decides about success.
      const { pool, metrics } = shopParts({ random: chances(0.5, 0.5, 0.5, 0.5, 0) });
      const work = jest.fn();
      const failed = await pool.query('mark_paid', work);
      expect(failed._unsafeUnwrapErr()).toEqual({ kind: 'query_failed', query: 'mark_paid' });
      expect(work).not.toHaveBeenCalled();
      expect(metrics.poolActive.getValue()).toBe(0);
      expect(metrics.databaseErrors.getValue({ type: 'query_failed' })).toBe(1);
    });
  });
});
