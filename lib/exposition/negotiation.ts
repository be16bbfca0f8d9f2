// From a scraper's `Accept` header to the format that it gets. Formats are rows of a table, so that a new one is a row.
import type { ExpositionFormat } from './encode.js';

interface OfferedFormat {
  readonly format: ExpositionFormat;
  readonly mediaType: string;
  /** Versions that may be asked for; the first one answers a request without version. */
  readonly versions: readonly string[];
}

/** In the order of preference between equal weights. */
const OFFERED: readonly OfferedFormat[] = [
  { format: 'openmetrics', mediaType: 'application/openmetrics-text', versions: ['1.0.0', '0.0.1'] },
  { format: 'prometheus', mediaType: 'text/plain', versions: ['0.0.4'] },
];
const FALLBACK = OFFERED[1] as OfferedFormat;

/** Schemes for names beyond the classic rule. Names here are classic, so that each gives the same text. */
const ESCAPINGS = ['allow-utf-8', 'underscores', 'dots', 'values'];

/** Longer headers are no scraper's; what is behind this is not looked at. */
const MOST_CHARACTERS = 4096;
const MOST_RANGES = 64;

export interface Negotiated {
  readonly format: ExpositionFormat;
  readonly contentType: string;
}

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly weight: number;
}

/** The content type of a format, where no version or escaping was asked for. */
export function contentTypeOf(format: ExpositionFormat): string {
  return contentType(OFFERED.find((offered) => offered.format === format) ?? FALLBACK, undefined, undefined);
}

/**
 * Chooses the format with the highest weight that is offered; between equal weights the more specific one, then the one
 * that the scraper names first. Classic text where nothing fits, because every scraper can read it.
 *
 * Source: https://prometheus.io/docs/instrumenting/content_negotiation/
 *
 * @example
 * negotiate('application/openmetrics-text;version=1.0.0,text/plain;q=0.5').contentType
 * // application/openmetrics-text; version=1.0.0; charset=utf-8
 */
export function negotiate(accept: string | undefined): Negotiated {
  const ranges = (accept ?? '').slice(0, MOST_CHARACTERS).split(',', MOST_RANGES).map(parseRange);
  const usable = ranges
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || specificity(b) - specificity(a));
  for (const range of usable) {
    const offered =
      range.type === '*/*' || range.type === 'text/*' ? FALLBACK : OFFERED.find((one) => one.mediaType === range.type);
    const version = range.parameters.get('version');
    if (offered === undefined || (version !== undefined && !offered.versions.includes(version))) continue;
    return { format: offered.format, contentType: contentType(offered, version, range.parameters.get('escaping')) };
  }
  return { format: FALLBACK.format, contentType: contentType(FALLBACK, undefined, undefined) };
}

/** Version and escaping are echoed, but only ones from the lists above: nothing of the header is repeated as it is. */
function contentType(
  { mediaType, versions }: OfferedFormat,
  version: string | undefined,
  escaping: string | undefined,
): string {
  const plain = `${mediaType}; version=${version ?? versions[0]}; charset=utf-8`;
  return escaping !== undefined && ESCAPINGS.includes(escaping) ? `${plain}; escaping=${escaping}` : plain;
}

function parseRange(text: string): MediaRange {
  const [type = '', ...rest] = text.split(';');
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const at = parameter.indexOf('=');
    if (at < 0) continue;
    const value = parameter.slice(at + 1).trim();
    parameters.set(parameter.slice(0, at).trim().toLowerCase(), value.replace(/^"(.*)"$/, '$1'));
  }
  return { type: type.trim().toLowerCase(), parameters, weight: weightOf(parameters.get('q')) };
}

/** Weights are 0 to 1 with at most three decimals; one that is none makes the range unusable. */
function weightOf(text: string | undefined): number {
  if (text === undefined) return 1;
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}

function specificity({ type }: MediaRange): number {
  return type.includes('*') ? 0 : 1;
}
