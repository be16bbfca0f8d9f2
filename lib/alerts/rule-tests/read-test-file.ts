// Reads files of rule tests as promtool does, strictly: fields that nobody knows are mistakes, and so is a series that cannot
// be read. The answer is data; running it is the business of others.
import { err, ok, type Result } from 'neverthrow';
import { LineCounter, type Node, parseDocument } from 'yaml';
import type { AlertError } from '../../errors.js';
import { type Labels, newLabelSet } from '../../model/label-set.js';
import type { FloatHistogram } from '../../query/histograms/float-histogram.js';
import { readDuration } from '../../query/language/durations.js';
import { readLabelSet, readPointList, readSeries, type WrittenSeries } from '../../query/notation/series-notation.js';
import { type Field, type TextProblem, YamlReading } from '../rules/yaml-reading.js';
import type { AlertTest, ExpectedSample, ExpressionTest, RuleTest, RuleTestFile } from './rule-test.js';

type Fields = ReadonlyMap<string, Field>;

const FILE_FIELDS = ['rule_files', 'evaluation_interval', 'group_eval_order', 'tests', 'fuzzy_compare'];
const TEST_FIELDS = [
  'interval',
  'input_series',
  'alert_rule_test',
  'promql_expr_test',
  'external_labels',
  'external_url',
  'name',
];
const DEFAULT_INTERVAL_SECONDS = 60;
const LONGEST_TEXT = 8 * 1024 * 1024;
const MOST_PROBLEMS = 100;

/**
 * Reads the text of a file of rule tests.
 *
 * Errors: `invalid_rules` with all problems by line and column.
 *
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
 */
export function readTestFile(text: string, file?: string): Result<RuleTestFile, AlertError> {
  const refuse = (problems: readonly TextProblem[]): Result<never, AlertError> =>
    err({ kind: 'invalid_rules', file, problems: problems.slice(0, MOST_PROBLEMS) });
  if (text.length > LONGEST_TEXT) {
    return refuse([{ line: 1, column: 1, problem: `a file of rule tests has ${LONGEST_TEXT} characters at most` }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', merge: true, prettyErrors: false });
  if (document.errors.length > 0) {
    return refuse(
      document.errors.map(({ pos: [start], message }) => {
        const { line, col } = lines.linePos(start);
        return { line, column: col, problem: `yaml: ${message}` };
      }),
    );
  }
  const reading = new TestReading(document, lines);
  const read = reading.file(document.contents ?? undefined);
  return reading.problems.length > 0 ? refuse(reading.problems) : ok(read);
}

class TestReading extends YamlReading {
  file(root: Node | undefined): RuleTestFile {
    const fields = this.fields(root, 'file of rule tests', FILE_FIELDS) ?? new Map<string, Field>();
    const intervalSeconds = this.#seconds(fields, 'evaluation_interval') || DEFAULT_INTERVAL_SECONDS;
    const groupOrder = this.#texts(fields, 'group_eval_order');
    const repeated = groupOrder.find((name, i) => groupOrder.indexOf(name) !== i);
    if (repeated !== undefined) {
      this.complain(fields.get('group_eval_order')?.key, `group name repeated in evaluation order: ${repeated}`);
    }
    return {
      ruleFiles: this.#texts(fields, 'rule_files'),
      intervalSeconds,
      groupOrder,
      isFuzzy: this.text(fields.get('fuzzy_compare')?.value, 'truth value') === 'true',
      tests: this.items(fields.get('tests')?.value, 'tests').map((node, i) => this.#test(node, i, intervalSeconds)),
    };
  }

  #test(node: Node, place: number, intervalSeconds: number): RuleTest {
    const fields = this.fields(node, 'test', TEST_FIELDS) ?? new Map<string, Field>();
    const list = (name: string) => this.items(fields.get(name)?.value, name);
    return {
      name: this.text(fields.get('name')?.value, 'name') || `unnamed#${place}`,
      intervalSeconds: this.#seconds(fields, 'interval') || intervalSeconds,
      input: list('input_series').map((item) => this.#series(item)),
      externalLabels: this.#labels(fields.get('external_labels')?.value),
      externalUrl: this.text(fields.get('external_url')?.value, 'external_url'),
      alertTests: list('alert_rule_test').map((item) => this.#alertTest(item)),
      expressionTests: list('promql_expr_test').map((item) => this.#expressionTest(item)),
    };
  }

  #series(node: Node): WrittenSeries {
    const fields = this.fields(node, 'series', ['series', 'values']);
    const values = fields?.get('values')?.value;
    const text = `${this.text(fields?.get('series')?.value, 'series').trim()} ${this.text(values, 'values')}`;
    const { labels, points } = this.#taken(readSeries(text), node, { labels: {}, points: [] });
    return { labels: withoutEmpty(labels), points };
  }

  #alertTest(node: Node): AlertTest {
    const fields =
      this.fields(node, 'alert test', ['eval_time', 'alertname', 'exp_alerts']) ?? new Map<string, Field>();
    const alert = this.text(fields.get('alertname')?.value, 'alertname');
    if (alert === '') {
      const time = this.text(fields.get('eval_time')?.value, 'duration');
      this.complain(node, `an item under alert_rule_test misses required attribute alertname at eval_time ${time}`);
    }
    const expected = this.items(fields.get('exp_alerts')?.value, 'alerts').map((item) => {
      const of = this.fields(item, 'expected alert', ['exp_labels', 'exp_annotations']);
      return {
        labels: Object.assign(this.#labels(of?.get('exp_labels')?.value), { alertname: alert }),
        annotations: this.#labels(of?.get('exp_annotations')?.value),
      };
    });
    return { timeMs: this.#seconds(fields, 'eval_time') * 1000, alert, expected };
  }

  #expressionTest(node: Node): ExpressionTest {
    const fields =
      this.fields(node, 'expression test', ['expr', 'eval_time', 'exp_samples']) ?? new Map<string, Field>();
    return {
      timeMs: this.#seconds(fields, 'eval_time') * 1000,
      expr: this.text(fields.get('expr')?.value, 'expr'),
      expected: this.items(fields.get('exp_samples')?.value, 'samples').map((item) => this.#sample(item)),
    };
  }

  #sample(node: Node): ExpectedSample {
    const fields = this.fields(node, 'expected sample', ['labels', 'value', 'histogram']);
    const text = this.text(fields?.get('labels')?.value, 'labels');
    const labels = text === '' ? {} : withoutEmpty(this.#taken(readLabelSet(text), node, {}));
    const value = this.#number(fields?.get('value')?.value);
    const written = this.text(fields?.get('histogram')?.value, 'histogram');
    if (written === '') return { labels, value };
    const histogram = this.#histogram(written, node);
    return histogram === undefined ? { labels, value } : { labels, value, histogram };
  }

  #histogram(text: string, node: Node): FloatHistogram | undefined {
    const points = this.#taken(readPointList(text), node, []);
    const [point] = points;
    if (points.length === 1 && typeof point === 'object') return point;
    if (points.length > 0) this.complain(node, `expected one histogram, got ${JSON.stringify(text)}`);
    return undefined;
  }

  #number(node: Node | undefined): number {
    const text = this.text(node, 'number');
    if (text === '') return 0;
    const [, sign, word] = /^([-+]?)(\.inf|\.nan|inf|nan)$/i.exec(text) ?? [];
    if (word !== undefined) return /nan/i.test(word) ? Number.NaN : sign === '-' ? -Infinity : Infinity;
    const value = Number(text.replaceAll('_', ''));
    if (Number.isNaN(value)) this.complain(node, `${JSON.stringify(text)} is no number`);
    return value;
  }

  #texts(fields: Fields, name: string): readonly string[] {
    return this.items(fields.get(name)?.value, name).map((item) => this.text(item, name));
  }

  #labels(node: Node | undefined): Record<string, string> {
    const labels = newLabelSet();
    for (const [name, { value }] of this.fields(node, 'mapping of labels', undefined) ?? []) {
      labels[name] = this.text(value, 'label value');
    }
    return labels;
  }

  #seconds(fields: Fields, name: string): number {
    const node = fields.get(name)?.value;
    const text = this.text(node, 'duration');
    if (text === '' || text === '0') return 0;
    const read = readDuration(text);
    if ('ms' in read) return read.ms / 1000;
    this.complain(node, read.problem);
    return 0;
  }

  #taken<T>(read: Result<T, string>, node: Node, otherwise: T): T {
    if (read.isOk()) return read.value;
    this.complain(node, read.error);
    return otherwise;
  }
}

/** A label without a value is none. */
function withoutEmpty(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}
