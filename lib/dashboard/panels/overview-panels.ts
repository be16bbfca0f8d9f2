// The first page: rate, errors, latency, work in flight and saturation, found from the metrics that exist. Names and labels are
// conventions, so this is a list of what is usual, and a metric that nobody knows still has its chart under "Metrics".
import { shownSelector } from './expression.js';
import { familyPanels, quantileQueries, rateQuery } from './family-panels.js';
import type { KnownFamily } from './known-family.js';
import type { Panel, PanelQuery } from './panel.js';
import { unitOfValue } from './units.js';

/** How many families a panel puts together: more would be a list and no overview. */
const AT_MOST = 6;
const OWN = /^(telltale|prometheus|scrape|go|promhttp|net_conntrack)_/;
const DURATION =
  /(duration|latency|response_time|elapsed|processing_time|_time)(_seconds|_milliseconds|_ms)?$|^.*_seconds$/;
const RUNTIME = /(^|_)(gc|eventloop|event_loop|scrape|cpu|process|start_time|uptime|collect|load|acquire|use)(_|$)/;
const REQUEST_COUNTER =
  /(request|response|call|operation|message|order|job|event)s?(_handled|_served|_processed)?_total$/;
const FAILURE = /(error|failure|failed|exception|rejected|timeout|refused|dropped|aborted)s?(_|$)/;
const RUNTIME_GAUGE = /^(nodejs|process)_/;
const IN_FLIGHT =
  /(in_flight|inflight|in_progress|active|open_connections|current_requests|concurrent|pending|waiting|queue(_depth|_length|d)?)(_|$)/;

/** Labels that tell failures from the rest, with what they say then. */
const FAILED: readonly (readonly [label: string, matcher: string])[] = [
  ['status', 'status=~"5..|error"'],
  ['code', 'code=~"5.."'],
  ['status_code', 'status_code=~"5.."'],
  ['http_response_status_code', 'http_response_status_code=~"5.."'],
  ['outcome', 'outcome=~"err|error|failure|thrown"'],
  ['grpc_code', 'grpc_code!="OK"'],
];

/** Families that count or time requests, the most likely one first: their labels are worth asking for. */
export function requestFamilies(families: readonly KnownFamily[]): readonly KnownFamily[] {
  const timed = families.filter(
    ({ name, kind }) => isTimed(kind) && !OWN.test(name) && DURATION.test(name) && !RUNTIME.test(name),
  );
  const counted = families.filter(
    ({ name, kind, series }) =>
      kind === 'counter' && !OWN.test(name) && !FAILURE.test(name) && REQUEST_COUNTER.test(series),
  );
  return [...timed.sort(byRank), ...counted.sort(byRank)].slice(0, AT_MOST);
}

const isTimed = (kind: string): boolean => kind === 'histogram' || kind === 'native-histogram' || kind === 'summary';

// A server's own requests say more of it than those that it makes.
const rank = ({ name }: KnownFamily): number => (/client/.test(name) ? 2 : /http|request|rpc/.test(name) ? 0 : 1);
const byRank = (a: KnownFamily, b: KnownFamily): number => rank(a) - rank(b) || (a.name < b.name ? -1 : 1);

/** @param labels - The label names of each of {@link requestFamilies}, by the family's name. */
export function overviewPanels(
  families: readonly KnownFamily[],
  labels: ReadonlyMap<string, readonly string[]>,
): readonly Panel[] {
  const requests = requestFamilies(families);
  const panels = [
    ratePanel(requests),
    errorPanel(requests, labels),
    latencyPanel(requests),
    inFlightPanel(families),
    failurePanel(families),
    ...saturationPanels(families),
  ].filter((panel) => panel !== undefined);
  return panels.some(({ id }) => id === 'overview:rate') ? panels : [...busiestPanels(families), ...panels];
}

function ratePanel(requests: readonly KnownFamily[]): Panel | undefined {
  const queries = requests.map((family) => ({ expression: rateQuery(family), legend: family.name }));
  return made('rate', { title: 'Rate', unit: 'per-second', queries, help: 'What is served, per second.' });
}

function errorPanel(
  requests: readonly KnownFamily[],
  labels: ReadonlyMap<string, readonly string[]>,
): Panel | undefined {
  const queries = requests.flatMap((family): readonly PanelQuery[] => {
    const has = labels.get(family.name) ?? [];
    const matcher = FAILED.find(([label]) => has.includes(label))?.[1];
    if (matcher === undefined) return [];
    // Nothing failed yet is no error, and not the same as nothing known.
    const failed = `(${rateQuery(family, matcher)} or 0 * ${rateQuery(family)})`;
    return [{ expression: `${failed} / ${rateQuery(family)}`, legend: family.name }];
  });
  return made('errors', { title: 'Errors', unit: 'ratio', queries, help: 'The share of requests that failed.' });
}

function latencyPanel(requests: readonly KnownFamily[]): Panel | undefined {
  const family = requests.find(({ kind }) => isTimed(kind));
  if (family === undefined) return undefined;
  const queries = family.kind === 'summary' ? (familyPanels(family)[0]?.queries ?? []) : quantileQueries(family);
  const help = `Quantiles of ${family.name}.`;
  return made('latency', { title: 'Latency', unit: unitOfValue(family.unit, family.name), queries, help });
}

function inFlightPanel(families: readonly KnownFamily[]): Panel | undefined {
  const gauges = families.filter(
    ({ name, kind }) => kind === 'gauge' && !OWN.test(name) && !RUNTIME_GAUGE.test(name) && IN_FLIGHT.test(name),
  );
  const queries = gauges.slice(0, AT_MOST).map(sumQuery);
  return made('in-flight', { title: 'In flight', unit: 'none', queries, help: 'Work that has begun and not ended.' });
}

const sumQuery = ({ name, series }: KnownFamily): PanelQuery => ({
  expression: `sum(${shownSelector(series)})`,
  legend: name,
});

function failurePanel(families: readonly KnownFamily[]): Panel | undefined {
  const counters = families.filter(({ name, kind }) => kind === 'counter' && !OWN.test(name) && FAILURE.test(name));
  const queries = counters.slice(0, AT_MOST).map((family) => ({ expression: rateQuery(family), legend: family.name }));
  return made('failures', {
    title: 'Failures',
    unit: 'per-second',
    queries,
    help: 'What is counted as failed, per second.',
  });
}

function saturationPanels(families: readonly KnownFamily[]): readonly Panel[] {
  const has = new Map(families.map((family) => [family.name, family]));
  const find = (...names: readonly string[]) =>
    names.map((name) => has.get(name)).filter((family) => family !== undefined);
  const cpu = find('process_cpu_seconds_total', 'process_cpu_seconds').map((family) => ({
    expression: rateQuery(family),
    legend: 'CPU',
  }));
  const utilization = find('nodejs_eventloop_utilization').map(sumQuery);
  const memory = find(
    'process_resident_memory_bytes',
    'nodejs_heap_size_used_bytes',
    'nodejs_external_memory_bytes',
  ).map(sumQuery);
  return [
    made('cpu', {
      title: 'CPU',
      unit: 'ratio',
      queries: [...cpu, ...utilization],
      help: 'Cores in use; event loop busy.',
    }),
    made('memory', { title: 'Memory', unit: 'bytes', queries: memory, help: 'Resident memory and the heap in use.' }),
    lagPanel(find('nodejs_eventloop_lag_seconds', 'nodejs_eventloop_lag_p99_seconds')[0]),
    made('capacity', {
      title: 'Capacity in use',
      unit: 'ratio',
      queries: capacityQueries(has),
      help: 'How full what is limited is.',
    }),
  ].filter((panel) => panel !== undefined);
}

function lagPanel(family: KnownFamily | undefined): Panel | undefined {
  if (family === undefined) return undefined;
  const quantiles = familyPanels(family).find(({ chart }) => chart === 'lines');
  return quantiles && { ...quantiles, id: 'overview:event-loop', title: 'Event loop delay' };
}

function capacityQueries(has: ReadonlyMap<string, KnownFamily>): readonly PanelQuery[] {
  const pairs = [
    ['process_open_fds', 'process_max_fds', 'file descriptors'],
    ['pool_resources', 'pool_max_resources', 'pools'],
    ['process_heap_bytes', 'process_virtual_memory_max_bytes', 'heap'],
  ] as const;
  return pairs
    .filter(([used, most]) => has.has(used) && has.has(most))
    .map(([used, most, legend]) => ({
      expression: `sum(${shownSelector(used)}) / sum(${shownSelector(most)} > 0)`,
      legend,
    }));
}

/** Where nothing looks like requests: the counters that there are, or whatever else there is. */
function busiestPanels(families: readonly KnownFamily[]): readonly Panel[] {
  const others = families.filter(({ name, kind }) => kind !== 'info' && !OWN.test(name) && !RUNTIME_GAUGE.test(name));
  const counters = others.filter(({ kind }) => kind === 'counter');
  const shown = counters.length > 0 ? counters : others;
  return shown.slice(0, AT_MOST).flatMap((family) => familyPanels(family).slice(0, 1));
}

function made(id: string, panel: Pick<Panel, 'title' | 'unit' | 'queries' | 'help'>): Panel | undefined {
  return panel.queries.length === 0 ? undefined : { id: `overview:${id}`, chart: 'lines', ...panel };
}

/** Metrics about measuring itself: storage, scrapes, what was dropped. */
export function isHealth({ name }: KnownFamily): boolean {
  return /^(telltale_|scrape_|prometheus_(tsdb_head_(series|samples)|target|engine_query_duration|remote_storage))|^up$/.test(
    name,
  );
}
