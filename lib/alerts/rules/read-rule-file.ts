// Reads rule files as Prometheus does, strictly: what it would refuse is refused, with every mistake and where it stands.
import { err, ok, type Result } from 'neverthrow';
import { LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { AlertError } from '../../errors.js';
import { type Labels, newLabelSet } from '../../model/label-set.js';
import { readSeconds } from '../read-seconds.js';
import { checkGroups, type RulePlace, sayerOf } from './check-rules.js';
import type { Rule, RuleGroup } from './rule.js';
import { type Field, type TextProblem, YamlReading } from './yaml-reading.js';

type Fields = ReadonlyMap<string, Field>;

const GROUP_FIELDS = ['name', 'interval', 'query_offset', 'limit', 'rules', 'labels'];
const RULE_FIELDS = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];

/** Rule files of large installations have some thousand rules in some hundred kilobytes. */
const LONGEST_TEXT = 8 * 1024 * 1024;
const MOST_RULES = 50_000;
const MOST_PROBLEMS = 100;

/** A rule, and its fields to point at. */
interface ReadRule {
  readonly rule: Rule;
  readonly node: Node;
  readonly fields: Fields;
}

interface ReadGroup {
  readonly group: RuleGroup;
  readonly node: Node;
  readonly fields: Fields;
  readonly rules: readonly ReadRule[];
}

/**
 * Reads the text of a rule file. What is accepted, `promtool check rules` accepts as well.
 *
 * Errors: `invalid_rules` with all problems by line and column, in promtool's words.
 *
 * @param file - Where it comes from, for errors and for the API.
 *
 * @example
 * readRuleFile('groups: [{name: shop, rules: [{alert: ShopDown, expr: up == 0, for: 1m}]}]');
 * // Ok([ { name: 'shop', limit: 0, labels: {}, rules: [ { kind: 'alerting', alert: 'ShopDown', expr: 'up == 0', forSeconds: 60, … } ] } ])
 */
export function readRuleFile(text: string, file?: string): Result<readonly RuleGroup[], AlertError> {
  const refuse = (problems: readonly TextProblem[]): Result<never, AlertError> =>
    err({ kind: 'invalid_rules', file, problems: problems.slice(0, MOST_PROBLEMS) });
  if (text.length > LONGEST_TEXT) {
    return refuse([{ line: 1, column: 1, problem: `a rule file has ${LONGEST_TEXT} characters at most` }]);
  }
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, version: '1.2', merge: true, prettyErrors: false });
  if ('empty' in documents) return ok([]);
  const wrong = documents.flatMap(({ errors }) => errors);
  if (wrong.length > 0) {
    const placed = wrong.map(({ pos, message }) => ({ pos: lines.linePos(pos[0]), message }));
    return refuse(placed.map(({ pos, message }) => ({ line: pos.line, column: pos.col, problem: `yaml: ${message}` })));
  }
  const [document, second] = documents;
  if (document === undefined) return ok([]);
  const reading = new YamlReading(document, lines);
  if (second !== undefined) reading.complain(second.contents ?? undefined, 'a rule file has one document only');
  const read = readGroups(reading, document.contents ?? undefined, file);
  const groups = read.map(({ group }) => group);
  for (const { place, problem } of checkGroups(groups)) reading.complain(nodeAt(read, place), problem);
  return reading.problems.length > 0 ? refuse(reading.problems) : ok(groups);
}

function readGroups(reading: YamlReading, root: Node | undefined, file: string | undefined): readonly ReadGroup[] {
  const fields = reading.fields(root, 'rule file', ['groups']);
  let count = 0;
  return reading.items(fields?.get('groups')?.value, 'groups').flatMap((node) => {
    // Lists may stand in a file once and count many times.
    if (count > MOST_RULES) return [];
    const read = readGroup(reading, node, file);
    count += 1 + read.rules.length;
    if (count > MOST_RULES) reading.complain(node, `a rule file has ${MOST_RULES} rules at most`);
    return [read];
  });
}

function readGroup(reading: YamlReading, node: Node, file: string | undefined): ReadGroup {
  const fields = reading.fields(node, 'rule group', GROUP_FIELDS) ?? new Map<string, Field>();
  const valueIn = (name: string) => fields.get(name)?.value;
  const name = reading.text(valueIn('name'), 'group name');
  const interval = durationIn(reading, valueIn('interval'));
  const offset = valueIn('query_offset');
  const rules = reading
    .items(valueIn('rules'), 'rules')
    .map((rule, r) => readRule(reading, rule, (problem, alert) => sayerOf(name, r, alert)(problem)));
  const group: RuleGroup = {
    name,
    ...(file !== undefined && { file }),
    ...(interval !== 0 && { intervalSeconds: interval }),
    limit: reading.integer(valueIn('limit'), 'whole number'),
    ...(!reading.isNothing(offset) && { queryOffsetSeconds: durationIn(reading, offset) }),
    labels: readTexts(reading, valueIn('labels'), 'labels'),
    rules: rules.map(({ rule }) => rule),
  };
  return { group, node, fields, rules };
}

function readRule(reading: YamlReading, node: Node, says: (problem: string, name: string) => string): ReadRule {
  const fields = reading.fields(node, 'rule', RULE_FIELDS) ?? new Map<string, Field>();
  const textOf = (name: string) => reading.text(fields.get(name)?.value, name);
  const [record, alert, expr] = [textOf('record'), textOf('alert'), textOf('expr')];
  const forSeconds = durationIn(reading, fields.get('for')?.value);
  const keepFiringForSeconds = durationIn(reading, fields.get('keep_firing_for')?.value);
  const labels = readTexts(reading, fields.get('labels')?.value, 'labels');
  const annotations = readTexts(reading, fields.get('annotations')?.value, 'annotations');
  const complain = (problem: string, field: string) =>
    reading.complain(fields.get(field)?.key ?? node, says(problem, alert === '' ? record : alert));
  if (record !== '' && alert !== '') complain("only one of 'record' and 'alert' must be set", 'record');
  if (alert !== '') {
    const rule: Rule = { kind: 'alerting', alert, expr, forSeconds, keepFiringForSeconds, labels, annotations };
    return { rule, node, fields };
  }
  const foreign = {
    annotations: Object.keys(annotations).length,
    for: forSeconds,
    keep_firing_for: keepFiringForSeconds,
  };
  for (const [field, amount] of Object.entries(foreign)) {
    if (amount !== 0) complain(`invalid field '${field}' in recording rule`, field);
  }
  return { rule: { kind: 'recording', record, expr, labels }, node, fields };
}

function readTexts(reading: YamlReading, node: Node | undefined, kind: string): Labels {
  const texts = newLabelSet();
  for (const [name, { value }] of reading.fields(node, `mapping of ${kind}`, undefined) ?? []) {
    texts[name] = reading.text(value, kind);
  }
  return texts;
}

function durationIn(reading: YamlReading, node: Node | undefined): number {
  if (reading.isNothing(node)) return 0;
  const read = readSeconds(reading.text(node, 'duration'));
  if ('seconds' in read) return read.seconds;
  reading.complain(node, read.problem);
  return 0;
}

/** The node that a problem is about, or the nearest around it. */
function nodeAt(groups: readonly ReadGroup[], place: RulePlace): Node | undefined {
  const group = groups[place.group];
  const owner = place.rule === undefined ? group : group?.rules[place.rule];
  const field = place.field === undefined ? undefined : owner?.fields.get(place.field);
  if (place.key === undefined) return field?.value ?? field?.key ?? owner?.node;
  const inner = field?.value;
  return keyNode(inner, place.key) ?? field?.key ?? owner?.node;
}

function keyNode(map: Node | undefined, key: string): Node | undefined {
  if (map === undefined || !('items' in map)) return undefined;
  const pairs = map.items as readonly { readonly key?: Node & { readonly value?: unknown } }[];
  return pairs.find((pair) => String(pair.key?.value) === key)?.key;
}
