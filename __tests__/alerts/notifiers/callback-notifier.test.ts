// A function of the program is told of changes; what it does wrong costs nobody but itself.
import { err } from 'neverthrow';
import type { Alert } from '../../../lib/alerts/alert.js';
import { callbackNotifier } from '../../../lib/alerts/notifiers/callback-notifier.js';
import type { AlertError } from '../../../lib/errors.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { ended, firing } from './given-alerts.js';

const NOW = Date.UTC(2026, 0, 1);

describe('callbackNotifier', () => {
  let clock: ManualClock;
  let calls: string[][];
  const record = (alerts: readonly Alert[]): void => {
    calls.push(alerts.map(({ labels, state }) => `${labels.alertname} ${state}`));
  };

  beforeEach(() => {
    clock = new ManualClock(NOW);
    calls = [];
  });

  it('throws for what is no function', () => {
    expect(() => callbackNotifier('log' as never)).toThrow('callback');
  });

  it('is called as its function', () => {
    expect([callbackNotifier(record).name, callbackNotifier(() => {}, { name: 'pager' }).name]).toEqual([
      'record',
      'pager',
    ]);
  });

  describe('notify', () => {
    it('hands over what began to fire and what has ended, each once', async () => {
      const notifier = callbackNotifier(record, { clock });
      const slow = firing('Slow', NOW);
      await notifier.notify([slow]);
      await notifier.notify([slow, firing('Late', NOW)]);
      await notifier.notify([ended(slow, NOW), firing('Late', NOW)]);
      expect(calls).toEqual([['Slow firing'], ['Late firing'], ['Slow resolved']]);
    });

    it.each<readonly [string, () => unknown, unknown]>([
      [
        'throws',
        () => {
          throw new Error('broken');
        },
        new Error('broken'),
      ],
      ['rejects', () => Promise.reject('broken'), 'broken'],
      ['answers an Err', () => err({ kind: 'broken' }), { kind: 'broken' }],
      ['answers an Err later', async () => err({ kind: 'broken' }), { kind: 'broken' }],
    ])('answers with the cause when it %s, and calls it again later', async (_what, fail, cause) => {
      const errors: AlertError[] = [];
      let isBroken = true;
      const callback = (alerts: readonly Alert[]) => {
        record(alerts);
        return isBroken ? fail() : undefined;
      };
      const notifier = callbackNotifier(callback, {
        clock,
        minBackoffMs: 60_000,
        onError: (error) => errors.push(error),
      });
      const slow = firing('Slow', NOW);
      const failure = { kind: 'notify_failed', notifier: 'callback', target: 'callback', cause };
      expect((await notifier.notify([slow]))._unsafeUnwrapErr()).toEqual(failure);
      isBroken = false;
      clock.advance(60);
      expect((await notifier.notify([ended(slow, NOW)])).isOk()).toBe(true);
      expect(calls).toEqual([['Slow firing'], ['Slow resolved']]);
      expect(errors).toEqual([failure]);
    });

    it('gives up waiting for one that hangs, and does not call it again before it has come back', async () => {
      let comeBack = (): void => {};
      const callback = (alerts: readonly Alert[]) => {
        record(alerts);
        return new Promise<void>((resolve) => {
          comeBack = resolve;
        });
      };
      const notifier = callbackNotifier(callback, { clock, timeoutMs: 1, minBackoffMs: 60_000 });
      const reasonOf = async (alerts: readonly Alert[]) => {
        const error = (await notifier.notify(alerts))._unsafeUnwrapErr();
        return error.kind === 'notify_failed' ? String(error.cause) : error.kind;
      };
      expect(await reasonOf([firing('Slow', NOW)])).toBe('Error: it did not come back within 1 ms');
      clock.advance(60);
      expect(await reasonOf([firing('Late', NOW)])).toBe('Error: the call before has not come back yet');
      expect(calls).toEqual([['Slow firing']]);
      comeBack();
      const closed = notifier.close();
      // Its last call hangs as well, so that closing has to give up, too.
      expect((await closed).isErr()).toBe(true);
      expect(calls).toEqual([['Slow firing'], ['Slow firing', 'Late firing']]);
    });
  });
});
