// Caches that are measured go on being what they were, and their metrics agree with what was asked of them: on lru-cache with and
// without loading of its own, on a Map, and on a store that answers promises.
import { LRUCache } from 'lru-cache';
import { countEvictions, instrumentCache } from 'telltale/instrumentation';
import { setUp } from '../../instruments/setup.js';

function setUpCache() {
  const { metrics, lines, clock } = setUp();
  const value = async (name: string) => {
    const found = (await lines()).find((line) => line.startsWith(`${name}{cache="users"`));
    return found === undefined ? undefined : Number(found.slice(found.lastIndexOf(' ') + 1));
  };
  return { options: { collector: metrics, name: 'users' }, lines, clock, value };
}

describe('instrumentCache', () => {
  it('hides from callers that the option isMiss fails, and takes undefined for a miss then', async () => {
    const { options, value } = setUpCache();
    const users = new Map<string, string | null>([
      ['known', null],
      ['named', 'Ada'],
    ]);
    instrumentCache(users, { ...options, isMiss: (found) => (found as string).length === 0 });
    expect(['known', 'named', 'unknown'].map((key) => users.get(key))).toEqual([null, 'Ada', undefined]);
    expect([await value('cache_hits_total'), await value('cache_misses_total')]).toEqual([2, 1]);
  });

  it('counts hits, misses, entries and evictions of an lru-cache, and leaves it what it was', async () => {
    const { options, value, lines } = setUpCache();
    const users = new LRUCache<string, number>({ max: 10, dispose: countEvictions(options) });
    const own = Object.keys(users);
    const measuring = instrumentCache(users, options);
    let hits = 0;
    for (let i = 0; i < 1000; i++) {
      const key = `user ${(i * i) % 17}`;
      if (users.get(key) === undefined) users.set(key, i);
      else hits++;
    }
    expect(hits).toBeGreaterThan(0);
    expect(await value('cache_hits_total')).toBe(hits);
    expect(await value('cache_misses_total')).toBe(1000 - hits);
    expect(await value('cache_entries')).toBe(users.size);
    const evicted = 1000 - hits - users.size;
    expect((await value('cache_evictions_total')) ?? 0).toBe(evicted);
    users.delete(`user 0`);
    users.set('user 1', 5);
    expect((await value('cache_evictions_total')) ?? 0).toBe(evicted);

    expect(users).toBeInstanceOf(LRUCache);
    expect([users.get.name, users.get.length]).toEqual(['get', LRUCache.prototype.get.length]);
    expect(Object.keys(users)).toEqual(own);
    measuring.remove();
    measuring.remove();
    expect(users.get).toBe(LRUCache.prototype.get);
    users.get('user 1');
    expect(await value('cache_hits_total')).toBe(hits);
    expect((await lines()).filter((line) => line.startsWith('cache_entries'))).toEqual([]);
  });

  it('tells evictions for want of room from those for age', async () => {
    const { options, lines } = setUpCache();
    let now = 1;
    const perf = { now: () => now };
    const users = new LRUCache<string, number>({ max: 1, ttl: 10, perf, dispose: countEvictions(options) });
    users.set('a', 1);
    users.set('b', 1);
    now = 100;
    expect(users.get('b')).toBeUndefined();
    expect(await lines()).toEqual([
      'cache_evictions_total{cache="users",reason="size"} 1',
      'cache_evictions_total{cache="users",reason="expired"} 1',
    ]);
  });

  it('times what an lru-cache fetches, once for all that wait for it, and hands on what fails', async () => {
    const { options, value, clock } = setUpCache();
    const users = new LRUCache<string, number>({
      max: 10,
      fetchMethod: async (key) => {
        clock.advance(0.2);
        if (key === 'none') throw new Error('no such user');
        return key.length;
      },
    });
    instrumentCache(users, options);
    expect(await Promise.all([users.fetch('ann'), users.fetch('ann')])).toEqual([3, 3]);
    expect(await users.fetch('ann')).toBe(3);
    await expect(users.fetch('none')).rejects.toThrow('no such user');
    expect(await value('cache_hits_total')).toBe(1);
    expect(await value('cache_misses_total')).toBe(3);
    expect(await value('cache_load_duration_seconds_count')).toBe(2);
    expect(await value('cache_load_duration_seconds_sum')).toBeCloseTo(0.4, 9);
    expect(await value('cache_load_errors_total')).toBe(1);
  });

  it('fills what is missing with getOrLoad, typed as the cache is', async () => {
    const { options, value, clock } = setUpCache();
    const users = new LRUCache<string, number>({ max: 10 });
    const measuring = instrumentCache(users, options);
    const load = () => {
      clock.advance(2);
      return Promise.resolve(7);
    };
    const first: number = await measuring.getOrLoad('ann', load);
    // @ts-expect-error The keys of this cache are strings.
    const none = () => measuring.getOrLoad(1, load);
    expect([first, await measuring.getOrLoad('ann', load), typeof none]).toEqual([7, 7, 'function']);
    const failure = new Error('down');
    await expect(measuring.getOrLoad('bob', () => Promise.reject(failure))).rejects.toBe(failure);
    expect(users.has('bob')).toBe(false);
    expect(await value('cache_hits_total')).toBe(1);
    expect(await value('cache_misses_total')).toBe(2);
    expect(await value('cache_load_duration_seconds_count')).toBe(2);
    expect(await value('cache_load_duration_seconds_sum')).toBe(2);
  });

  it('takes a Map, several caches of different names, and a size that is told otherwise', async () => {
    const { options, lines } = setUpCache();
    const map = new Map<string, string>();
    instrumentCache(map, options);
    const other = instrumentCache(new Map(), { ...options, name: 'other', size: () => 42 });
    map.set('a', 'b');
    map.get('a');
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'cache_hits_total{cache="users"} 1',
        'cache_hits_total{cache="other"} 0',
        'cache_entries{cache="users"} 1',
        'cache_entries{cache="other"} 42',
      ]),
    );
    other.remove();
    expect((await lines()).filter((line) => line.startsWith('cache_entries'))).toEqual([
      'cache_entries{cache="users"} 1',
    ]);
  });

  it('judges an asynchronous store by what its promise gives, and hands on rejections', async () => {
    const { options, value } = setUpCache();
    const rows = new Map([['a', 'row']]);
    const failure = new Error('connection lost');
    const store = {
      get: (key: string) => (key === 'bad' ? Promise.reject(failure) : Promise.resolve(rows.get(key) ?? null)),
      set: (key: string, row: string) => Promise.resolve(rows.set(key, row)),
    };
    instrumentCache(store, { ...options, isMiss: (row) => row === null });
    expect([await store.get('a'), await store.get('b')]).toEqual(['row', null]);
    await expect(store.get('bad')).rejects.toBe(failure);
    expect(await value('cache_hits_total')).toBe(1);
    expect(await value('cache_misses_total')).toBe(1);
    expect(await value('cache_entries')).toBeUndefined();
  });
});
