// The label values that errors give: a code or the name of a class, few in number and never a message, which may hold anything.

/** A code or a name is one short word; what is longer, or has blanks or an @ in it, may be a message. */
const NAME = /^[\w.:/-]{1,100}$/;

/** Beyond so many distinct values everything is `other`. */
const MOST_VALUES = 20;

/** Values seen so far, with an end. */
export class BoundedValues {
  readonly #seen = new Set<string>();

  of(value: string): string {
    if (this.#seen.has(value)) return value;
    if (this.#seen.size >= MOST_VALUES) return 'other';
    this.#seen.add(value);
    return value;
  }
}

/** The `code` of an error, else its `name`; `unknown` for what has neither. */
export function errorCodeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  try {
    const { code, name } = error as Readonly<Record<string, unknown>>;
    return [code, name].find(isName) ?? 'unknown';
  } catch {
    // A getter that throws, or a revoked proxy.
    return 'unknown';
  }
}

function isName(value: unknown): value is string {
  // A DOMException has a number for a code: its name says more.
  return typeof value === 'string' && NAME.test(value);
}
