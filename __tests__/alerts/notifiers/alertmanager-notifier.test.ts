// How Alertmanagers are told, seen from servers that answer as they are bidden: retries, several of them, an hour without any,
// and how much is remembered. Beside a real one: alertmanager-servers.test.ts.
import { alertmanagerNotifier } from '../../../lib/alerts/notifiers/alertmanager-notifier.js';
import type { AlertError } from '../../../lib/errors.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { freePort } from '../../support/free-port.js';
import { startWebhook, type Webhook } from '../../support/webhook.js';
import { ended, firing, turns } from './given-alerts.js';

interface Posted {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

const NOW = Date.UTC(2026, 0, 1);
const namesIn = (body: unknown): readonly (string | undefined)[] =>
  (body as readonly Posted[]).map(({ labels }) => labels.alertname);

describe('alertmanagerNotifier', () => {
  let clock: ManualClock;
  let first: Webhook;
  let second: Webhook;
  let errors: AlertError[];
  const onError = (error: AlertError) => errors.push(error);

  beforeEach(async () => {
    clock = new ManualClock(NOW);
    errors = [];
    [first, second] = await Promise.all([startWebhook(), startWebhook()]);
  });

  afterEach(async () => {
    await Promise.all([first.close(), second.close()]);
  });

  it.each([
    ['no URL', { urls: [] }, 'urls'],
    ['a URL of another kind', { urls: ['file:///etc/passwd'] }, 'url'],
    ['a resend delay of nothing', { urls: ['http://a'], resendDelaySeconds: 0 }, 'resendDelaySeconds'],
    ['room for nothing', { urls: ['http://a'], maxAlerts: 0 }, 'maxAlerts'],
    ['an external URL that no browser opens', { urls: ['http://a'], externalUrl: 'here' }, 'externalUrl'],
  ])('throws for %s', (_what, options, option) => {
    expect(() => alertmanagerNotifier(options)).toThrow(
      expect.objectContaining({ kind: 'invalid_option', detail: expect.objectContaining({ option }) }),
    );
  });

  describe('notify', () => {
    it('posts what fires with an end in four times the longer of both delays, and what has ended with its end', async () => {
      const notifier = alertmanagerNotifier({
        urls: [`${first.url}/prefix/`],
        clock,
        auth: { bearerToken: 'secret' },
        headers: { 'x-scope': 'shop' },
        resendDelaySeconds: 30,
        evaluationIntervalSeconds: 90,
        externalUrl: 'http://shop.example/metrics/',
      });
      const slow = firing('Slow', NOW - 5_000, { generatorUrl: '/graph?g0.expr=up' });
      const late = firing('Late', NOW - 5_000, { generatorUrl: 'not a URL', validUntilMs: NOW + 7_000 });
      expect((await notifier.notify([slow, ended(firing('Over', NOW - 9_000), NOW - 1_000), late])).isOk()).toBe(true);
      const [message] = first.messages;
      expect(message).toMatchObject({
        method: 'POST',
        path: '/prefix/api/v2/alerts',
        headers: { authorization: 'Bearer secret', 'x-scope': 'shop', 'content-type': 'application/json' },
      });
      expect(message?.body).toEqual([
        {
          labels: { alertname: 'Slow' },
          annotations: { summary: 'Slow is the case' },
          startsAt: '2025-12-31T23:59:55.000Z',
          endsAt: '2026-01-01T00:06:00.000Z',
          generatorURL: 'http://shop.example/metrics/graph?g0.expr=up',
        },
        {
          labels: { alertname: 'Over' },
          annotations: { summary: 'Over is the case' },
          startsAt: '2025-12-31T23:59:51.000Z',
          endsAt: '2025-12-31T23:59:59.000Z',
        },
        {
          labels: { alertname: 'Late' },
          annotations: { summary: 'Late is the case' },
          startsAt: '2025-12-31T23:59:55.000Z',
          endsAt: '2026-01-01T00:00:07.000Z',
        },
      ]);
      await notifier.close();
    });

    it('sends what still fires each time that it is told of it, with a later end', async () => {
      const notifier = alertmanagerNotifier({ urls: [first.url], clock });
      await notifier.notify([firing('Slow', NOW)]);
      clock.advance(60);
      await notifier.notify([firing('Slow', NOW)]);
      const ends = first.messages.map(({ body }) => (body as readonly Posted[])[0]?.endsAt);
      expect(ends).toEqual(['2026-01-01T00:04:00.000Z', '2026-01-01T00:05:00.000Z']);
      await notifier.close();
    });

    it('sends at most 256 alerts in one request', async () => {
      const notifier = alertmanagerNotifier({ urls: [first.url], clock });
      await notifier.notify(Array.from({ length: 600 }, (_, i) => firing(`Alert${i}`, NOW)));
      expect(first.messages.map(({ body }) => namesIn(body).length)).toEqual([256, 256, 88]);
      await notifier.close();
    });

    it('answers as soon as one has been told, however long another one hangs', async () => {
      first.answer = 'nothing';
      const notifier = alertmanagerNotifier({ urls: [first.url, second.url], clock, timeoutMs: 60_000 });
      expect((await notifier.notify([firing('Slow', NOW)])).isOk()).toBe(true);
      expect(second.messages).toHaveLength(1);
      clock.advance(60);
      expect((await notifier.notify([firing('Slow', NOW)])).isOk()).toBe(true);
      expect(second.messages).toHaveLength(2);
      // The one that hangs gets no second request as long as it has not answered the first.
      expect(first.messages).toHaveLength(1);
    });

    it('answers with the failure when none could be told, and tries again when the clock says so', async () => {
      first.answer = { status: 503, body: 'starting' };
      const notifier = alertmanagerNotifier({
        urls: [first.url],
        clock,
        onError,
        minBackoffMs: 86_400_000,
        maxBackoffMs: 86_400_000,
      });
      const failure = {
        kind: 'notify_failed',
        notifier: 'alertmanager',
        target: first.url,
        cause: expect.objectContaining({ message: 'it answers 503: starting' }),
      };
      expect((await notifier.notify([firing('Slow', NOW)]))._unsafeUnwrapErr()).toEqual(failure);
      first.answer = { status: 200 };
      // Left alone: the failure before is the answer, without a request.
      expect((await notifier.notify([firing('Late', NOW)]))._unsafeUnwrapErr()).toEqual(failure);
      expect(first.messages).toHaveLength(1);
      clock.advance(86_400);
      expect((await notifier.notify([firing('Slow', NOW), firing('Late', NOW)])).isOk()).toBe(true);
      expect(first.messages.map(({ body }) => namesIn(body))).toEqual([['Slow'], ['Slow', 'Late']]);
      expect(errors).toEqual([failure]);
      await notifier.close();
    });

    it('tries again by itself', async () => {
      first.answer = { status: 500 };
      const notifier = alertmanagerNotifier({ urls: [first.url], clock, minBackoffMs: 1, maxBackoffMs: 2 });
      expect((await notifier.notify([firing('Slow', NOW)])).isErr()).toBe(true);
      first.answer = { status: 200 };
      await notifier.close();
      expect(first.messages.length).toBeGreaterThan(1);
      expect(namesIn(first.messages.at(-1)?.body)).toEqual(['Slow']);
    });

    it('does not send again what was refused, and goes on with the rest', async () => {
      first.answer = { status: 400, body: 'bad label' };
      const notifier = alertmanagerNotifier({ urls: [first.url], clock, onError });
      const alerts = Array.from({ length: 300 }, (_, i) => firing(`Alert${i}`, NOW));
      const refusal = {
        kind: 'notify_refused',
        notifier: 'alertmanager',
        target: first.url,
        status: 400,
        body: 'bad label',
      };
      expect((await notifier.notify(alerts))._unsafeUnwrapErr()).toEqual(refusal);
      expect(first.messages).toHaveLength(2);
      expect(errors).toEqual([refusal, refusal]);
      await notifier.close();
      expect(first.messages).toHaveLength(2);
    });

    it('sends after an hour without it what is the case then, and what has ended in the last 15 minutes', async () => {
      const url = `http://127.0.0.1:${await freePort()}`;
      const notifier = alertmanagerNotifier({
        urls: [url, first.url],
        clock,
        maxAlerts: 50,
        minBackoffMs: 86_400_000,
        maxBackoffMs: 86_400_000,
      });
      first.answer = { status: 503 };
      const standing = firing('Standing', NOW);
      // Every minute another alert fires, and the one before ends.
      for (let minute = 0; minute < 60; minute++) {
        const now = clock.now();
        const before = minute === 0 ? [] : [ended(firing(`Brief${minute - 1}`, now - 60_000), now)];
        await notifier.notify([standing, firing(`Brief${minute}`, now), ...before]);
        clock.advance(60);
      }
      first.answer = { status: 200 };
      clock.advance(86_400 - 3_600);
      const now = clock.now();
      const last = [firing('Brief59', now - 60_000), ended(firing('Brief58', now - 120_000), now - 14 * 60_000)];
      expect(
        (await notifier.notify([standing, ...last, ended(firing('Brief57', now), now - 16 * 60_000)])).isOk(),
      ).toBe(true);
      expect(namesIn(first.messages.at(-1)?.body)).toEqual(['Standing', 'Brief58', 'Brief59']);
      await notifier.close();
    });

    it('remembers no more alerts than it may, and says how many it dropped', async () => {
      const notifier = alertmanagerNotifier({ urls: [first.url], clock, maxAlerts: 2, onError });
      const dropped = { kind: 'alerts_dropped', notifier: 'alertmanager', dropped: 1, limit: 2 };
      const answer = await notifier.notify(['A', 'B', 'C'].map((name) => firing(name, NOW)));
      expect(answer._unsafeUnwrapErr()).toEqual(dropped);
      expect(errors).toEqual([dropped]);
      expect(namesIn(first.messages[0]?.body)).toEqual(['A', 'B']);
      await notifier.close();
    });

    it('tells again of an end for 15 minutes, by the clock', async () => {
      const notifier = alertmanagerNotifier({ urls: [first.url], clock, resendDelaySeconds: 120 });
      await notifier.notify([ended(firing('Slow', NOW), NOW)]);
      for (let minute = 0; minute < 20; minute++) {
        clock.advance(60);
        await notifier.notify([]);
      }
      expect(first.messages).toHaveLength(1 + 7);
      await notifier.close();
    });

    it('tells again of an end although nobody tells it anything', async () => {
      jest.useFakeTimers({
        doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'hrtime', 'performance'],
      });
      try {
        const notifier = alertmanagerNotifier({ urls: [first.url], clock });
        await notifier.notify([ended(firing('Slow', NOW), NOW)]);
        clock.advance(60);
        jest.advanceTimersByTime(60_010);
        while (first.messages.length < 2) await turns(1);
        expect(namesIn(first.messages[1]?.body)).toEqual(['Slow']);
        await notifier.close();
        expect(jest.getTimerCount()).toBe(0);
      } finally {
        jest.useRealTimers();
      }
    });

    it('survives whoever throws at being told of errors', async () => {
      first.answer = { status: 400 };
      const notifier = alertmanagerNotifier({
        urls: [first.url],
        clock,
        onError: () => {
          throw new Error('not mine');
        },
      });
      expect((await notifier.notify([firing('Slow', NOW)]))._unsafeUnwrapErr().kind).toBe('notify_refused');
      await notifier.close();
    });
  });

  describe('close', () => {
    it('tries once more what could not be told, and answers whether it could', async () => {
      first.answer = { status: 503 };
      const options = { urls: [first.url], clock, minBackoffMs: 86_400_000, maxBackoffMs: 86_400_000 };
      const [lucky, unlucky] = [alertmanagerNotifier(options), alertmanagerNotifier(options)];
      await lucky.notify([firing('Slow', NOW)]);
      await unlucky.notify([firing('Late', NOW)]);
      expect((await unlucky.close())._unsafeUnwrapErr().kind).toBe('notify_failed');
      first.answer = { status: 200 };
      expect((await lucky.close()).isOk()).toBe(true);
      expect(first.messages.map(({ body }) => namesIn(body))).toEqual([['Slow'], ['Late'], ['Late'], ['Slow']]);
    });

    it('takes nothing afterwards', async () => {
      const notifier = alertmanagerNotifier({ urls: [first.url], clock });
      await notifier.close();
      const answer = await notifier.notify([firing('Slow', NOW)]);
      expect(answer._unsafeUnwrapErr()).toEqual({ kind: 'notifier_closed', notifier: 'alertmanager' });
      expect(first.messages).toEqual([]);
    });
  });
});
