// The grouping key of a Pushgateway: which group of metrics a push is about. Checked when it is given, because the gateway
// would refuse it with every push, or take it for another one.
import { type GroupingKeyError, MetricDefinitionError } from '../../lib/errors.js';
import { isLabelName, isReservedLabelName, labelNameRule } from '../../lib/model/names.js';

/** Labels besides the job that tell groups apart, such as `{ instance: 'a' }`; as pairs where their order matters. */
export type GroupingKey =
  | Readonly<Record<string, GroupingValue>>
  | readonly (readonly [name: string, value: GroupingValue])[];
export type GroupingValue = string | number | boolean;

/** A job is named, not described: what is longer is some other text that came here by mistake. */
const LONGEST_JOB_NAME = 255;
/** Servers and proxies take request lines of 8 KB, and the URL of the gateway needs some of it. */
const LONGEST_PATH = 7000;
const OWN_LABELS = new Set(['le', 'quantile']);

/** A checked key. */
export interface CheckedKey {
  /** With the job, in the order of the path. */
  readonly names: readonly string[];
  /** Below the URL of the gateway. */
  readonly path: string;
}

/** Throws a `MetricDefinitionError` (`invalid_grouping_key`). */
export function groupingKey(jobName: string, given: GroupingKey = {}): CheckedKey {
  if (typeof jobName !== 'string' || jobName === '')
    refuse('job', 'Give the name of the job as a text that is not empty.');
  if (jobName.length > LONGEST_JOB_NAME) {
    refuse('job', `It has ${jobName.length} characters: give the job a name of at most ${LONGEST_JOB_NAME}.`);
  }
  if (typeof given !== 'object' || given === null) refuse('job', 'Give the other labels as an object or as pairs.');
  const entries = Array.isArray(given)
    ? (given as readonly (readonly [string, GroupingValue])[])
    : Object.entries(given);
  const names = ['job'];
  let path = `/metrics${segments('job', jobName)}`;
  for (const entry of entries) {
    if (!Array.isArray(entry)) refuse('job', 'Give the other labels as an object or as pairs.');
    const [name, value] = entry;
    checkName(name, names);
    names.push(name);
    path += segments(name, textOf(name, value));
  }
  if (path.length > LONGEST_PATH) {
    refuse(
      names.at(-1) as string,
      `The path of the group has ${path.length} characters: keep it below ${LONGEST_PATH}.`,
    );
  }
  return { names, path };
}

function checkName(name: string, names: readonly string[]): void {
  if (typeof name !== 'string' || !isLabelName(name)) refuse(String(name), labelNameRule());
  if (isReservedLabelName(name)) refuse(name, 'Names with two leading underscores belong to Prometheus.');
  if (OWN_LABELS.has(name)) refuse(name, 'Histograms and summaries have this label themselves: choose another name.');
  if (name === 'job') refuse(name, 'The job is given as jobName: leave it out here.');
  if (names.includes(name)) refuse(name, 'It is given twice: a group has each label once.');
}

function textOf(name: string, value: GroupingValue): string {
  const isFine = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
  return isFine ? String(value) : refuse(name, 'A value is a text, a finite number or a boolean.');
}

/**
 * `/name/value`, or `/name@base64/value` where the value cannot stand in a path: a slash is one even when it is escaped, an
 * empty value is no segment, and dots are resolved on the way.
 *
 * Source: https://github.com/prometheus/pushgateway#url
 */
function segments(name: string, value: string): string {
  if (!value.isWellFormed()) refuse(name, 'The value has half of a surrogate pair in it: give well-formed text.');
  if (value === '') return `/${name}@base64/=`;
  if (value.includes('/') || value === '.' || value === '..') {
    return `/${name}@base64/${Buffer.from(value).toString('base64url')}`;
  }
  return `/${name}/${encodeURIComponent(value)}`;
}

function refuse(label: string, rule: string): never {
  const detail: GroupingKeyError = { kind: 'invalid_grouping_key', label, rule };
  throw new MetricDefinitionError(detail);
}
