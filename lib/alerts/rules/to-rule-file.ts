// Writes rules as the file that a Prometheus reads, for when alerts move there.
import { stringify, type Tags } from 'yaml';
import type { Labels } from '../../model/label-set.js';
import { formatDuration } from '../../query/language/durations.js';
import type { Rule, RuleGroup } from './rule.js';

/**
 * The YAML of a rule file with these groups. `readRuleFile` reads the same groups from it.
 *
 * @example
 * toRuleFile([ruleGroup({ name: 'shop', rules: [alertRule({ alert: 'ShopDown', expr: 'up == 0', forSeconds: 60 })] })]);
 * // groups:
 * //   - name: shop
 * //     rules:
 * //       - alert: ShopDown
 * //         expr: up == 0
 * //         for: 1m
 */
export function toRuleFile(groups: readonly RuleGroup[]): string {
  const file = { groups: groups.map(groupEntry) };
  // Prometheus reads YAML 1.1, where more words are no strings; everything else stands on one line.
  const options = { version: '1.1', lineWidth: 0, defaultStringType: 'PLAIN', aliasDuplicateObjects: false } as const;
  return stringify(file, { ...options, customTags: withoutOrderedMaps });
}

/** YAML 1.1 has a type of its own for maps whose order counts, which Prometheus takes for no map. */
function withoutOrderedMaps(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:omap');
}

type Entry = Readonly<Record<string, unknown>>;

function groupEntry({ name, intervalSeconds, queryOffsetSeconds, limit, labels, rules }: RuleGroup): Entry {
  return {
    name,
    ...(intervalSeconds !== undefined && { interval: secondsText(intervalSeconds) }),
    ...(queryOffsetSeconds !== undefined && { query_offset: secondsText(queryOffsetSeconds) }),
    ...(limit !== 0 && { limit }),
    ...textsEntry('labels', labels),
    rules: rules.map(ruleEntry),
  };
}

function ruleEntry(rule: Rule): Entry {
  if (rule.kind === 'recording') return { record: rule.record, expr: rule.expr, ...textsEntry('labels', rule.labels) };
  const { alert, expr, forSeconds, keepFiringForSeconds, labels, annotations } = rule;
  return {
    alert,
    expr,
    ...(forSeconds !== 0 && { for: secondsText(forSeconds) }),
    ...(keepFiringForSeconds !== 0 && { keep_firing_for: secondsText(keepFiringForSeconds) }),
    ...textsEntry('labels', labels),
    ...textsEntry('annotations', annotations),
  };
}

function textsEntry(field: string, texts: Labels): Entry {
  // A map, because objects would sort names that look like numbers.
  return Object.keys(texts).length === 0 ? {} : { [field]: new Map(Object.entries(texts)) };
}

function secondsText(seconds: number): string {
  return formatDuration(Math.round(seconds * 1000));
}
