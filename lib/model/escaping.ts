// How names beyond the classic rule are told to readers that know only classic ones. Pure functions on names; which of them
// a family gets, and what happens when two names become one, is decided where families are shown.
import { isLabelName, isMetricName } from './names.js';

/**
 * `allow-utf-8` leaves names as they are. The others make classic names: `underscores` puts an underscore in place of whatever
 * is not allowed, `dots` keeps points and underscores apart, and `values` can be undone for every name.
 */
export type Escaping = 'allow-utf-8' | 'underscores' | 'dots' | 'values';

/** Source: https://prometheus.io/docs/instrumenting/escaping_schemes/ */
export const ESCAPINGS: readonly Escaping[] = ['allow-utf-8', 'underscores', 'dots', 'values'];

export function isEscaping(value: unknown): value is Escaping {
  return (ESCAPINGS as readonly unknown[]).includes(value);
}

const VALUES_PREFIX = 'U__';
const LAST_CODE_POINT = 0x10ffff;

/**
 * A metric name as a scheme writes it. Encoders escape only names that are not classic, as Prometheus' own libraries do.
 *
 * @example
 * escapeName('http.server_duration', 'underscores'); // http_server_duration
 * escapeName('http.server_duration', 'dots'); // http_dot_server__duration
 * escapeName('http.server_duration', 'values'); // U__http_2e_server__duration
 */
export function escapeName(name: string, escaping: Escaping): string {
  return escaped(name, escaping, isMetricName);
}

/** A label name as a scheme writes it: as a metric name, but that a colon is not allowed in it. */
export function escapeLabelName(name: string, escaping: Escaping): string {
  return escaped(name, escaping, isLabelName);
}

/**
 * What a name was before it was escaped, as far as the scheme lets that be known: `values` gives back every name, `dots` those
 * of classic characters and points, `underscores` nothing. A name that the scheme cannot have made comes back as it is.
 */
export function unescapeName(name: string, escaping: Escaping): string {
  if (escaping === 'dots') return name.replaceAll('_dot_', '.').replaceAll('__', '_');
  return escaping === 'values' && name.startsWith(VALUES_PREFIX) ? unescapeValues(name) : name;
}

/** Writes one character of a name; `fits` where the classic rule allows it at its place. */
type Writer = (character: string, fits: boolean) => string;

const WRITERS: Readonly<Record<Exclude<Escaping, 'allow-utf-8'>, Writer>> = {
  underscores: (character, fits) => (fits ? character : '_'),
  dots: (character, fits) => {
    if (character === '.') return '_dot_';
    return fits && character !== '_' ? character : '__';
  },
  values: (character, fits) => {
    if (character === '_') return '__';
    return fits ? character : `_${hexOf(character)}_`;
  },
};

function escaped(name: string, escaping: Escaping, isClassic: (name: string) => boolean): string {
  // Points and underscores can be told apart only where every name has its underscores doubled.
  if (escaping === 'allow-utf-8' || (escaping !== 'dots' && isClassic(name)) || name === '') return name;
  const write = WRITERS[escaping];
  let text = escaping === 'values' ? VALUES_PREFIX : '';
  let before = '';
  for (const character of name) {
    // Behind a letter a digit is fine, too.
    text += write(character, isClassic(before + character));
    before = 'a';
  }
  return text;
}

function hexOf(character: string): string {
  return (character.codePointAt(0) as number).toString(16);
}

function unescapeValues(name: string): string {
  let isValid = true;
  const text = name
    .slice(VALUES_PREFIX.length)
    .replace(/__|_([0-9a-f]{1,6})_|_/gi, (piece, hex: string | undefined) => {
      if (piece === '__') return '_';
      const codePoint = hex === undefined ? Number.NaN : Number.parseInt(hex, 16);
      isValid &&= codePoint <= LAST_CODE_POINT && !(codePoint >= 0xd800 && codePoint <= 0xdfff);
      return isValid ? String.fromCodePoint(codePoint) : piece;
    });
  return isValid ? text : name;
}
