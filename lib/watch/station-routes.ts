// What a station serves beside its own metrics: the query API on everything that it has, its targets, its rules, and the page.
import { rulesApi } from '../alerts/evaluation/rules-api.js';
import type { RuleEvaluator } from '../alerts/rule-evaluator.js';
import { dashboard } from '../dashboard/dashboard.js';
import type { Route } from '../http/routes.js';
import type { MetricFamily } from '../model/family.js';
import { queryApi } from '../query/http-api/query-api.js';
import type { QueryEngine } from '../query/query-engine.js';
import type { ScrapeLoop } from './scraping/scrape-loop.js';
import { targetsRoute } from './targets-route.js';

export interface Served {
  readonly engine: QueryEngine;
  readonly loops: readonly ScrapeLoop[];
  readonly timing: { readonly intervalSeconds: number; readonly timeoutSeconds: number };
  readonly rules: RuleEvaluator | undefined;
}

export function stationRoutes({ engine, loops, timing, rules }: Served): readonly Route[] {
  return [
    dashboard({ title: 'telltale watch' }),
    queryApi(engine, { describes: { collect: async () => lastFamilies(loops) } }),
    targetsRoute(loops, timing),
    ...(rules === undefined ? [] : rulesApi(rules)),
  ];
}

/** One family of each name, for those who ask what metrics there are. */
function lastFamilies(loops: readonly ScrapeLoop[]): readonly MetricFamily[] {
  const families = new Map<string, MetricFamily>();
  for (const { last } of loops) {
    for (const family of last?.families ?? []) {
      if (!families.has(family.descriptor.name)) families.set(family.descriptor.name, family);
    }
  }
  return [...families.values()];
}
