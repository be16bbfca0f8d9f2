// What the fan-out promises beyond the storage contract: that no storage can harm another.
import { errAsync, okAsync } from 'neverthrow';
import { FanOutStorage, MemoryStorage } from 'telltale/storage';
import { ManualClock } from 'telltale/testing';
import { never, ScriptedStorage, UNREACHABLE } from '../../support/scripted-storage.js';

const snapshot = { timestampMs: 0, families: [] };

describe('FanOutStorage', () => {
  it('writes to all and tells which failed, while the others have stored', async () => {
    const [good, bad, hanging] = [
      new ScriptedStorage('good'),
      new ScriptedStorage('bad'),
      new ScriptedStorage('hangs'),
    ];
    bad.fail();
    hanging.answer = () => never();
    const storage = new FanOutStorage([good, bad, hanging], { timeoutSeconds: 0.02 });
    expect((await storage.write(snapshot))._unsafeUnwrapErr()).toEqual({
      kind: 'fan_out_failed',
      storages: 3,
      failures: [
        { storage: 'bad', error: UNREACHABLE },
        { storage: 'hangs', error: { kind: 'storage_timed_out', storage: 'hangs', timeoutSeconds: 0.02 } },
      ],
    });
    expect(good.written).toEqual([snapshot]);
  });

  it('leaves the one alone that keeps failing, and no other', async () => {
    const clock = new ManualClock();
    const [good, bad] = [new ScriptedStorage('good'), new ScriptedStorage('bad')];
    bad.fail();
    const storage = new FanOutStorage([good, bad], { clock, failuresUntilOpen: 2 });
    for (let i = 0; i < 4; i++) await storage.write(snapshot);
    expect([good.written.length, bad.written.length]).toEqual([4, 2]);
    expect(storage.statistics().map(({ circuit }) => circuit)).toEqual(['closed', 'open']);
    storage.retryNow();
    bad.succeed();
    expect((await storage.write(snapshot)).isOk()).toBe(true);
    expect(bad.written).toHaveLength(3);
  });

  it('closes all, once, also when one cannot', async () => {
    const [good, bad] = [new ScriptedStorage('good'), new ScriptedStorage('bad')];
    bad.close = () => {
      throw new Error('stuck');
    };
    const storage = new FanOutStorage([bad, good]);
    expect((await storage.close())._unsafeUnwrapErr()).toMatchObject({ kind: 'fan_out_failed' });
    expect(good.closed).toBe(1);
  });

  it('restores from the first that has something, and tells a failure only where none has', async () => {
    const [bad, empty, good] = [new ScriptedStorage('bad'), new MemoryStorage(), new ScriptedStorage('good')];
    bad.restore = () => errAsync(UNREACHABLE);
    good.restore = () => okAsync(snapshot);
    expect((await new FanOutStorage([bad, empty, good]).restore())._unsafeUnwrap()).toBe(snapshot);
    expect((await new FanOutStorage([empty, bad]).restore())._unsafeUnwrapErr()).toBe(UNREACHABLE);
    expect((await new FanOutStorage([empty]).restore())._unsafeUnwrap()).toBeUndefined();
  });

  it.each([
    ['none', []],
    [
      'the same twice',
      (() => {
        const one = new MemoryStorage();
        return [one, one];
      })(),
    ],
    ['no array', undefined as never],
  ])('refuses storages that make no sense: %s', (_, storages) => {
    expect(() => new FanOutStorage(storages)).toThrow(expect.objectContaining({ kind: 'invalid_option' }));
  });

  it.each([{ timeoutSeconds: 0 }, { timeoutSeconds: Number.NaN }, { failuresUntilOpen: 0.5 }])(
    'refuses %j',
    (options) => {
      expect(() => new FanOutStorage([new MemoryStorage()], options)).toThrow(
        expect.objectContaining({ kind: 'invalid_option' }),
      );
    },
  );
});
