// Labels as prom-client takes them: any part of the declared names, given as an object or one after the other, with values of
// any kind. Off the hot path: recordings look for the labels as they are first.
import { inspect } from 'node:util';
import type { Labels } from '../../instruments/labels.js';

type AnyLabels = Readonly<Record<string, unknown>>;

/** The labels of a child or of a removal. */
export function labelsOf(names: readonly string[], args: readonly unknown[]): AnyLabels {
  if (typeof args[0] === 'object' && args[0] !== null) return args[0] as AnyLabels;
  if (names.length !== args.length) {
    const given = args.join(', ');
    throw new Error(
      `Invalid number of arguments (${args.length}): "${given}" for label names (${names.length}): "${names.join(', ')}".`,
    );
  }
  return Object.fromEntries(names.map((name, i) => [name, args[i]]));
}

/** @throws Error for a name that was not declared. */
export function checkLabels(names: readonly string[], labels: AnyLabels): void {
  for (const label in labels) {
    if (!names.includes(label)) {
      throw new Error(`Added label "${label}" is not included in initial labelset: ${inspect(names)}`);
    }
  }
}

export class LabelSets {
  readonly #names: readonly string[];
  /** Label → text → the value that had this text and was none. */
  readonly #originals = new Map<string, Map<string, unknown>>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /**
   * What an instrument takes for these labels: undefined stands for no label, and whatever is no text becomes one here, so
   * that it is escaped like any other.
   */
  read(labels: AnyLabels): Labels {
    checkLabels(this.#names, labels);
    // Without a prototype, so that `__proto__` is a label like any other.
    const read: Record<string, string | number | boolean> = Object.create(null);
    for (const name of this.#names) {
      const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
      if (value === undefined) continue;
      if (typeof value !== 'string') this.#remember(name, value);
      // Not `String`, which takes a symbol as well.
      read[name] = isTaken(value) ? value : `${value}`;
    }
    return read;
  }

  readonly originalOf = (label: string, text: string): unknown => {
    const originals = this.#originals.get(label);
    return originals?.has(text) ? originals.get(text) : text;
  };

  #remember(name: string, value: unknown): void {
    if (typeof value !== 'number' && typeof value !== 'boolean') return;
    const originals = this.#originals.get(name) ?? new Map<string, unknown>();
    this.#originals.set(name, originals);
    originals.set(String(value), value);
  }

  forget(): void {
    this.#originals.clear();
  }
}

function isTaken(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}
