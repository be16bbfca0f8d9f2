// The values that labels of HTTP metrics may take, so that no client decides how many series there are. Apart from the
// metrics because servers and clients share them.

/** What a value is counted under that would make one value too many. */
export const OTHER = 'other';
/** The route of a request that no route took: one value for all the paths that scanners try. */
export const UNMATCHED = 'unmatched';

const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
]);

/** Node knows 35 methods, and a client that is no browser may invent more: a label knows nine. */
export function methodLabel(method: string | undefined): string {
  return method !== undefined && METHODS.has(method) ? method : OTHER;
}
