// How names of OpenTelemetry become names that every reader of Prometheus takes. Pure functions, as the specification has
// them; what happens when two names become one is decided where metrics are defined.
// Source: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
import { escapeName } from '../../model/escaping.js';
import { isMetricName } from '../../model/names.js';

/** What a name depends on: a counter ends in `_total`, and a gauge of unit 1 in `_ratio`. */
export interface NamedMetric {
  readonly name: string;
  readonly unit: string;
  /** A sum that may fall is a gauge to Prometheus, and yet no ratio. */
  readonly kind: 'counter' | 'sum' | 'gauge' | 'histogram';
}

const UNITS: ReadonlyMap<string, string> = new Map([
  ['d', 'days'],
  ['h', 'hours'],
  ['min', 'minutes'],
  ['s', 'seconds'],
  ['ms', 'milliseconds'],
  ['us', 'microseconds'],
  ['ns', 'nanoseconds'],
  ['By', 'bytes'],
  ['KiBy', 'kibibytes'],
  ['MiBy', 'mebibytes'],
  ['GiBy', 'gibibytes'],
  ['TiBy', 'tibibytes'],
  ['KBy', 'kilobytes'],
  ['MBy', 'megabytes'],
  ['GBy', 'gigabytes'],
  ['TBy', 'terabytes'],
  ['m', 'meters'],
  ['V', 'volts'],
  ['A', 'amperes'],
  ['J', 'joules'],
  ['W', 'watts'],
  ['g', 'grams'],
  ['Cel', 'celsius'],
  ['Hz', 'hertz'],
  ['%', 'percent'],
]);

const PER_UNITS: ReadonlyMap<string, string> = new Map([
  ['s', 'second'],
  ['m', 'minute'],
  ['h', 'hour'],
  ['d', 'day'],
  ['w', 'week'],
  ['mo', 'month'],
  ['y', 'year'],
]);

/** The unit in the words of Prometheus, as parts of a name: `By/s` is bytes, per, second. */
function unitWords({ unit, kind }: NamedMetric): readonly string[] {
  if (unit === '1') return kind === 'gauge' ? ['ratio'] : [];
  const slash = unit.indexOf('/');
  const [main, per] = slash < 0 ? [unit, ''] : [unit.slice(0, slash), unit.slice(slash + 1)];
  const words = wordsOf(main === '1' ? '' : main, UNITS);
  const perWords = wordsOf(per, PER_UNITS);
  return perWords.length === 0 ? words : [...words, 'per', ...perWords];
}

/** What stands in braces is a remark and no unit. */
function wordsOf(unit: string, known: ReadonlyMap<string, string>): readonly string[] {
  const text = unit.trim();
  return text.includes('{') ? [] : partsOf(known.get(text) ?? text);
}

const partsOf = (name: string): string[] => name.split(/[^a-zA-Z0-9]+/).filter((part) => part !== '');

/**
 * The name in Prometheus: underscores between its parts, then the unit unless the name has it already, then `total`.
 *
 * @example
 * metricName({ name: 'http.server.request.duration', unit: 's', kind: 'histogram' });
 * // http_server_request_duration_seconds
 */
export function metricName(metric: NamedMetric): string {
  const ending = endingOf(metric);
  const parts = partsOf(metric.name).filter((part) => part !== ending);
  const words = metric.unit === '1' ? [] : unitWords(metric);
  const per = words.indexOf('per');
  const [main, perUnit] = per < 0 ? [words, []] : [words.slice(0, per), words.slice(per)];
  if (!isWithin(main, parts)) parts.push(...main);
  if (!isWithin(perUnit.slice(1), parts)) parts.push(...perUnit);
  if (ending !== undefined) parts.push(ending);
  const name = parts.join('_');
  return isMetricName(name) ? name : `_${name}`;
}

function isWithin(words: readonly string[], parts: readonly string[]): boolean {
  return words.every((word) => parts.includes(word));
}

function endingOf({ unit, kind }: NamedMetric): string | undefined {
  if (kind === 'counter') return 'total';
  return unit === '1' && kind === 'gauge' ? 'ratio' : undefined;
}

/** The unit that a name ends in, in words; empty where it ends in none. */
export function unitOf(name: string, metric: NamedMetric): string {
  const unit = unitWords(metric).join('_');
  return unit !== '' && name.replace(/_total$/, '').endsWith(`_${unit}`) ? unit : '';
}

/** Names to try one after the other, the later ones for metrics that another one has left without theirs. */
export function* candidateNames(metric: NamedMetric, instrument: string): Generator<string> {
  yield metricName(metric);
  if (!isMetricName(metric.name) && metric.name !== '' && metric.name.isWellFormed()) {
    const ending = [...unitWords(metric), ...(metric.kind === 'counter' ? ['total'] : [])];
    yield [escapeName(metric.name, 'values'), ...ending].join('_');
  }
  yield metricName({ ...metric, name: `${metric.name}_${instrument}` });
  for (let number = 2; number < 100; number++) yield metricName({ ...metric, name: `${metric.name}_${number}` });
}

/**
 * The label for an attribute: underscores for what labels cannot have, and `key` before a name that would not be one, or be
 * one of Prometheus' own.
 */
export function labelName(attribute: string): string {
  const name = attribute.replace(/[^a-zA-Z0-9_]/g, '_');
  if (name === '' || /^[0-9]/.test(name)) return `key_${name}`;
  return name.startsWith('_') ? `key${name}` : name;
}

/** The unit in the notation of OpenTelemetry for one in the words of Prometheus. */
export function ucumUnit(word: string): string {
  if (word === 'ratio') return '1';
  for (const [unit, known] of UNITS) if (known === word) return unit;
  return word;
}
