// The metrics of one collector by name: get or create, and the conflicts between definitions, with both sides and how
// to resolve them.
import { MetricDefinitionError } from '../errors.js';
import { claimedNames } from '../model/claimed-names.js';
import type { FamilyDescriptor } from '../model/family.js';
import type { Instrument } from './instrument.js';

/** What was asked for in words, to be compared and shown: only what the caller said. */
export type Shape = Readonly<Record<string, string | undefined>>;

export interface Registered {
  readonly instrument: Instrument;
  readonly descriptor: FamilyDescriptor;
  readonly shape: Shape;
}

export class Registry {
  readonly #byName = new Map<string, Registered>();
  /** Sample name → name of the metric that exposes it. */
  readonly #claims = new Map<string, string>();

  /** The metric of this name, if it is of the same type and agrees with everything that is asked for now. */
  get(name: string, asked: Shape): Registered | undefined {
    const known = this.#byName.get(name);
    if (known === undefined) return undefined;
    for (const [aspect, wanted] of Object.entries(asked)) {
      if (wanted === undefined || wanted === known.shape[aspect]) continue;
      throw new MetricDefinitionError({
        kind: 'family_conflict',
        metric: name,
        existing: inWords(aspect, known.shape),
        requested: inWords(aspect, asked),
        resolution: `Give both definitions the same ${aspect}, share one instrument, or rename one of them.`,
      });
    }
    return known;
  }

  /** Enters a metric, unless one of its names is exposed by another. */
  add(registered: Registered): void {
    const { name, type } = registered.descriptor;
    const claims = claimedNames(name, type);
    for (const claim of claims) {
      const owner = this.#claims.get(claim);
      if (owner === undefined) continue;
      const existing = this.#byName.get(owner) as Registered;
      throw new MetricDefinitionError({
        kind: 'family_conflict',
        metric: name,
        existing: `the ${existing.descriptor.type} ${owner}, which exposes ${claim}`,
        requested: `a ${type} that exposes ${claim} as well`,
        resolution: 'Rename one of the two.',
      });
    }
    for (const claim of claims) this.#claims.set(claim, name);
    this.#byName.set(name, registered);
  }

  values(): IterableIterator<Registered> {
    return this.#byName.values();
  }
}

function inWords(aspect: string, shape: Shape): string {
  const value = shape[aspect];
  if (aspect === 'type') return `a ${shape.type}`;
  return value === ''
    ? `a ${shape.type} without ${aspect}`
    : `a ${shape.type} with the ${aspect} ${value ?? 'left open'}`;
}
