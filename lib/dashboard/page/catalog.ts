// What there is to see: the families with series in the shown range, the labels of those that the overview needs, and how often samples
// come. Asked anew now and then, because metrics appear while one looks.
import { matcherOf, type TargetFilter } from '../panels/expression.js';
import { type KnownFamily, knownFamilies, selector } from '../panels/known-family.js';
import { requestFamilies } from '../panels/overview-panels.js';
import type { MatrixSeries, Problem, QueryApi } from './query-api.js';

export interface Catalog {
  readonly families: readonly KnownFamily[];
  /** Every name that can be asked for, `x_bucket` and the like included. */
  readonly names: readonly string[];
  readonly requestLabels: ReadonlyMap<string, readonly string[]>;
  readonly intervalS: number;
  /** What of a server that scrapes several targets can be shown alone; nothing where there is one target, or none. */
  readonly targets: readonly TargetFilter[];
  /** How many alerts are firing. */
  readonly firing: number;
  readonly problem?: Problem;
}

export const EMPTY_CATALOG: Catalog = {
  families: [],
  names: [],
  requestLabels: new Map(),
  intervalS: 15,
  targets: [],
  firing: 0,
};
const TARGETS_AT_MOST = 200;

export async function readCatalog(api: QueryApi, sinceS: number, target?: TargetFilter): Promise<Catalog> {
  const matcher = matcherOf(target);
  const match = matcher === '' ? undefined : `{${matcher}}`;
  const [names, metadata] = await Promise.all([api.labelValues('__name__', sinceS, match), api.metadata()]);
  if (names.isErr()) return { ...EMPTY_CATALOG, problem: names.error };
  // Without metadata the names still tell most.
  const families = knownFamilies(metadata.unwrapOr({}), names.value);
  const requests = requestFamilies(families);
  const [labels, intervalS, targets, firing] = await Promise.all([
    Promise.all(requests.map((family) => api.labelNames(countSeries(family, matcher), sinceS))),
    readInterval(api, families, matcher),
    readTargets(api, sinceS),
    countFiring(api),
  ]);
  const requestLabels = new Map(requests.map(({ name }, index) => [name, labels[index]?.unwrapOr([]) ?? []]));
  return { families, names: names.value, requestLabels, intervalS, targets, firing };
}

function countSeries({ kind, series }: KnownFamily, matcher: string): string {
  return selector(kind === 'histogram' || kind === 'summary' ? `${series}_count` : series, matcher);
}

/** Jobs, where there are several, else the instances of the one. Who was not scraped has no `up`, and may mean anything by "job". */
async function readTargets(api: QueryApi, sinceS: number): Promise<readonly TargetFilter[]> {
  for (const label of ['job', 'instance'] as const) {
    const values = (await api.labelValues(label, sinceS, 'up')).unwrapOr([]);
    if (values.length > 1) return values.slice(0, TARGETS_AT_MOST).map((value) => ({ label, value }));
  }
  return [];
}

async function countFiring(api: QueryApi): Promise<number> {
  const answer = await api.samples('ALERTS{alertstate="firing"}');
  return answer.unwrapOr([]).length;
}

/** The usual time between two samples, from those of one metric that has few series. */
async function readInterval(api: QueryApi, families: readonly KnownFamily[], matcher: string): Promise<number> {
  const usual = ['up', 'process_start_time_seconds', 'process_cpu_seconds_total', 'process_resident_memory_bytes'];
  const family = usual
    .map((name) => families.find((candidate) => candidate.name === name))
    .find((found) => found !== undefined);
  const asked = family ?? families.find(({ kind }) => kind === 'gauge' || kind === 'counter');
  if (asked === undefined) return EMPTY_CATALOG.intervalS;
  const answer = await api.samples(`${selector(asked.series, matcher)}[10m]`);
  return intervalOf(answer.unwrapOr([])) ?? EMPTY_CATALOG.intervalS;
}

export function intervalOf(matrix: readonly MatrixSeries[]): number | undefined {
  const gaps = matrix
    .slice(0, 20)
    .flatMap(({ values = [] }) =>
      values.slice(-20).map(([time], index, list) => time - (list[index - 1]?.[0] ?? Number.NaN)),
    )
    .filter((gap) => gap > 0)
    .sort((a, b) => a - b);
  const median = gaps[Math.floor(gaps.length / 2)];
  return median === undefined ? undefined : Math.min(300, Math.max(0.1, Math.round(median * 10) / 10));
}
