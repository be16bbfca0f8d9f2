// The small adapters, on the libraries that they are made for: opossum, fastq, rate-limiter-flexible, and things of one's own.
import { once } from 'node:events';
import { errAsync, okAsync } from 'neverthrow';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import {
  type BreakerState,
  instrumentCircuitBreaker,
  instrumentQueue,
  instrumentRateLimiter,
} from 'telltale/instrumentation';
import { setUp } from '../../instruments/setup.js';

// Neither has types that this compiler is given.
const CircuitBreaker = require('opossum') as new (
  action: (how: string) => Promise<string>,
  options: object,
) => import('node:events').EventEmitter & {
  readonly opened: boolean;
  readonly halfOpen: boolean;
  fire(how: string): Promise<string>;
  shutdown(): void;
};

function measure(name: string) {
  const { metrics, lines, clock } = setUp();
  return { options: { collector: metrics, name }, lines, clock };
}

describe('instrumentCircuitBreaker', () => {
  it('follows the state and the outcomes of opossum', async () => {
    const { options, lines } = measure('pay');
    const action = (how: string) =>
      how === 'fail'
        ? Promise.reject(new Error('no'))
        : how === 'hang'
          ? new Promise<string>(() => {})
          : Promise.resolve(how);
    const breaker = new CircuitBreaker(action, { timeout: 20, errorThresholdPercentage: 70, resetTimeout: 300 });
    const halfOpen = once(breaker, 'halfOpen');
    const measuring = instrumentCircuitBreaker(breaker, options);
    const state = async () =>
      (await lines()).filter((line) => line.startsWith('circuit_breaker_state') && line.endsWith(' 1')).join();
    expect(await breaker.fire('well')).toBe('well');
    await expect(breaker.fire('hang')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(await state()).toBe('circuit_breaker_state{breaker="pay",state="closed"} 1');
    await expect(breaker.fire('fail')).rejects.toThrow('no');
    await expect(breaker.fire('fail')).rejects.toThrow('no');
    expect(await state()).toBe('circuit_breaker_state{breaker="pay",state="open"} 1');
    await expect(breaker.fire('well')).rejects.toMatchObject({ code: 'EOPENBREAKER' });
    await halfOpen;
    expect(await state()).toBe('circuit_breaker_state{breaker="pay",state="half_open"} 1');
    const calls = (await lines()).filter((line) => line.startsWith('circuit_breaker_calls_total'));
    expect(calls.toSorted()).toEqual([
      'circuit_breaker_calls_total{breaker="pay",outcome="failure"} 2',
      'circuit_breaker_calls_total{breaker="pay",outcome="rejected"} 1',
      'circuit_breaker_calls_total{breaker="pay",outcome="success"} 1',
      'circuit_breaker_calls_total{breaker="pay",outcome="timeout"} 1',
    ]);
    measuring.remove();
    await breaker.fire('well');
    breaker.shutdown();
    expect(await lines()).toEqual(calls);
  });

  it.each([false, true])('counts a call once that opossum tells of twice, filtered: %s', async (filtered) => {
    const { options, lines } = measure('pay');
    const breaker = new CircuitBreaker(() => new Promise(() => {}), {
      timeout: 20,
      capacity: 1,
      errorFilter: () => filtered,
    });
    instrumentCircuitBreaker(breaker, options);
    const hanging = expect(breaker.fire('')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await expect(breaker.fire('')).rejects.toMatchObject({ code: 'ESEMLOCKED' });
    await hanging;
    breaker.shutdown();
    expect((await lines()).filter((line) => line.startsWith('circuit_breaker_calls_total'))).toEqual([
      'circuit_breaker_calls_total{breaker="pay",outcome="rejected"} 1',
      'circuit_breaker_calls_total{breaker="pay",outcome="timeout"} 1',
    ]);
  });

  it('takes a breaker of any other make by its state', async () => {
    const { options, lines } = measure('own');
    let state: BreakerState = 'closed';
    const measuring = instrumentCircuitBreaker({ state: () => state }, options);
    measuring.record('failure');
    state = 'open';
    expect(await lines()).toEqual([
      'circuit_breaker_state{breaker="own",state="closed"} 0',
      'circuit_breaker_state{breaker="own",state="open"} 1',
      'circuit_breaker_state{breaker="own",state="half_open"} 0',
      'circuit_breaker_calls_total{breaker="own",outcome="failure"} 1',
    ]);
  });
});

describe('instrumentQueue', () => {
  it('counts nothing more when it was removed, and runs its tasks on', async () => {
    const { options, lines } = measure('mail');
    const measuring = instrumentQueue([], options);
    const before = measuring.track(() => 'sent');
    measuring.remove();
    const after = measuring.track(() => 'sent, too');
    expect([before(), after()]).toEqual(['sent', 'sent, too']);
    expect((await lines()).filter((line) => !line.includes('_bucket'))).toEqual([
      'queue_enqueued_total{queue="mail"} 1',
      'queue_wait_duration_seconds_sum{queue="mail"} 0',
      'queue_wait_duration_seconds_count{queue="mail"} 0',
    ]);
  });

  it('tells how much waits, how long, and how it ends, of a queue of functions', async () => {
    const { options, lines, clock } = measure('mail');
    const queue: (() => unknown)[] = [];
    const measuring = instrumentQueue(queue, options);
    const failure = new Error('bounced');
    const sent = okAsync('sent');
    queue.push(
      measuring.track(() => 'sent'),
      measuring.track(() => {
        throw failure;
      }),
      measuring.track(() => Promise.reject(failure)),
      measuring.track(() => sent),
      measuring.track(() => errAsync('bounced')),
      measuring.track(() => Promise.resolve(1)),
    );
    expect(await lines()).toContain('queue_depth{queue="mail"} 6');
    clock.advance(2);
    expect(queue.shift()?.()).toBe('sent');
    expect(() => queue.shift()?.()).toThrow(failure);
    await expect(queue.shift()?.()).rejects.toBe(failure);
    expect(queue.shift()?.()).toBe(sent);
    await queue.shift()?.();
    expect(await queue[0]?.()).toBe(1);
    const text = await lines();
    expect(text).toEqual(
      expect.arrayContaining([
        'queue_depth{queue="mail"} 1',
        'queue_enqueued_total{queue="mail"} 6',
        'queue_processed_total{queue="mail",outcome="ok"} 3',
        'queue_processed_total{queue="mail",outcome="failed"} 3',
        'queue_wait_duration_seconds_count{queue="mail"} 6',
        'queue_wait_duration_seconds_sum{queue="mail"} 12',
      ]),
    );
    measuring.remove();
    expect((await lines()).filter((line) => line.startsWith('queue_depth'))).toEqual([]);
  });

  it('takes a queue of other things by hand, and one that answers its length', async () => {
    const { options, lines, clock } = measure('jobs');
    const jobs = require('fastq').promise(async (job: string) => job, 1);
    const measuring = instrumentQueue(jobs, options);
    jobs.pause();
    const task = measuring.enqueued();
    const pushed = jobs.push('a');
    expect(await lines()).toContain('queue_depth{queue="jobs"} 1');
    clock.advance(1);
    jobs.resume();
    task.started();
    expect(await pushed).toBe('a');
    task.processed('ok');
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'queue_depth{queue="jobs"} 0',
        'queue_wait_duration_seconds_sum{queue="jobs"} 1',
        'queue_processed_total{queue="jobs",outcome="ok"} 1',
      ]),
    );
  });
});

describe('instrumentRateLimiter', () => {
  it('hides from callers that the option allowed fails, and counts an error', async () => {
    const { options, lines } = measure('login');
    const limiter = { consume: (_user: string): object | null | Promise<null> => null, ask: async () => null };
    const allowed = (answer: unknown) => (answer as { left: number }).left > 0;
    instrumentRateLimiter(limiter, { ...options, method: 'consume', allowed });
    instrumentRateLimiter(limiter, { ...options, method: 'ask', allowed });
    expect(limiter.consume('ada')).toBeNull();
    expect(await limiter.ask()).toBeNull();
    expect(await lines()).toEqual(['rate_limiter_requests_total{limiter="login",outcome="error"} 2']);
  });

  it('counts what rate-limiter-flexible lets through and refuses', async () => {
    const { options, lines } = measure('login');
    const limiter = new RateLimiterMemory({ points: 3, duration: 60 });
    const measuring = instrumentRateLimiter(limiter, { ...options, method: 'consume' });
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => limiter.consume('1.2.3.4')));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    const expected = [
      'rate_limiter_requests_total{limiter="login",outcome="allowed"} 3',
      'rate_limiter_requests_total{limiter="login",outcome="refused"} 2',
    ];
    expect(await lines()).toEqual(expected);
    measuring.remove();
    expect(limiter.consume).toBe(RateLimiterMemory.prototype.consume);
    await limiter.consume('5.6.7.8');
    expect(await lines()).toEqual(expected);
  });

  it('understands plain answers, and tells an error from a refusal', async () => {
    const { options, lines } = measure('own');
    const answers: (() => unknown)[] = [
      () => true,
      () => false,
      () => ({ allowed: false }),
      () => Promise.resolve({ success: true }),
      () => {
        throw new Error('store is down');
      },
      () => Promise.reject(new Error('store is down')),
    ];
    const limiter = { check: (i: number) => answers[i]?.() };
    instrumentRateLimiter(limiter, { ...options, method: 'check' });
    for (const i of answers.keys()) await (async () => limiter.check(i))().catch(() => {});
    expect((await lines()).toSorted()).toEqual([
      'rate_limiter_requests_total{limiter="own",outcome="allowed"} 2',
      'rate_limiter_requests_total{limiter="own",outcome="error"} 2',
      'rate_limiter_requests_total{limiter="own",outcome="refused"} 2',
    ]);
  });
});
