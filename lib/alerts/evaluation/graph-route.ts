// `/graph`, where alerts and templates of rules link to, because a Prometheus shows its expressions there: here it leads on to the
// same expression on the page of the dashboard.
import type { Route } from '../../http/index.js';

/** @param dashboard - The path of the dashboard. */
export function graphRoute(dashboard: string): Route {
  return {
    path: '/graph',
    handle: (request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const query = new URLSearchParams({ query: searchParams.get('g0.expr') ?? '' });
      // Relative, so that a proxy may put a prefix before both.
      const location = `.${dashboard.replace(/\/+$/, '')}#/query?${query}`;
      response.writeHead(302, { Location: location, 'Cache-Control': 'no-store' }).end();
    },
  };
}
