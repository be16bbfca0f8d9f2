// What makes rules invalid, in promtool's words, for rules of files and of code alike. It names the place by group, rule and
// field; where that stands in a text only the reader of the text knows.
import { parseExpression } from '../../query/language/parse-expression.js';
import { queryProblem } from '../query-problem.js';
import { checkTemplate } from '../templates/check-template.js';
import { nameOf, type Rule, type RuleGroup } from './rule.js';

/** Where something is wrong: in a group, or in one of its rules (both counted from 0), in a field, at a key of that field. */
export interface RulePlace {
  readonly group: number;
  readonly rule?: number;
  readonly field?: string;
  readonly key?: string;
}

export interface MisplacedRule {
  readonly place: RulePlace;
  readonly problem: string;
}

/** Nothing is wrong where it answers nothing. */
export function checkGroups(groups: readonly RuleGroup[]): readonly MisplacedRule[] {
  const seen = new Set<string>();
  return groups.flatMap((group, g) => {
    const found: MisplacedRule[] = [];
    const place = { group: g, field: 'name' };
    if (group.name === '') found.push({ place, problem: 'Groupname must not be empty' });
    if (seen.has(group.name)) {
      found.push({ place, problem: `groupname: "${group.name}" is repeated in the same file` });
    }
    seen.add(group.name);
    found.push(...checkLabels(group.labels, { group: g, field: 'labels' }));
    for (const [r, rule] of group.rules.entries()) {
      const says = sayerOf(group.name, r, nameOf(rule));
      for (const { place: at, problem } of checkRule(rule, { group: g, rule: r })) {
        found.push({ place: at, problem: says(problem) });
      }
    }
    return found;
  });
}

/** Puts in front of a problem which rule it is about, as promtool does. */
export function sayerOf(group: string, rule: number, name: string): (problem: string) => string {
  return (problem) => `group ${JSON.stringify(group)}, rule ${rule + 1}, ${JSON.stringify(name)}: ${problem}`;
}

function checkRule(rule: Rule, place: RulePlace): readonly MisplacedRule[] {
  const nameless = { place, problem: "one of 'record' or 'alert' must be set" };
  return [
    ...(nameOf(rule) === '' ? [nameless] : []),
    ...checkExpression(rule.expr, { ...place, field: 'expr' }),
    ...(rule.kind === 'recording' ? checkRecord(rule.record, { ...place, field: 'record' }) : []),
    ...checkLabels(rule.labels, { ...place, field: 'labels' }),
    ...(rule.kind === 'alerting' ? checkTexts(rule, place) : []),
  ];
}

function checkExpression(expr: string, place: RulePlace): readonly MisplacedRule[] {
  if (expr === '') return [{ place, problem: "field 'expr' must be set in rule" }];
  const parsed = parseExpression(expr);
  return parsed.isOk() ? [] : [{ place, problem: `could not parse expression: ${queryProblem(parsed.error)}` }];
}

function checkRecord(record: string, place: RulePlace): readonly MisplacedRule[] {
  if (record === '') return [];
  if (!isUtf8Name(record)) return [{ place, problem: `invalid recording rule name: ${record}` }];
  if (!/[{}]/.test(record)) return [];
  return [{ place, problem: `braces present in the recording rule name; should it be in expr?: ${record}` }];
}

function checkLabels(labels: Readonly<Record<string, string>>, place: RulePlace): readonly MisplacedRule[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const found: MisplacedRule[] = [];
    if (!isUtf8Name(key) || key === '__name__')
      found.push({ place: { ...place, key }, problem: `invalid label name: ${key}` });
    if (!value.isWellFormed()) found.push({ place: { ...place, key }, problem: `invalid label value: ${value}` });
    return found;
  });
}

function checkTexts(rule: Extract<Rule, { kind: 'alerting' }>, place: RulePlace): readonly MisplacedRule[] {
  const names = Object.keys(rule.annotations)
    .filter((key) => !isUtf8Name(key))
    .map((key) => ({ place: { ...place, field: 'annotations', key }, problem: `invalid annotation name: ${key}` }));
  const templates = (['labels', 'annotations'] as const).flatMap((field) =>
    Object.entries(rule[field]).flatMap(([key, text]) => {
      const wrong = checkTemplate(text, `__alert_${rule.alert}`);
      const word = field === 'labels' ? 'label' : 'annotation';
      return wrong === undefined
        ? []
        : [{ place: { ...place, field, key }, problem: `${word} ${JSON.stringify(key)}: ${wrong}` }];
    }),
  );
  return [...names, ...templates];
}

/** Since Prometheus 3 any text in UTF-8 is a name. */
function isUtf8Name(name: string): boolean {
  return name !== '' && name.isWellFormed();
}
