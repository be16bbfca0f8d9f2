// Where an expression can be looked at: the path and parameters that Prometheus' own pages have, which the alerts and templates of
// rules link to.
import { urlQuery } from './url-query.js';

/** @param tab - 1: as a table, 0: as a graph. */
export function graphPath(expr: string, tab: 0 | 1): string {
  return `/graph?g0.expr=${urlQuery(expr)}&g0.tab=${tab}`;
}
