// Why a scrape gave nothing, in sentences that say what to do. Only whoever runs the station reads them, so that they are no part
// of the library's own errors.
import { describe, type ExpositionParseError } from '../../errors.js';

export type ScrapeError =
  | { readonly kind: 'target_unreachable'; readonly cause: unknown }
  | { readonly kind: 'target_timed_out'; readonly seconds: number }
  | { readonly kind: 'target_refused'; readonly status: number }
  | { readonly kind: 'redirect_refused'; readonly location: string; readonly reason: string }
  | { readonly kind: 'encoding_refused'; readonly encoding: string }
  | { readonly kind: 'page_broke_off'; readonly cause: unknown }
  | { readonly kind: 'page_refused'; readonly cause: ExpositionParseError };

/** Carries a `ScrapeError` through code that reads streams; it never leaves the scraper. */
export class ScrapeFault extends Error {
  readonly error: ScrapeError;

  constructor(error: ScrapeError) {
    super(error.kind);
    this.error = error;
  }
}

const MOST_CHARACTERS = 200;

export function describeScrapeError(error: ScrapeError): string {
  switch (error.kind) {
    case 'target_unreachable':
      return `It cannot be reached: ${causeText(error.cause)}. Check that it runs and that the address is right.`;
    case 'target_timed_out':
      return `It did not answer within ${error.seconds} s.`;
    case 'target_refused': {
      const advice = error.status === 401 ? ': give user:password@ in its address' : '';
      return `It answered with HTTP status ${error.status}${advice}.`;
    }
    case 'redirect_refused':
      return `It redirects to ${shown(error.location)}, which is not followed: ${error.reason}.`;
    case 'encoding_refused':
      return `It answers in the encoding ${shown(error.encoding)}, which nobody asked for.`;
    case 'page_broke_off':
      return breakText(error.cause);
    case 'page_refused':
      return refusalText(error.cause);
  }
}

function refusalText(cause: ExpositionParseError): string {
  if (cause.kind !== 'exposition_too_large') return describe(cause);
  const { limit, allowed, line } = cause;
  return `Its page exceeds ${limit} (${allowed}) in line ${line}, which is more than a station takes. Nothing of it is kept.`;
}

/** What ends the reading of a page is the connection, or what unpacks it. */
function breakText(cause: unknown): string {
  const code = String((Object(cause) as { readonly code?: unknown }).code);
  if (code.startsWith('Z_')) return `Its page is compressed, and cannot be unpacked: ${causeText(cause)}.`;
  const reason = code === 'ECONNRESET' ? 'the connection was closed' : causeText(cause);
  return `Its page broke off before its end: ${reason}.`;
}

function causeText(cause: unknown): string {
  const { errors, message } = Object(cause) as { readonly errors?: readonly unknown[]; readonly message?: unknown };
  // A host with several addresses fails with one error for each of them, and an empty message.
  if (Array.isArray(errors) && errors.length > 0) return causeText(errors[0]);
  return shown(typeof message === 'string' && message !== '' ? message : String(cause));
}

function shown(text: string): string {
  const printable = text.replace(/\p{Cc}/gu, ' ');
  return printable.length <= MOST_CHARACTERS ? printable : `${printable.slice(0, MOST_CHARACTERS)}…`;
}
