// From a scraper's `Accept` header to the format that it gets. The formats are rows of a table, so that one more is one
// row more.
import { ESCAPINGS, type Escaping } from '../model/escaping.js';
import type { ExpositionFormat } from './encode.js';

/** A parameter of a media type: the values that are served, and the one for requests without it (none: it is required). */
interface OfferedParameter {
  readonly name: string;
  readonly values: readonly string[];
  readonly preset?: string;
}

/** A format that is served, and what it is called. */
export interface Offer {
  readonly format: ExpositionFormat;
  readonly mediaType: string;
  readonly parameters: readonly OfferedParameter[];
  /** What the content type has besides. */
  readonly suffix: string;
}

/** The first one is served to whoever has no preference. */
type Offers = readonly [Offer, ...Offer[]];

/** Version 1.0.0 of the classic text is version 0.0.4 with names in quotes. */
const OFFERS: Offers = [
  {
    format: 'prometheus',
    mediaType: 'text/plain',
    parameters: [{ name: 'version', values: ['0.0.4', '1.0.0'], preset: '0.0.4' }],
    suffix: '; charset=utf-8',
  },
  {
    format: 'openmetrics',
    mediaType: 'application/openmetrics-text',
    parameters: [{ name: 'version', values: ['1.0.0', '0.0.1'], preset: '1.0.0' }],
    suffix: '; charset=utf-8',
  },
  // Only for those who name it, with both parameters.
  {
    format: 'protobuf',
    mediaType: 'application/vnd.google.protobuf',
    parameters: [
      { name: 'proto', values: ['io.prometheus.client.MetricFamily'] },
      { name: 'encoding', values: ['delimited'] },
    ],
    suffix: '',
  },
];

/** What every reader takes. */
const DEFAULT_ESCAPING = 'underscores';
/** Served to whoever asks for nothing that is offered, because every scraper can read it. */
const FALLBACK = 'text/plain';

/** No scraper sends half as much; what is behind is not looked at, so that a header costs microseconds at most. */
const MOST_CHARACTERS = 4096;

/** What to answer with. */
export interface Negotiated {
  readonly format: ExpositionFormat;
  /** How names beyond the classic rule are to be shown. */
  readonly escaping: Escaping;
  /** For the `Content-Type` header. */
  readonly contentType: string;
}

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly weight: number;
}

interface Candidate {
  readonly offer: Offer;
  readonly range: MediaRange;
  /** 2 where the range names the media type, 1 for `text/*`, 0 for anything. */
  readonly specificity: number;
  /** The place in the header. */
  readonly place: number;
}

/** What may differ from what is served everywhere. */
export interface NegotiationOptions {
  readonly offers?: Offers;
  /** For whoever asks for none. Default: `underscores`, because every reader takes that. */
  readonly escaping?: Escaping;
}

/** The content type of a format for those who asked for no particular version. */
export function contentTypeOf(format: ExpositionFormat, escaping: Escaping = DEFAULT_ESCAPING): string {
  return contentType(OFFERS.find((offer) => offer.format === format) ?? OFFERS[0], new Map(), escaping);
}

/**
 * Chooses the offered format with the highest weight; between equal weights the one named more exactly, then the one named
 * first. Classic text where nothing fits, because every scraper can read it. Answers in microseconds whatever it is given.
 *
 * Source: https://prometheus.io/docs/instrumenting/content_negotiation/
 *
 * @example
 * negotiate('application/openmetrics-text;version=1.0.0;escaping=allow-utf-8,text/plain;q=0.5').contentType
 * // application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8
 */
export function negotiate(
  accept: string | undefined,
  { offers = OFFERS, escaping: preset = DEFAULT_ESCAPING }: NegotiationOptions = {},
): Negotiated {
  const ranges = withinLimit(accept ?? '')
    .split(',')
    .map(parseRange);
  const [best] = offers
    .map((offer) => bestCandidate(offer, ranges))
    .filter((candidate) => candidate !== undefined && candidate.range.weight > 0)
    .sort((a, b) => compare(a!, b!));
  const offer = best?.offer ?? offers.find(({ mediaType }) => mediaType === FALLBACK) ?? offers[0];
  const asked = best?.range.parameters ?? new Map<string, string>();
  const escaping = ESCAPINGS.find((one) => one === asked.get('escaping')) ?? preset;
  return { format: offer.format, escaping, contentType: contentType(offer, asked, escaping) };
}

/** The range that decides about an offer: the most specific one that covers it (RFC 9110, section 12.5.1). */
function bestCandidate(offer: Offer, ranges: readonly MediaRange[]): Candidate | undefined {
  let best: Candidate | undefined;
  ranges.forEach((range, place) => {
    const specificity = specificityOf(range, offer);
    if (specificity < 0) return;
    const candidate = { offer, range, specificity, place };
    if (
      best === undefined ||
      specificity > best.specificity ||
      (specificity === best.specificity && compare(candidate, best) < 0)
    ) {
      best = candidate;
    }
  });
  return best;
}

function compare(a: Candidate, b: Candidate): number {
  return b.range.weight - a.range.weight || b.specificity - a.specificity || a.place - b.place;
}

/** How closely a range describes an offer; -1 when it does not. */
function specificityOf({ type, parameters }: MediaRange, { mediaType, parameters: offered }: Offer): number {
  // A parameter that has to be given is not given by a range: then nothing tells that the reader knows the format.
  if (type.endsWith('/*') && offered.some(({ preset }) => preset === undefined)) return -1;
  if (type === '*/*') return 0;
  if (type.endsWith('/*')) return mediaType.startsWith(type.slice(0, -1)) ? 1 : -1;
  const served = offered.every(({ name, values, preset }) => values.includes(parameters.get(name) ?? preset ?? ''));
  return type === mediaType && served ? 2 : -1;
}

/** Repeats only what is in the lists above, and nothing of the header as it came. */
function contentType(
  { mediaType, parameters, suffix }: Offer,
  asked: ReadonlyMap<string, string>,
  escaping: Escaping,
): string {
  const own = parameters.map(({ name, values, preset }) => {
    const value = values.find((one) => one === asked.get(name)) ?? preset ?? values[0];
    return `; ${name}=${value}`;
  });
  return `${mediaType}${own.join('')}${suffix}; escaping=${escaping}`;
}

function parseRange(text: string): MediaRange {
  const [type = '', ...rest] = text.split(';');
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const [name = '', value = ''] = parameter.split('=', 2);
    parameters.set(name.trim().toLowerCase(), value.trim().replaceAll('"', ''));
  }
  return { type: type.trim().toLowerCase(), parameters, weight: weightOf(parameters.get('q')) };
}

/** Weights are 0 to 1 with at most three decimals; a range with any other is not usable. */
function weightOf(text: string | undefined): number {
  if (text === undefined) return 1;
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}

/** Whole ranges only: half a range could mean something else. */
function withinLimit(accept: string): string {
  return accept.length <= MOST_CHARACTERS
    ? accept
    : accept.slice(0, Math.max(0, accept.lastIndexOf(',', MOST_CHARACTERS)));
}
