// What the guard around a storage makes of its answers: time limits, the circuit, counts, and nothing that rejects.
import { err, okAsync, ResultAsync } from 'neverthrow';
import { ManualClock } from 'telltale/testing';
import { GuardedStorage } from '../../../storage/delivery/guarded-storage.js';
import { never, ScriptedStorage, UNREACHABLE } from '../../support/scripted-storage.js';

const snapshot = { timestampMs: 0, families: [] };

function setUp(timeoutSeconds = 60) {
  const clock = new ManualClock();
  const storage = new ScriptedStorage();
  const guarded = new GuardedStorage(storage, { clock, timeoutSeconds, breaker: { failures: 2, openSeconds: 10 } });
  return { clock, storage, guarded };
}

describe('GuardedStorage', () => {
  describe('write', () => {
    it('hands on what the storage answers', async () => {
      const { storage, guarded } = setUp();
      expect((await guarded.write(snapshot))._unsafeUnwrap()).toBe(1);
      storage.fail();
      expect((await guarded.write(snapshot))._unsafeUnwrapErr()).toBe(UNREACHABLE);
    });

    it('leaves a storage alone that fails again and again, until the wait is over', async () => {
      const { clock, storage, guarded } = setUp();
      storage.fail();
      await guarded.write(snapshot);
      await guarded.write(snapshot);
      expect((await guarded.write(snapshot))._unsafeUnwrapErr()).toEqual({
        kind: 'circuit_open',
        target: 'scripted',
        retryInSeconds: 10,
        lastError: UNREACHABLE,
      });
      expect(storage.written).toHaveLength(2);
      clock.advance(10);
      storage.succeed();
      expect((await guarded.write(snapshot)).isOk()).toBe(true);
      expect((await guarded.write(snapshot)).isOk()).toBe(true);
    });

    it.each([
      ['a push that is refused for what is in it', { kind: 'push_rejected', target: 'x', status: 400, body: '' }],
      [
        'a part of a fan-out',
        { kind: 'fan_out_failed', storages: 2, failures: [{ storage: 'a', error: UNREACHABLE }] },
      ],
    ] as const)('goes on after %s, which waiting would not mend', async (_, error) => {
      const { storage, guarded } = setUp();
      storage.fail(error);
      for (let i = 0; i < 5; i++) expect((await guarded.write(snapshot))._unsafeUnwrapErr()).toBe(error);
    });

    it('answers for a storage that does not come back', async () => {
      const { storage, guarded } = setUp(0.01);
      storage.answer = () => never();
      expect((await guarded.write(snapshot))._unsafeUnwrapErr()).toEqual({
        kind: 'storage_timed_out',
        storage: 'scripted',
        timeoutSeconds: 0.01,
      });
    });

    it.each([
      [
        'throws',
        () => {
          throw new Error('broken');
        },
      ],
      ['rejects', () => Promise.reject(new Error('broken'))],
      ['answers nonsense', () => Promise.resolve(7)],
      ['fails with nothing', () => Promise.resolve(err(undefined))],
      ['fails with a text', () => Promise.resolve(err('broken'))],
    ])('answers an error for a storage that %s', async (_, answer) => {
      const { storage, guarded } = setUp();
      storage.answer = answer as never;
      expect((await guarded.write(snapshot))._unsafeUnwrapErr()).toMatchObject({ kind: 'storage_failed' });
    });
  });

  it('lets a storage try again that answered no error of ours while it was tried', async () => {
    const { clock, storage, guarded } = setUp();
    storage.fail();
    for (let i = 0; i < 2; i++) await guarded.write(snapshot);
    clock.advance(10);
    storage.answer = () => new ResultAsync(Promise.resolve(err(undefined as never)));
    await guarded.write(snapshot);
    clock.advance(20);
    storage.succeed();
    expect((await guarded.write(snapshot)).isOk()).toBe(true);
  });

  describe('restore', () => {
    it('answers nothing for a storage that keeps nothing', async () => {
      expect((await setUp().guarded.restore())._unsafeUnwrap()).toBeUndefined();
    });

    it('hands on what the storage answers, within the time limit', async () => {
      const { storage, guarded } = setUp(0.01);
      storage.restore = () => okAsync(snapshot);
      expect((await guarded.restore())._unsafeUnwrap()).toBe(snapshot);
      storage.restore = () => never();
      expect((await guarded.restore())._unsafeUnwrapErr()).toMatchObject({ kind: 'storage_timed_out' });
    });
  });

  describe('statistics', () => {
    it('counts what the storage does not tell itself', async () => {
      const { clock, storage, guarded } = setUp();
      storage.answer = (given) => {
        clock.advance(0.5);
        storage.fail();
        return storage.answer(given).orElse(() => new ScriptedStorage().write(given));
      };
      storage.statistics = () => [{ storage: 'inner', bytes: 7 }, { storage: 'other' }];
      await guarded.write(snapshot);
      await guarded.write(snapshot);
      expect(guarded.statistics()).toEqual([
        {
          storage: 'inner',
          writes: 2,
          failures: { push_unreachable: 1 },
          writeSeconds: 0.5,
          circuit: 'closed',
          bytes: 7,
        },
        { storage: 'other' },
      ]);
    });

    it.each([
      [
        'throws',
        () => {
          throw new Error('broken');
        },
      ],
      ['answers no list', () => 7],
      ['answers a list of nothing', () => [null, undefined, 7]],
    ])('survives a storage that %s when it is asked to count', (_, statistics) => {
      const { storage, guarded } = setUp();
      storage.statistics = statistics as never;
      expect(guarded.statistics()).toEqual([expect.objectContaining({ storage: 'scripted', writes: 0 })]);
    });
  });

  it('retryNow ends the wait, of the storage as well', async () => {
    const { storage, guarded } = setUp();
    storage.fail();
    for (let i = 0; i < 3; i++) await guarded.write(snapshot);
    guarded.retryNow();
    storage.succeed();
    expect((await guarded.write(snapshot)).isOk()).toBe(true);
    expect(storage.retries).toBe(1);
  });

  it('retryNow survives a storage that throws', async () => {
    const { storage, guarded } = setUp();
    storage.retryNow = () => {
      throw new Error('broken');
    };
    expect(() => guarded.retryNow()).not.toThrow();
  });
});
