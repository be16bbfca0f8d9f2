// What must not stand as it is inside label values and help texts. One place, because an escape that is forgotten lets
// whoever chooses a label value or a name make up series.
import { isLabelName, isMetricName } from '../model/names.js';
import { utf8Room, writeUtf8 } from './bytes.js';
import type { LabelForm } from './label-columns.js';

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/** A label as both text formats show it. */
export function labelText(name: string, value: string): string {
  return `${isLabelName(name) ? name : quoted(name)}="${escapeQuoted(value)}"`;
}

/** A metric name in a comment line: in quotes where it is not classic. */
export function metricNameText(name: string): string {
  return isMetricName(name) ? name : quoted(name);
}

/** What stands before the first label of a sample. A name in quotes stands among the labels. */
export function openingText(name: string): string {
  return isMetricName(name) ? `${name}{` : `{${quoted(name)},`;
}

/** A sample without labels, up to its value. */
export function bareText(name: string): string {
  return isMetricName(name) ? name : `{${quoted(name)}}`;
}

/** Labels in both text formats. */
export const textLabels: LabelForm = {
  separator: ',',
  room: (name, value) => utf8Room(labelText(name, value)),
  write: (target, at, name, value) => writeUtf8(target, at, labelText(name, value)),
};

/** Text between quotes, and the help texts of OpenMetrics. */
export function escapeQuoted(text: string): string {
  return /[\\"\n]/.test(text) ? text.replace(/[\\"\n]/g, escapeOf) : text;
}

/** Help texts of the classic format, which leaves quotes alone. */
export function escapeClassicHelp(text: string): string {
  return text.replace(/[\\\n]/g, escapeOf);
}

function quoted(name: string): string {
  return `"${escapeQuoted(name)}"`;
}

function escapeOf(character: string): string {
  return ESCAPES[character]!;
}
