// Attributes as labels. Reading them costs a microsecond and happens once per series: from then on a recording finds its series
// by the attributes as they are, without a copy.
import type { Labelling, LabelProblem, LabelRules, LabelSet, LabelValue } from '../../instruments/labels.js';
import { labelName } from './names.js';

/** Names are translated once each, up to this many: nobody has more, and who makes some up shall not fill the memory. */
const MOST_NAMES = 10_000;
/** Attributes that are lists are told as JSON; a longer list is some other data that came here by mistake. */
const MOST_ELEMENTS = 128;

const names = new Map<string, string>();

/** What a meter calls itself. */
interface MeterScope {
  readonly name: string;
  readonly version?: string | undefined;
  readonly schemaUrl?: string | undefined;
}

interface Label {
  readonly name: string;
  readonly key: string;
  readonly value: LabelValue;
}

/** Says how the attributes of one meter become labels. */
export class AttributeLabelling implements Labelling {
  readonly constantLabels: readonly (readonly [string, string])[];
  readonly #taken: ReadonlySet<string>;

  /** @param constantLabels - Those of the meter, which no attribute may take. */
  constructor(constantLabels: readonly (readonly [string, string])[]) {
    this.constantLabels = constantLabels;
    this.#taken = new Set(constantLabels.map(([name]) => name));
  }

  read(given: unknown, rules: LabelRules): LabelSet | LabelProblem {
    if (given === undefined || given === null) return { names: [], values: [], keys: [] };
    if (typeof given !== 'object' || Array.isArray(given)) {
      return { reason: 'label_mismatch', given: Array.isArray(given) ? 'an array' : typeof given };
    }
    try {
      return this.#read(given as Readonly<Record<string, unknown>>, rules);
    } catch {
      return { reason: 'invalid_label_value', label: '(unknown)', rule: 'Reading the attributes threw an error.' };
    }
  }

  #read(attributes: Readonly<Record<string, unknown>>, rules: LabelRules): LabelSet | LabelProblem {
    const keys = Object.keys(attributes).sort();
    const labels: Label[] = [];
    for (const key of keys) {
      const value = labelValue(attributes[key]);
      if (value === undefined || (typeof value === 'string' && value.length > rules.maxValueLength)) {
        return { reason: 'invalid_label_value', label: key, rule: ruleFor(value, rules) };
      }
      const name = this.#nameOf(key, rules);
      // An empty value is the same as no label, and a label with its default value is the default label.
      if (value !== '' && rules.defaults.get(name) !== String(value)) labels.push({ name, key, value });
    }
    labels.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const joined = withoutTwins(labels);
    return {
      names: joined.map(({ name }) => name),
      values: joined.map(({ value }) => value),
      keys: joined.map(({ key }) => key),
    };
  }

  #nameOf(key: string, { reserved }: LabelRules): string {
    let name = names.get(key);
    if (name === undefined) {
      name = labelName(key);
      if (names.size < MOST_NAMES) names.set(key, name);
    }
    return this.#taken.has(name) || reserved.includes(name) ? `exported_${name}` : name;
  }
}

/** Attributes whose names become one are one label with both values, in the order of their own names. */
function withoutTwins(labels: readonly Label[]): readonly Label[] {
  const joined: Label[] = [];
  for (const label of labels) {
    const last = joined.at(-1);
    if (last?.name !== label.name) joined.push(label);
    else joined[joined.length - 1] = { name: label.name, key: label.name, value: `${last.value};${label.value}` };
  }
  return joined;
}

/** Undefined where an attribute cannot have such a value, empty where it counts as not given. */
function labelValue(value: unknown): LabelValue | undefined {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (!Array.isArray(value) || value.length > MOST_ELEMENTS || !value.every(isElement)) return undefined;
  return JSON.stringify(value);
}

function isElement(element: unknown): boolean {
  return element === undefined || element === null || ['string', 'boolean', 'number'].includes(typeof element);
}

function ruleFor(value: LabelValue | undefined, { maxValueLength }: LabelRules): string {
  return value === undefined
    ? `Attributes are strings, numbers, booleans, or lists of at most ${MOST_ELEMENTS} of them.`
    : `It is longer than the ${maxValueLength} characters that limits.maxLabelValueLength allows.`;
}

/** Labels that keep meters apart. */
export function scopeLabels({ name, version = '', schemaUrl = '' }: MeterScope): [string, string][] {
  const labels: [string, string][] = [
    ['otel_scope_name', name],
    ['otel_scope_version', version],
    ['otel_scope_schema_url', schemaUrl],
  ];
  return labels.filter(([, value]) => value !== '').map(([label, value]) => [label, value.toWellFormed()]);
}
