// What can be chosen about the metrics of an HTTP server, the same for every framework.
import { MetricDefinitionError } from '../../errors.js';
import type { InstrumentationOptions } from '../instrumentation.js';

/** @typeParam Request - What the framework calls a request: that is what the callbacks get. */
export interface HttpServerOptions<Request> extends InstrumentationOptions {
  /** Upper bounds of `http_request_duration_seconds`, in seconds. Default: 0.005 to 10. */
  readonly buckets?: readonly number[];
  /** Upper bounds of the two sizes, in bytes. Default: 100 bytes to 100 MB, in powers of ten. */
  readonly sizeBuckets?: readonly number[];
  /**
   * The pattern of the route, asked for when the response has ended; undefined leaves it to the framework. To answer
   * with the path would make a series per path. A callback that throws counts as undefined.
   */
  readonly route?: (request: Request) => string | undefined;
  /** Requests that are not measured at all, such as those of the metrics endpoint. Asked once, at the beginning. */
  readonly ignore?: (request: Request) => boolean;
  /** Routes beyond this many are counted as `other`. Default 200, at least 1. */
  readonly maxRoutes?: number;
}

export const SIZE_BUCKETS: readonly number[] = [100, 1000, 1e4, 1e5, 1e6, 1e7, 1e8];

/** @throws MetricDefinitionError `invalid_option` unless it is a whole number of at least 1. */
export function maxRoutesOf({ maxRoutes = 200 }: Pick<HttpServerOptions<never>, 'maxRoutes'>): number {
  if (Number.isSafeInteger(maxRoutes) && maxRoutes >= 1) return maxRoutes;
  throw new MetricDefinitionError({
    kind: 'invalid_option',
    option: 'maxRoutes',
    value: String(maxRoutes),
    rule: 'Give a whole number of at least 1.',
  });
}
