// `/api/v1/targets` as Prometheus answers it, so that whoever looks at a Prometheus' targets can look at these.
import type { Route } from '../http/routes.js';
import type { ScrapeLoop } from './scraping/scrape-loop.js';

/** @param timing - Of every target, in seconds. */
export function targetsRoute(
  loops: readonly ScrapeLoop[],
  timing: { readonly intervalSeconds: number; readonly timeoutSeconds: number },
): Route {
  return {
    path: '/api/v1/targets',
    handle: (request, response) => {
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      const status = isRead ? 200 : 405;
      const answer = isRead
        ? { status: 'success', data: { activeTargets: loops.map((loop) => stateOf(loop, timing)), droppedTargets: [] } }
        : { status: 'error', errorType: 'bad_data', error: 'targets are read with GET' };
      const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
      response.writeHead(status, { ...headers, ...(!isRead && { Allow: 'GET, HEAD' }) }).end(JSON.stringify(answer));
    },
  };
}

function stateOf(
  { target, health }: ScrapeLoop,
  timing: { readonly intervalSeconds: number; readonly timeoutSeconds: number },
): Readonly<Record<string, unknown>> {
  const { job, instance, url } = target;
  return {
    discoveredLabels: {
      __address__: url.host,
      __metrics_path__: url.pathname,
      __scheme__: url.protocol.slice(0, -1),
      __scrape_interval__: `${timing.intervalSeconds}s`,
      __scrape_timeout__: `${timing.timeoutSeconds}s`,
      job,
    },
    labels: { instance, job },
    scrapePool: job,
    scrapeUrl: url.href,
    globalUrl: url.href,
    lastError: health.lastError,
    // Go's zero time means never.
    lastScrape: health.lastScrapeMs === 0 ? '0001-01-01T00:00:00Z' : new Date(health.lastScrapeMs).toISOString(),
    lastScrapeDuration: health.lastDurationSeconds,
    health: health.health,
    scrapeInterval: `${timing.intervalSeconds}s`,
    scrapeTimeout: `${timing.timeoutSeconds}s`,
  };
}
