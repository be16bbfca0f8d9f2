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

const ERROR_CODE = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const MOST_ERROR_TYPES = 20;

/** Names errors by their code, else by their name, and never by their message. */
export class ErrorTypes {
  readonly #seen = new Set<string>();

  of(error: unknown): string {
    const type = typeOf(error);
    if (this.#seen.has(type)) return type;
    if (this.#seen.size >= MOST_ERROR_TYPES) return OTHER;
    this.#seen.add(type);
    return type;
  }
}

function typeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  // A DOMException has a number for a code: its name says more.
  for (const text of [code, name]) if (typeof text === 'string' && ERROR_CODE.test(text)) return text;
  return 'unknown';
}
