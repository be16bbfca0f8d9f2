// Get or create: from what a caller says of a metric to its instrument. Everything is checked before anything is made,
// so that a refused definition leaves nothing behind.
import { MetricDefinitionError } from '../errors.js';
import type { RecordingContext } from '../instruments/context.js';
import { type AnyOptions, createInstrument, type Recipe } from '../instruments/create.js';
import {
  checkLabelNames,
  checkName,
  checkNumber,
  checkUnit,
  type LabelNameRules,
  reservedLabelsOf,
} from '../instruments/definition.js';
import type { Instrument } from '../instruments/instrument.js';
import type { Labelling, Labels } from '../instruments/labels.js';
import { type Registered, Registry } from '../instruments/registry.js';
import type { FamilyDescriptor } from '../model/family.js';
import { isLabelName } from '../model/names.js';
import type { CollectCallback } from './collection.js';
import { checkFixedValue, OWN_PREFIX } from './options.js';

export type AnyDefinition = AnyOptions & { readonly collect?: CollectCallback };

export class Definitions {
  readonly #prefix: string;
  readonly #context: RecordingContext;
  readonly #registry = new Registry();
  /** By the name that callers give, so that asking for an instrument again is a single look-up. */
  readonly #byGivenName = new Map<string, Registered>();

  constructor(prefix: string, context: RecordingContext) {
    this.#prefix = prefix;
    this.#context = context;
  }

  /** All metrics, in the order of their definition. */
  all(): IterableIterator<Registered> {
    return this.#registry.values();
  }

  define(recipe: Recipe, given: string, options: AnyDefinition | undefined): Instrument {
    const known = this.#byGivenName.get(given);
    if (options === undefined && known?.descriptor.type === recipe.type) return known.instrument;
    const { labels, ...rest } = options ?? {};
    const { instrument } = this.#getOrCreate(recipe, given, { options: rest, labels });
    if (labels === undefined) return instrument;
    instrument.family.startAtZero(labels);
    return instrument.labels(labels);
  }

  /**
   * Another instrument of a metric that is recorded in a vocabulary of its own: readers see its series with those of all
   * others of the name. The metric itself, which is made with the first of them, stays without series.
   */
  definePart(recipe: Recipe, given: string, options: AnyOptions & { readonly labelling: Labelling }): Instrument {
    const { labelling, maxSeries, keepsExtremes, ...rest } = options;
    const { instrument, descriptor } = this.#getOrCreate(recipe, given, {
      options: { ...rest, labelling: { read: (labels, rules) => labelling.read(labels, rules), constantLabels: [] } },
      labels: undefined,
    });
    if (instrument.family.labelling === undefined) {
      throw new MetricDefinitionError({
        kind: 'family_conflict',
        metric: descriptor.name,
        existing: `a ${descriptor.type} with labels of its own`,
        requested: `a ${descriptor.type} of OpenTelemetry`,
        resolution: 'Rename one of the two.',
      });
    }
    const made = { descriptor, labelNames: undefined, expireAfter: undefined, labelling, maxSeries, keepsExtremes };
    const part = createInstrument(recipe, this.#context, made, { ...recipe.defaults(rest), ...defined(rest) });
    instrument.family.addPart(part.family);
    return part;
  }

  /** @throws MetricDefinitionError `invalid_option` for a label value that no series can have. */
  checkFixedValues(labels: Labels): void {
    if (typeof labels !== 'object' || labels === null) {
      const rule = 'Give an object of label names and values.';
      throw new MetricDefinitionError({ kind: 'invalid_option', option: 'labels', value: String(labels), rule });
    }
    for (const [label, value] of Object.entries(labels)) {
      checkFixedValue(label, value, this.#context.maxLabelValueLength);
    }
  }

  #getOrCreate(
    recipe: Recipe,
    given: string,
    { options, labels }: { options: AnyOptions; labels: Labels | undefined },
  ): Registered {
    const { names } = this.#context;
    checkName(given, names);
    const internal = given.startsWith(OWN_PREFIX);
    const name = internal ? given : this.#prefix + given;
    const { labelNames } = options;
    // What two valid parts make can still be too long.
    checkName(name, names);
    if (labelNames !== undefined) checkLabelNames(name, labelNames, { names, reserved: [] });
    const asked = {
      type: recipe.type,
      unit: options.unit,
      'label names': labelNames && inWords(labelNames),
      expireAfter: options.expireAfter === undefined ? undefined : String(options.expireAfter),
    };
    const known = this.#registry.get(name, { ...asked, ...recipe.shape(options) });
    const full = { ...recipe.defaults(options), ...defined(options) };
    const descriptor = known?.descriptor ?? this.#descriptor(recipe, name, full);
    if (labels !== undefined) this.#checkFixed(descriptor, known?.instrument.family.labelNames ?? labelNames, labels);
    const registered = known ?? {
      descriptor,
      shape: { ...asked, ...recipe.shape(full) },
      instrument: createInstrument(
        recipe,
        this.#context,
        { descriptor, labelNames, expireAfter: options.expireAfter, internal, labelling: options.labelling },
        full,
      ),
    };
    if (known === undefined) {
      this.#registry.add(registered);
      if (labels === undefined && options.labelling === undefined) registered.instrument.family.showPlain();
    }
    this.#byGivenName.set(given, registered);
    return registered;
  }

  #descriptor(recipe: Recipe, name: string, options: AnyOptions): FamilyDescriptor {
    const unit = checkUnit(name, recipe.type, options.unit);
    const description = String(options.description ?? '');
    const descriptor = recipe.descriptor({ name, description, unit }, options);
    const rules = this.#rulesFor(descriptor);
    if (options.labelNames !== undefined) checkLabelNames(name, options.labelNames, rules);
    checkLabelNames(name, [...this.#context.defaultLabels.keys()], rules);
    checkNumber('expireAfter', options.expireAfter, 'Give seconds above 0.', (value) => value > 0);
    return descriptor;
  }

  #checkFixed(descriptor: FamilyDescriptor, declared: readonly string[] | undefined, labels: Labels): void {
    this.checkFixedValues(labels);
    checkLabelNames(descriptor.name, Object.keys(labels), this.#rulesFor(descriptor));
    const unknown = Object.keys(labels).find((label) => declared !== undefined && !declared.includes(label));
    if (unknown === undefined) return;
    const rule = `It is not among the labelNames of the metric: ${declared?.join(', ')}.`;
    throw new MetricDefinitionError({ kind: 'invalid_label_name', metric: descriptor.name, label: unknown, rule });
  }

  #rulesFor(descriptor: FamilyDescriptor): LabelNameRules {
    return { names: this.#context.names, reserved: reservedLabelsOf(descriptor) };
  }
}

/** Names in one order, each as it can be told from two with a comma between them. */
function inWords(names: readonly string[]): string {
  return [...names]
    .sort()
    .map((name) => (isLabelName(name) ? name : JSON.stringify(name)))
    .join(', ');
}

/** Options that are given as undefined leave the default in force. */
function defined(options: AnyOptions): AnyOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
