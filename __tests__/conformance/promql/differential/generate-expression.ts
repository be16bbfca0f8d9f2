// Makes PromQL expressions of the metrics in `recorded-hour.ts`: any operator, aggregation and function, nested a few times,
// typed so that most of them can be answered. What jumps with the last bit of a float (rounding, equality of sums) is only
// put over whole samples, where both engines have the very same numbers.
import type { Random } from './random.js';

const SELECTORS = [
  'requests_total',
  'requests_total{job="shop"}',
  'requests_total{status=~"5.."}',
  'requests_total{instance!~"a|b",method="GET"}',
  'queue_depth',
  'queue_depth{job!="shop"}',
  'temperature_celsius',
  'build_info',
  'quota',
  'late_total',
  'gone_total',
  '{__name__=~"queue_depth|temperature_celsius"}',
  'nothing_at_all',
];
const COUNTERS = [
  'requests_total',
  'requests_total{job="bank"}',
  'late_total',
  'gone_total',
  'duration_seconds_bucket',
  'duration_seconds_count',
  'duration_seconds_sum',
];
const RANGES = ['1m', '2m', '5m', '7m30s', '20m', '1h'];
const COUNTING = ['rate', 'increase', 'irate', 'resets', 'changes'];
const OVER_TIME = ['avg', 'min', 'max', 'sum', 'count', 'stddev', 'stdvar', 'last', 'present'].map(
  (name) => `${name}_over_time`,
);
const GAUGING = ['delta', 'idelta', 'deriv', 'changes'];
const EXACT = ['abs', 'ceil', 'floor', 'sgn', '-'];
const SMOOTH = [
  'abs',
  'sqrt',
  'exp',
  'ln',
  'log2',
  'log10',
  'sin',
  'cos',
  'tan',
  'asinh',
  'atan',
  'sinh',
  'cosh',
  'tanh',
  'deg',
  'rad',
  '-',
  '+',
];
const LABELS = ['job', 'instance', 'method', 'status', 'room', 'le'];
const SCALARS = ['0', '1', '2.5', '-3', '1e3', 'pi()', 'time()', 'scalar(quota{job="shop"})', '(2 ^ 3 % 5)'];

export function generateExpression(random: Random): string {
  return random.chance(0.06) ? scalar(random) : vector(random, 1 + random.integer(3));
}

function vector(random: Random, depth: number): string {
  if (depth <= 0) return random.chance(0.6) ? selector(random) : overRange(random);
  const inner = (): string => vector(random, depth - 1);
  switch (random.integer(10)) {
    case 0:
    case 1:
      return aggregation(random, inner());
    case 2:
      return `(${inner()}) ${random.oneOf(['+', '-', '*', '/', 'atan2'])} ${matching(random)}(${inner()})`;
    case 3:
      return `(${inner()}) ${random.oneOf(['*', '+', '/', '>', '<', '<= bool', '> bool'])} ${scalar(random)}`;
    case 4:
      return `${scalar(random)} ${random.oneOf(['-', '*', '/', '< bool', '>='])} (${inner()})`;
    case 5:
      return `(${inner()}) ${random.oneOf(['and', 'or', 'unless'])} ${setMatching(random)}(${inner()})`;
    case 6:
      return call(random, random.oneOf(SMOOTH), inner());
    case 7:
      return labelled(random, inner());
    case 8:
      return overSubquery(random, inner());
    default:
      return special(random, inner);
  }
}

function selector(random: Random): string {
  const name = random.oneOf(SELECTORS);
  if (random.chance(0.15)) return `${name} offset ${random.oneOf(['1m', '10m', '-5m', '47s'])}`;
  if (random.chance(0.08)) return `${name} @ ${random.oneOf(['end()', 'start()', '1767227000.5'])}`;
  if (random.chance(0.15)) return call(random, random.oneOf(EXACT), name);
  if (random.chance(0.1)) return `round(${name}, ${random.oneOf(['5', '0.5', '10'])})`;
  if (random.chance(0.08))
    return `(${name} ${random.oneOf(['==', '!=', '% 7 ==', '>'])} ${random.oneOf(['1', '0', '3'])})`;
  return name;
}

function overRange(random: Random): string {
  const range = random.oneOf(RANGES);
  const offset = random.chance(0.1) ? ' offset 3m' : '';
  const counter = `${random.oneOf(COUNTERS)}[${range}]${offset}`;
  const any = `${random.oneOf(SELECTORS)}[${range}]${offset}`;
  switch (random.integer(7)) {
    case 0:
    case 1:
    case 2:
      return `${random.oneOf(COUNTING)}(${counter})`;
    case 3:
      return `${random.oneOf(OVER_TIME)}(${any})`;
    case 4:
      return `${random.oneOf(GAUGING)}(${any})`;
    case 5:
      return `quantile_over_time(${random.oneOf(['0.5', '0.9', '0', '1', '0.33'])}, ${any})`;
    default:
      return `predict_linear(${any}, ${random.oneOf(['60', '3600', '-300'])})`;
  }
}

function overSubquery(random: Random, inner: string): string {
  // The window of a subquery within another would begin on the grid of its own steps, where left-open and left-closed differ.
  if (/:\w*\]/.test(inner)) return aggregation(random, inner);
  const range = `[${random.oneOf(['5m', '17m', '30m'])}:${random.oneOf(['1m', '47s', '', '3m'])}]`;
  return `${random.oneOf(['avg_over_time', 'max_over_time', 'sum_over_time', 'count_over_time', 'last_over_time', 'deriv'])}((${inner})${range})`;
}

function aggregation(random: Random, inner: string): string {
  const by = random.chance(0.25) ? '' : ` ${random.oneOf(['by', 'without'])} (${someLabels(random)})`;
  switch (random.integer(6)) {
    case 0:
      return `${random.oneOf(['topk', 'bottomk'])}${by} (${1 + random.integer(3)}, ${selectorOfDistinct(random)})`;
    case 1:
      return `quantile${by} (${random.oneOf(['0.5', '0.95', '0', '1', '1.5'])}, ${inner})`;
    case 2:
      return `count_values${by} ("value", ${random.oneOf(['build_info', 'quota', 'requests_total{job="bank"} > 50'])})`;
    default:
      return `${random.oneOf(['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'])}${by} (${inner})`;
  }
}

/** Series that never have equal values, of which either could be among the first. */
function selectorOfDistinct(random: Random): string {
  return random.oneOf(['temperature_celsius', 'rate(duration_seconds_sum[5m])', 'duration_seconds_sum']);
}

function labelled(random: Random, inner: string): string {
  // A label of its own keeps series apart: Prometheus 2 overlooks those that become equal here, 3 refuses them.
  const [from, to] = [random.oneOf(LABELS), random.oneOf(['zone', 'new'])];
  return random.chance(0.5)
    ? `label_replace(${inner}, "${to}", "${random.oneOf(['$1', '$1-x', 'fixed', ''])}", "${from}", "${random.oneOf(['(.*)', '(.).*', 'G(.*)'])}")`
    : `label_join(${inner}, "${to}", "${random.oneOf(['-', '', '/'])}", "${from}", "${random.oneOf(LABELS)}")`;
}

function special(random: Random, inner: () => string): string {
  switch (random.integer(9)) {
    case 0:
      return `histogram_quantile(${random.oneOf(['0.5', '0.9', '0.99', '0', '1'])}, sum by (le${random.chance(0.5) ? ', job' : ''}) (rate(duration_seconds_bucket[${random.oneOf(RANGES)}])))`;
    case 1:
      return `absent(${inner()})`;
    case 2:
      return `absent_over_time(${random.oneOf(SELECTORS)}[${random.oneOf(RANGES)}])`;
    case 3:
      return `${random.oneOf(['clamp_min', 'clamp_max'])}(${inner()}, ${scalar(random)})`;
    case 4:
      return `clamp(${inner()}, ${random.oneOf(['0', '-1', '5'])}, ${random.oneOf(['10', '2', '1e3'])})`;
    case 5:
      return `${random.oneOf(['sort', 'sort_desc'])}(${inner()})`;
    case 6:
      return `timestamp(${random.oneOf(SELECTORS)})`;
    case 7:
      return `${random.oneOf(['hour', 'minute', 'day_of_week', 'day_of_month', 'day_of_year', 'days_in_month', 'month', 'year'])}(${random.oneOf(['', 'requests_total * 9e4', 'timestamp(quota)'])})`;
    default:
      return `vector(${scalar(random)})`;
  }
}

function scalar(random: Random): string {
  return random.oneOf(SCALARS);
}

function call(random: Random, name: string, argument: string): string {
  if (name === '-' || name === '+') return `${name}(${argument})`;
  return random.chance(0.1) ? `${name}((${argument}))` : `${name}(${argument})`;
}

function matching(random: Random): string {
  if (random.chance(0.4)) return '';
  const how = `${random.oneOf(['on', 'ignoring'])} (${someLabels(random)}) `;
  return random.chance(0.6)
    ? `${how}${random.oneOf(['group_left', 'group_right'])} ${random.chance(0.3) ? '(version) ' : ''}`
    : how;
}

function setMatching(random: Random): string {
  return random.chance(0.5) ? '' : `${random.oneOf(['on', 'ignoring'])} (${someLabels(random)}) `;
}

function someLabels(random: Random): string {
  return LABELS.filter(() => random.chance(0.35)).join(', ');
}
