// What is known of a metric family from outside: from the metadata and the names of series that a query API tells. Apart from
// the panels because both the page and Grafana's dashboards begin here.

export type FamilyKind =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'native-histogram'
  | 'summary'
  | 'info'
  | 'stateset'
  | 'unknown';

export interface KnownFamily {
  readonly name: string;
  readonly kind: FamilyKind;
  /** What its series are called in queries, without the suffixes of histograms and summaries. */
  readonly series: string;
  readonly help: string;
  /** The base unit: `seconds`, `bytes`, … or nothing. */
  readonly unit: string;
}

/** As the endpoint `metadata` answers it: several entries where targets disagree. */
export type Metadata = Readonly<
  Record<string, readonly { readonly type: string; readonly help?: string; readonly unit?: string }[]>
>;

const UNITS = /(?:^|_)(seconds|bytes|ratio|percent|celsius|volts|amperes|joules|grams|meters)(?:_total)?$/;
/** Series about alerts have their own place. */
const NO_FAMILY = /^ALERTS(_FOR_STATE)?$/;

/** Every family that has series now, by name: what the metadata describe first, then what only its names tell. */
export function knownFamilies(metadata: Metadata, seriesNames: readonly string[]): readonly KnownFamily[] {
  const left = new Set(seriesNames.filter((name) => !NO_FAMILY.test(name)));
  const families: KnownFamily[] = [];
  for (const [name, [entry]] of Object.entries(metadata)) {
    if (entry === undefined) continue;
    const found = described(name, entry.type, left);
    if (found === undefined) continue;
    for (const member of membersOf(found.series)) left.delete(member);
    families.push({ name, ...found, help: entry.help ?? '', unit: entry.unit || unitOf(name) });
  }
  for (const name of left) if (name.endsWith('_bucket')) addUndescribed(name.slice(0, -7), 'histogram');
  for (const name of left) {
    const isCounter = /_(total|sum|count)$/.test(name);
    if (!name.endsWith('_created'))
      addUndescribed(name, isCounter ? 'counter' : name.endsWith('_info') ? 'info' : 'unknown');
  }
  return families.sort((a, b) => (a.name < b.name ? -1 : 1));

  function addUndescribed(name: string, kind: FamilyKind): void {
    families.push({ name, kind, series: name, help: '', unit: unitOf(name) });
    if (kind === 'histogram') for (const member of membersOf(name)) left.delete(member);
  }
}

function described(
  name: string,
  type: string,
  names: ReadonlySet<string>,
): Pick<KnownFamily, 'kind' | 'series'> | undefined {
  const first = (...candidates: readonly string[]) => candidates.find((candidate) => names.has(candidate));
  const as = (kind: FamilyKind, series: string | undefined) => (series === undefined ? undefined : { kind, series });
  switch (type) {
    case 'counter':
      return as('counter', first(name, `${name}_total`));
    case 'histogram':
    case 'gaugehistogram':
      if (names.has(name)) return { kind: 'native-histogram', series: name };
      return names.has(`${name}_bucket`) ? { kind: 'histogram', series: name } : undefined;
    case 'summary':
      return names.has(name) || names.has(`${name}_count`) ? { kind: 'summary', series: name } : undefined;
    case 'info':
      return as('info', first(name, `${name}_info`));
    case 'stateset':
      return as('stateset', first(name));
    case 'gauge':
      return as(name.endsWith('_info') ? 'info' : 'gauge', first(name));
    default:
      return as('unknown', first(name));
  }
}

const membersOf = (series: string): readonly string[] =>
  ['', '_bucket', '_sum', '_count', '_created'].map((suffix) => series + suffix);

/** The base unit that a name ends in, as the naming rules of Prometheus have it. */
export function unitOf(name: string): string {
  return UNITS.exec(name)?.[1] ?? '';
}

/** A selector of PromQL; names that are not classic go into the braces. `matchers` as in `code="500"`. */
export function selector(series: string, matchers = ''): string {
  if (/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(series)) return matchers === '' ? series : `${series}{${matchers}}`;
  return `{${[JSON.stringify(series), ...(matchers === '' ? [] : [matchers])].join(', ')}}`;
}
