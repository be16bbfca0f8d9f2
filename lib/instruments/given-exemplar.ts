// The exemplar that a caller gives along with a recording, read whatever it is. Off the hot path, and apart from the labels
// of series, which follow other rules.
import { MOST_EXEMPLAR_CODE_POINTS } from '../model/exemplar.js';
import { newLabelSet, type Labels as TextLabels } from '../model/label-set.js';
import { isLabelName, isReservedLabelName } from '../model/names.js';
import { type Labels, type LabelValue, labelText } from './labels.js';

/** What may be said about a single recording. */
export interface RecordingOptions {
  /**
   * What led to this recording, such as the trace in which it was made. At most 128 characters over all names and values;
   * an exemplar that cannot be taken is left out, counted and told to `onError`, and the recording counts all the same.
   */
  readonly exemplar?: Labels | undefined;
}

/** The last argument of recordings that take exemplars. */
export type OptionsArgument = [options?: RecordingOptions | undefined];

/** Why an exemplar cannot be taken, and what to do. */
export interface ExemplarProblem {
  readonly rule: string;
}

const NO_LABELS: ExemplarProblem = { rule: "Give an object of labels, as in { exemplar: { trace_id: '…' } }." };
const INVALID_NAME: ExemplarProblem = {
  rule: 'A label name has letters, digits and underscores, and starts neither with a digit nor with two underscores.',
};
const INVALID_VALUE: ExemplarProblem = { rule: 'Label values are strings, finite numbers or booleans.' };
/** In values of labels it is allowed, but within an exemplar Prometheus' parser ends there, which costs the whole scrape. */
const ENDS_TEXTS: ExemplarProblem = { rule: 'Its values must not have the character U+0000.' };
const TOO_LONG: ExemplarProblem = {
  rule: `Its names and values have more than ${MOST_EXEMPLAR_CODE_POINTS} characters together; give an id instead of a text.`,
};

/** The labels of the exemplar that these options ask for, undefined where they ask for none. */
export function givenExemplar(options: unknown): { readonly labels: TextLabels } | ExemplarProblem | undefined {
  try {
    const exemplar = (options as { readonly exemplar?: unknown } | null | undefined)?.exemplar;
    return exemplar === undefined ? undefined : read(exemplar);
  } catch {
    return { rule: 'Reading it threw an error.' };
  }
}

function read(exemplar: unknown): { readonly labels: TextLabels } | ExemplarProblem {
  if (typeof exemplar !== 'object' || exemplar === null || Array.isArray(exemplar)) return NO_LABELS;
  const labels = newLabelSet();
  let length = 0;
  for (const name of Object.keys(exemplar)) {
    if (!isLabelName(name) || isReservedLabelName(name)) return INVALID_NAME;
    const value = (exemplar as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== 'string' && typeof value !== 'boolean' && !Number.isFinite(value)) return INVALID_VALUE;
    const text = labelText(value as LabelValue);
    length += name.length + codePoints(text);
    if (length > MOST_EXEMPLAR_CODE_POINTS) return TOO_LONG;
    if (text.includes('\0')) return ENDS_TEXTS;
    labels[name] = text;
  }
  return { labels };
}

/** How many code points a text has; of one that is far too long, more than are allowed. */
function codePoints(text: string): number {
  if (text.length > 2 * MOST_EXEMPLAR_CODE_POINTS) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}
