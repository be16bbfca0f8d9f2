// The database: few connections, a short line before them, and figures that say so.
import type { MetricsCollector } from 'telltale';
import { chances, heldWork, linesOf, shopParts } from '../support/shop-parts.js';

/** Lets promises settle that wait for nothing else. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const poolOf = async (collector: MetricsCollector) =>
  (await linesOf(collector, 'pool_')).filter((line) => /^pool_(max_)?(resources|waiting)/.test(line));

describe('Database', () => {
  describe('query', () => {
    it('answers what the work answers and measures how long the query took', async () => {
      const { database, collector } = shopParts();
      expect((await database.query('find_order', () => 'found'))._unsafeUnwrap()).toBe('found');
      expect(await linesOf(collector, 'db_query_duration_seconds_count')).toEqual([
        'db_query_duration_seconds_count{query="find_order"} 1',
      ]);
    });

    it('lets no more queries run than there are connections, and the others wait in their order', async () => {
      const { sleep, waiting } = heldWork();
      const { database, collector } = shopParts({ sleep, pool: { size: 2, maxWaiting: 2 } });
      await settle();
      const done: number[] = [];
      const queries = [1, 2, 3, 4].map((n) => database.query('find_order', () => done.push(n)));
      await settle();
      expect(await poolOf(collector)).toEqual([
        'pool_resources{pool="database",state="in_use"} 2',
        'pool_resources{pool="database",state="idle"} 0',
        'pool_waiting{pool="database"} 2',
        'pool_max_resources{pool="database"} 2',
      ]);
      while (waiting.length > 0) {
        waiting.shift()?.();
        await settle();
      }
      await Promise.all(queries);
      expect(done).toEqual([1, 2, 3, 4]);
      expect(await poolOf(collector)).toEqual([
        'pool_resources{pool="database",state="in_use"} 0',
        'pool_resources{pool="database",state="idle"} 2',
        'pool_waiting{pool="database"} 0',
        'pool_max_resources{pool="database"} 2',
      ]);
      expect(await linesOf(collector, 'pool_use_duration_seconds_count')).toEqual([
        'pool_use_duration_seconds_count{pool="database"} 4',
      ]);
    });

    it('turns queries away when the line is full', async () => {
      const { sleep, waiting } = heldWork();
      const { database, collector } = shopParts({ sleep, pool: { size: 1, maxWaiting: 1 } });
      await settle();
      const running = [1, 2].map(() => database.query('find_order', () => true));
      const refused = await database.query('find_order', () => true);
      expect(refused._unsafeUnwrapErr()).toEqual({ kind: 'pool_exhausted' });
      expect(await linesOf(collector, 'db_errors_total')).toEqual(['db_errors_total{error_type="pool_exhausted"} 1']);
      waiting.shift()?.();
      await settle();
      waiting.shift()?.();
      await Promise.all(running);
    });

    it('fails now and then, does not do the work then, and gives the connection back', async () => {
      // Four numbers make the duration, the fifth decides about success.
      const { database, collector } = shopParts({ random: chances(0.5, 0.5, 0.5, 0.5, 0) });
      const work = jest.fn();
      const failed = await database.query('mark_paid', work);
      expect(failed._unsafeUnwrapErr()).toEqual({ kind: 'query_failed', query: 'mark_paid' });
      expect(work).not.toHaveBeenCalled();
      expect(await poolOf(collector)).toContain('pool_resources{pool="database",state="in_use"} 0');
      expect(await linesOf(collector, 'db_errors_total')).toEqual(['db_errors_total{error_type="query_failed"} 1']);
    });
  });
});
