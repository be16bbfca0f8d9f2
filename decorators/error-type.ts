// The `error_type` label: what kind of error it was, in a few words that are few in number. Never its message, which may hold
// anything, personal data included.

/** The name of a kind is one short word; what is longer, or has blanks or an @ in it, may be a message. */
const NAME = /^[\w.:/-]{1,100}$/;
/** Beyond so many distinct values everything is `other`. */
const MOST_TYPES = 20;

/**
 * The error's `kind`, `code` or `name`, else its class: the first of them that is a short word or a number. The name `Error`,
 * which classes inherit, gives way to the name of the class. Anything else is `unknown`.
 */
export function errorTypeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  try {
    const { kind, code, name } = error as Readonly<Record<string, unknown>>;
    const className: unknown = error.constructor?.name;
    const ownClass = className === 'Object' ? undefined : className;
    // The codes of a DOMException are numbers that nobody knows: an AbortError is 20.
    const said = className === 'DOMException' ? undefined : code;
    const candidates = [kind, said, name === 'Error' ? undefined : name, ownClass, name];
    const found = candidates.find(isName);
    return found === undefined ? 'unknown' : String(found);
  } catch {
    // A getter that throws, or a revoked proxy.
    return 'unknown';
  }
}

function isName(value: unknown): value is string | number {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' && NAME.test(value);
}

/** The types seen so far, with an end. */
export class ErrorTypes {
  readonly #seen = new Set<string>();

  of(error: unknown): string {
    const type = errorTypeOf(error);
    if (this.#seen.has(type)) return type;
    if (this.#seen.size >= MOST_TYPES) return 'other';
    this.#seen.add(type);
    return type;
  }
}
