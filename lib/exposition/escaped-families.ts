// Families as one escaping shows them: with classic names in place of others. It stands before the encoders, so that each of
// them writes the names that it is given. Families whose names are classic come through as they are.
//
// Nothing is lost where two names become one: all of those that were escaped get the scheme `values` instead, which keeps
// names apart. It depends on which names there are and not on their order.
import { claimedNames } from '../model/claimed-names.js';
import { type Escaping, escapeLabelName, escapeName } from '../model/escaping.js';
import type { FamilyDescriptor, LabelDictionary, MetricFamily, SeriesBlock, Snapshot } from '../model/family.js';
import { isLabelName, isMetricName, isReservedLabelName } from '../model/names.js';

/** Names by what they were. */
type Shown = ReadonlyMap<string, string>;

/**
 * Families whose names are all classic, unless the escaping is `allow-utf-8`.
 *
 * Cost: a look at each name, per walk; what follows from a name is kept with its descriptor or its dictionary.
 */
export function escapedFamilies(families: Iterable<MetricFamily>, escaping: Escaping): Iterable<MetricFamily> {
  if (escaping === 'allow-utf-8') return families;
  const all = [...families];
  const names = shownFamilyNames(all, escaping);
  return all.map((family) => new EscapedFamily(family, names?.get(family.descriptor.name), escaping));
}

class EscapedFamily implements MetricFamily {
  readonly descriptor: FamilyDescriptor;
  readonly #family: MetricFamily;
  readonly #escaping: Escaping;

  constructor(family: MetricFamily, name: string | undefined, escaping: Escaping) {
    this.#family = family;
    this.#escaping = escaping;
    this.descriptor = name === undefined ? family.descriptor : renamed(family.descriptor, name);
  }

  /** Asked anew each time, because it may come true during a walk over others. */
  get observedNegative(): boolean {
    return this.#family.observedNegative;
  }

  blocks(): Iterable<SeriesBlock> {
    return new EscapedBlocks(this.#family, this.descriptor, this.#escaping);
  }
}

/** One walk. No generator, which would cost a family of one series a tenth of its time. */
class EscapedBlocks implements IterableIterator<SeriesBlock> {
  readonly #family: MetricFamily;
  readonly #descriptor: FamilyDescriptor;
  readonly #escaping: Escaping;
  readonly #blocks: Iterator<SeriesBlock>;
  #names: Shown | undefined;

  constructor(family: MetricFamily, descriptor: FamilyDescriptor, escaping: Escaping) {
    this.#family = family;
    this.#descriptor = descriptor;
    this.#escaping = escaping;
    this.#blocks = family.blocks()[Symbol.iterator]();
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<SeriesBlock> {
    const step = this.#blocks.next();
    if (step.done === true || hasClassicLabels(step.value)) return step;
    this.#names ??= shownLabelNames(this.#family, this.#descriptor, this.#escaping);
    return { done: false, value: withLabelNames(step.value, this.#names) };
  }

  return(): IteratorResult<SeriesBlock> {
    this.#blocks.return?.();
    return { done: true, value: undefined };
  }
}

/** The same of a snapshot, whose families show the same blocks with each walk; itself where all names are classic. */
export function escapedSnapshot(snapshot: Snapshot, escaping: Escaping): Snapshot {
  const { timestampMs, families } = snapshot;
  if (escaping === 'allow-utf-8' || families.every(hasClassicNames)) return snapshot;
  return {
    timestampMs,
    families: [...escapedFamilies(families, escaping)].map((family) => {
      const blocks = [...family.blocks()];
      return { descriptor: family.descriptor, observedNegative: family.observedNegative, blocks: () => blocks };
    }),
  };
}

function hasClassicNames(family: MetricFamily): boolean {
  if (!isMetricName(family.descriptor.name)) return false;
  for (const block of family.blocks()) if (!hasClassicLabels(block)) return false;
  return true;
}

/** New names for families that need one; undefined where none does. */
function shownFamilyNames(families: readonly MetricFamily[], escaping: Escaping): Shown | undefined {
  const descriptors = families.map(({ descriptor }) => descriptor);
  const foreign = descriptors.filter(({ name }) => !isMetricName(name));
  if (foreign.length === 0) return undefined;
  const taken = descriptors
    .filter(({ name }) => isMetricName(name))
    .flatMap(({ name, type }) => claimedNames(name, type));
  const renamings = foreign.map(({ name, type }) => ({
    name,
    escaped: escapeName(name, escaping),
    apart: escapeName(name, 'values'),
    claims: (shown: string) => claimedNames(shown, type),
  }));
  return keptApart(renamings, new Set(taken));
}

/** New names for the labels of a family that need one. */
function shownLabelNames(family: MetricFamily, { name, type }: FamilyDescriptor, escaping: Escaping): Shown {
  const names = new Set<string>(type === 'stateset' ? [name] : []);
  for (const { dictionaries, constantLabels } of family.blocks()) {
    for (const dictionary of dictionaries) names.add(dictionary.name);
    for (const [constant] of constantLabels) names.add(constant);
  }
  const foreign = [...names].filter((one) => !isLabelName(one));
  const renamings = foreign.map((one) => ({
    name: one,
    escaped: escapeLabelName(one, escaping),
    apart: escapeLabelName(one, 'values'),
    claims: (shown: string) => [shown],
  }));
  return keptApart(renamings, names);
}

interface Renaming {
  readonly name: string;
  readonly escaped: string;
  /** What it is shown as where something else has that name. */
  readonly apart: string;
  /** All names that are taken up by whatever is shown under this one. */
  claims(shown: string): readonly string[];
}

function keptApart(renamings: readonly Renaming[], taken: ReadonlySet<string>): Shown {
  const uses = new Map<string, number>();
  for (const { escaped, claims } of renamings) {
    for (const claim of claims(escaped)) uses.set(claim, (uses.get(claim) ?? 0) + 1);
  }
  const used = new Set(taken);
  const isUsed = (claim: string): boolean => used.has(claim);
  return new Map(
    renamings.map(({ name, escaped, apart, claims }) => {
      // Names with two leading underscores belong to Prometheus.
      const isAlone = claims(escaped).every((claim) => uses.get(claim) === 1 && !taken.has(claim));
      let shown = isAlone && !isReservedLabelName(escaped) ? escaped : apart;
      // Somebody may have chosen this very name, if only to do harm.
      while (claims(shown).some(isUsed)) shown += '_';
      for (const claim of claims(shown)) used.add(claim);
      return [name, shown];
    }),
  );
}

function hasClassicLabels({ dictionaries, constantLabels }: SeriesBlock): boolean {
  for (const { name } of dictionaries) if (!isLabelName(name)) return false;
  for (const [name] of constantLabels) if (!isLabelName(name)) return false;
  return true;
}

function withLabelNames(block: SeriesBlock, names: Shown): SeriesBlock {
  return {
    ...block,
    dictionaries: block.dictionaries.map((dictionary) => {
      const name = names.get(dictionary.name);
      return name === undefined ? dictionary : renamed(dictionary, name);
    }),
    constantLabels: block.constantLabels.map(([name, value]) => [names.get(name) ?? name, value]),
  };
}

/** What readers keep with a descriptor or a dictionary, they find again under the same object. */
const renamings = new WeakMap<object, Map<string, object>>();

/** Of an object that is what it is but for its name. */
function renamed<T extends FamilyDescriptor | LabelDictionary>(original: T, name: string): T {
  let known = renamings.get(original) as Map<string, T> | undefined;
  if (known === undefined) {
    known = new Map();
    renamings.set(original, known);
  }
  let copy = known.get(name);
  if (copy === undefined) {
    copy =
      'values' in original ? (new RenamedDictionary(original, name) as LabelDictionary as T) : { ...original, name };
    known.set(name, copy);
  }
  return copy;
}

/** Shares the values of a dictionary, which may become more. */
class RenamedDictionary implements LabelDictionary {
  readonly name: string;
  readonly #original: LabelDictionary;

  constructor(original: LabelDictionary, name: string) {
    this.name = name;
    this.#original = original;
  }

  get values(): readonly string[] {
    return this.#original.values;
  }
}
