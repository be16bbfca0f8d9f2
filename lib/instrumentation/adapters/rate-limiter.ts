// Rate limiters: how many requests they let through and how many not. They agree on little: the method that decides is named by
// the caller, and what its answer means can be.
import { isNativeError, isPromise } from 'node:util/types';
import type { MetricsCollector } from '../../collector.js';
import { collectorOf, type Instrumentation } from '../instrumentation.js';
import { joined } from '../joined.js';
import type { AdapterOptions } from './circuit-breaker.js';
import { patchMethod } from './patch-method.js';

export interface RateLimiterOptions<Limiter extends object> extends AdapterOptions {
  /** The method that decides about a request. */
  readonly method: keyof Limiter & string;
  /**
   * Whether an answer lets the request through. Default: false does not, nor does an object whose `allowed` or `success` is
   * false. What rejects or throws an `Error` is an error; what rejects with anything else refuses, as `rate-limiter-flexible`.
   */
  readonly allowed?: (answer: unknown) => boolean;
}

/**
 * Counts the decisions of a rate limiter. It limits nothing by itself.
 *
 * @param limiter - Stays the same object. Its answers and rejections reach the caller as they are.
 * @throws MetricDefinitionError `family_conflict` where the name is taken.
 * @example
 * const measuring = instrumentRateLimiter(limiter, { name: 'login', method: 'consume' });
 * // rate_limiter_requests_total{limiter="login",outcome="allowed"} 950
 * // rate_limiter_requests_total{limiter="login",outcome="refused"} 50
 */
export function instrumentRateLimiter<Limiter extends object>(
  limiter: Limiter,
  options: RateLimiterOptions<Limiter>,
): Instrumentation {
  const collector = collectorOf(options);
  const as = `rate limiter ${options.name} ${options.method}`;
  return joined({ target: limiter, collector, as }, () => measure(limiter, collector, options));
}

function measure<Limiter extends object>(
  limiter: Limiter,
  collector: MetricsCollector,
  { name, method, allowed = isAllowed }: RateLimiterOptions<Limiter>,
): Instrumentation {
  const requests = collector.counter('rate_limiter_requests_total', {
    description: 'Requests that the rate limiter decided about; error where it could not.',
    labelNames: ['limiter', 'outcome'],
  });
  const count = (outcome: 'allowed' | 'refused' | 'error') => requests.increment(1, { limiter: name, outcome });
  const decided = (answer: unknown) => {
    let outcome: Parameters<typeof count>[0] = 'error';
    try {
      outcome = allowed(answer) ? 'allowed' : 'refused';
    } catch {
      // Whoever asks the limiter is not to hear of an option that fails.
    }
    count(outcome);
  };
  const failed = (error: unknown) => count(isNativeError(error) || error instanceof Error ? 'error' : 'refused');
  const remove = patchMethod(
    limiter,
    method,
    (original) =>
      function (...args) {
        let answer: unknown;
        try {
          answer = original.apply(this, args);
        } catch (error) {
          failed(error);
          throw error;
        }
        if (!isPromise(answer)) {
          decided(answer);
          return answer;
        }
        return answer.then(
          (settled: unknown) => {
            decided(settled);
            return settled;
          },
          (error: unknown) => {
            failed(error);
            throw error;
          },
        );
      },
  );
  return { remove };
}

function isAllowed(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null) return answer !== false;
  const { allowed, success } = answer as Readonly<Record<string, unknown>>;
  return allowed !== false && success !== false;
}
