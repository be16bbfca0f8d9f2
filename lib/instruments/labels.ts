// What a label set looks like to callers, and how it is read when it is not known yet. The types make label sets exact
// at compile time; `readLabels` holds the same rules at run time, off the hot path.
import { isLabelName, isReservedLabelName, type NameRule } from '../model/names.js';

/** Anything else is refused, never stringified, so that nothing can be injected. Numbers must be finite. */
export type LabelValue = string | number | boolean;

export type Labels<Name extends string = string> = Readonly<Record<Name, LabelValue>>;

/** The label argument of a recording, and `More` behind it: exact where names were declared, optional where any are allowed, none for `never`. */
export type LabelArguments<Name extends string, More extends readonly unknown[] = []> = [Name] extends [never]
  ? [labels?: Readonly<Record<string, never>> | undefined, ...more: More]
  : string extends Name
    ? [labels?: Labels | undefined, ...more: More]
    : [labels: Labels<Name>, ...more: More];

/** Like `LabelArguments`, behind an amount that may be left out where no label has to follow. */
export type AmountArguments<Name extends string, More extends readonly unknown[] = []> = [Name] extends [never]
  ? [amount?: number | undefined, labels?: Readonly<Record<string, never>> | undefined, ...more: More]
  : string extends Name
    ? [amount?: number | undefined, labels?: Labels | undefined, ...more: More]
    : [amount: number | undefined, labels: Labels<Name>, ...more: More];

/** Why a label set cannot be used. */
export type LabelProblem =
  | { readonly reason: 'label_mismatch'; readonly given: string }
  | { readonly reason: 'invalid_label_value'; readonly label: string; readonly rule: string };

export interface LabelRules {
  /** Undefined where any names are allowed. */
  readonly declared: readonly string[] | undefined;
  /** Whether some of the declared names may be missing: then those that are there are the label set. */
  readonly partial?: boolean | undefined;
  readonly names: NameRule;
  /** Names that the metric's type writes itself, such as `le`. */
  readonly reserved: readonly string[];
  /** A label given with its default value is the default label, so that no two series look alike. */
  readonly defaults: ReadonlyMap<string, string>;
  readonly maxValueLength: number;
}

/** Names and values of one label set, in the order of the declared names, else sorted by name. */
export interface LabelSet {
  readonly names: readonly string[];
  readonly values: readonly LabelValue[];
  /** The names that callers have for them, in the same order, where that is another vocabulary. */
  readonly keys?: readonly string[] | undefined;
}

/** Reads label sets that are written in another vocabulary, such as the attributes of OpenTelemetry. */
export interface Labelling {
  /** Labels that all series have which are recorded under it. */
  readonly constantLabels: readonly (readonly [name: string, value: string])[];
  /** Whatever a caller gave, as labels of valid names in a fixed order. Never throws. */
  read(given: unknown, rules: LabelRules): LabelSet | LabelProblem;
}

/**
 * Reads a label set that a caller gave, whatever it is: own enumerable properties only, so that `__proto__` and
 * `constructor` are names like any other; a getter that throws is a refused value.
 */
export function readLabels(labels: unknown, rules: LabelRules): LabelSet | LabelProblem {
  if (labels === undefined) return readNames({}, [], rules);
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) {
    return {
      reason: 'label_mismatch',
      given: labels === null ? 'null' : Array.isArray(labels) ? 'an array' : typeof labels,
    };
  }
  try {
    return readNames(labels as Record<string, unknown>, Object.keys(labels), rules);
  } catch {
    return { reason: 'invalid_label_value', label: '(unknown)', rule: 'Reading it threw an error.' };
  }
}

function readNames(labels: Record<string, unknown>, keys: string[], rules: LabelRules): LabelSet | LabelProblem {
  const names = rules.declared ?? keys.sort();
  const exact = rules.declared !== undefined && rules.partial !== true;
  if (rules.partial === true) {
    if (!keys.every((name) => names.includes(name))) return mismatch(keys);
  } else if (exact) {
    if (keys.length !== names.length || !names.every((name) => Object.hasOwn(labels, name))) return mismatch(keys);
  } else if (!keys.every((name) => isFree(name, rules))) {
    return mismatch(keys);
  }
  const keptNames: string[] = [];
  const values: LabelValue[] = [];
  for (const name of names) {
    if (!exact && !Object.hasOwn(labels, name)) continue;
    const value = labels[name];
    const rule = refusal(value, rules.maxValueLength);
    if (rule !== undefined) return { reason: 'invalid_label_value', label: name, rule };
    // An empty value is the same as no label; labels that have to be there keep their column.
    if (!exact && (value === '' || rules.defaults.get(name) === String(value))) continue;
    keptNames.push(name);
    values.push(value as LabelValue);
  }
  return { names: exact ? names : keptNames, values };
}

/** Whether a name may be used by whoever records. */
function isFree(name: string, { names, reserved }: LabelRules): boolean {
  return isLabelName(name, names) && !isReservedLabelName(name) && !reserved.includes(name);
}

function refusal(value: unknown, maxLength: number): string | undefined {
  if (typeof value === 'string') {
    return value.length <= maxLength
      ? undefined
      : `It has ${value.length} characters, more than the ${maxLength} that limits.maxLabelValueLength allows.`;
  }
  if (typeof value === 'boolean' || Number.isFinite(value)) return undefined;
  return 'Label values are strings, finite numbers or booleans.';
}

function mismatch(keys: readonly string[]): LabelProblem {
  const shown = keys.slice(0, 20).map((key) => (key.length > 60 ? `${key.slice(0, 60)}…` : key));
  return {
    reason: 'label_mismatch',
    given: shown.length === 0 ? 'none' : `${shown.join(', ')}${keys.length > 20 ? ', …' : ''}`,
  };
}

/** The text of a label value as it is exposed: lone surrogates, which UTF-8 cannot carry, become U+FFFD. */
export function labelText(value: LabelValue): string {
  return typeof value === 'string' ? toWellFormed(value) : String(value);
}

// ES2024, present in every supported Node and not yet in the compiler's ES2023 library.
function toWellFormed(text: string): string {
  return (text as string & { toWellFormed(): string }).toWellFormed();
}
