// The label values that errors give: a code or the name of a class, few in number and never a message, which may hold anything.

/** Longer ones are hardly the name of a kind. */
const MOST_CHARACTERS = 100;

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
  return typeof value === 'string' && value !== '' && value.length <= MOST_CHARACTERS;
}
