// Measures the HTTP requests that the process sends, by what its clients announce on diagnostics channels: nothing is
// replaced, and whoever sends a request need not know.
import { collectorOf, type Instrumentation } from '../instrumentation.js';
import { joined } from '../joined.js';
import { HttpClientMetrics, type HttpClientOptions } from './client-metrics.js';
import { watchNodeClient } from './node-client.js';
import { watchUndici } from './undici-client.js';

/**
 * Measures the requests of `fetch` and undici, and of node:http and node:https with all that is built on them. It holds for
 * the whole process, so one of them is enough: a second one for the same collector joins it, and its list of hosts.
 *
 * A request is counted once, when its response has been read to its end or it has failed; with status `error` where there
 * is no whole response, and then also among the errors. Redirects and retries are requests of their own; upgrades and
 * CONNECT are none. The time of node:http begins when the request has been handed over whole (`end()`); one that
 * fails before that is among the errors only. Labels never hold a path, and only hosts of the list.
 *
 * @throws MetricDefinitionError `invalid_buckets`, or `family_conflict` where a name is taken.
 *
 * @example
 * instrumentHttpClient({ hosts: ['api.example.com'] });
 * await fetch('https://api.example.com/users/7').then((response) => response.json());
 * // http_client_request_duration_seconds_count{method="GET",host="api.example.com",status_code="200"} 1
 */
export function instrumentHttpClient(options: HttpClientOptions = {}): Instrumentation {
  const collector = collectorOf(options);
  return joined({ target: collector, collector, as: 'HTTP client' }, () => {
    const metrics = new HttpClientMetrics({ ...options, collector });
    const watched = [watchUndici(metrics), watchNodeClient(metrics)];
    return {
      remove: () => {
        for (const stop of watched) stop();
        metrics.remove();
      },
    };
  });
}
