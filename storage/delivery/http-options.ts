// What a push target can be told, checked once and copied, so that nothing a caller does later to the objects it gave changes
// what is sent, and so that no request can fail for a reason that was known at the start.
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { createSecureContext, type SecureContext } from 'node:tls';
import { MetricDefinitionError } from '../../lib/errors.js';

/** Who pushes, as the server wants to know it. */
export type PushAuth = { readonly bearerToken: string } | { readonly username: string; readonly password: string };

/** In PEM, as for Node's own TLS. */
export interface PushTls {
  /** Whose certificates are trusted, instead of those that Node trusts. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[];
  /** The client's own certificate and key, for servers that ask for them. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly passphrase?: string;
  /** The name that the server's certificate has to carry, where it is not that of the URL. */
  readonly servername?: string;
  /** `false` trusts every certificate, and with it everybody in between. For experiments only. */
  readonly rejectUnauthorized?: boolean;
}

export interface HttpTargetOptions {
  /** `http:` or `https:`. A user name and password in it are sent as basic auth, and shown nowhere. */
  readonly url: string | URL;
  readonly auth?: PushAuth;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: PushTls;
  /** For a whole request, the name's look-up and the answer included. Default 10 000, at most a day. */
  readonly timeoutMs?: number;
}

export interface HttpSettings {
  /** Without credentials and fragment. */
  readonly url: URL;
  /** As errors show it: without what could be secret. */
  readonly shownUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly tls: TlsSettings | undefined;
}

export interface TlsSettings {
  readonly secureContext: SecureContext;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DAY_MS = 86_400_000;
/** They describe the message itself or the connection: another value breaks the request, or hides one in another. */
const OWN_HEADERS = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Throws a `MetricDefinitionError` (`invalid_option`) for whatever could never work. No message repeats a secret. */
export function httpSettings(options: HttpTargetOptions): HttpSettings {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const given = parseUrl(options.url);
  const url = new URL(given);
  url.username = '';
  url.password = '';
  url.hash = '';
  if (!(typeof timeoutMs === 'number' && timeoutMs >= 1 && timeoutMs <= DAY_MS)) {
    refuse('timeoutMs', String(timeoutMs), 'Give milliseconds, from 1 to 86 400 000 (a day).');
  }
  for (const option of ['auth', 'headers', 'tls'] as const) {
    const value: unknown = options[option];
    if (value !== undefined && (typeof value !== 'object' || value === null)) {
      refuse(option, value === null ? 'null' : typeof value, 'Give an object, or leave it out.');
    }
  }
  const headers = checkHeaders(options.headers ?? {});
  const authorization = authorizationOf(given, options);
  if (authorization !== undefined) headers.authorization = authorization;
  return {
    url,
    shownUrl: url.origin + url.pathname.replace(/\/$/, ''),
    headers,
    timeoutMs,
    tls: tlsSettings(url, options.tls),
  };
}

function refuse(option: string, value: string, rule: string): never {
  throw new MetricDefinitionError({ kind: 'invalid_option', option, value, rule });
}

function parseUrl(text: string | URL): URL {
  const rule = 'Give the URL of the server with http:// or https://, as in http://127.0.0.1:9091.';
  const url = URL.canParse(String(text)) ? new URL(String(text)) : undefined;
  // What cannot be parsed may hold a password all the same, so that it is not repeated.
  if (url === undefined) return refuse('url', text === '' ? 'empty' : 'not a URL', rule);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return refuse('url', url.protocol, rule);
  return url;
}

function checkHeaders(given: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    try {
      validateHeaderName(name);
      if (typeof value !== 'string') throw new TypeError('not a string');
      validateHeaderValue(name, value);
    } catch {
      // The value may be a secret, and the name may hold line breaks.
      refuse('headers', JSON.stringify(name), 'Names are tokens, and values are strings without line breaks.');
    }
    const lower = name.toLowerCase();
    if (OWN_HEADERS.has(lower)) refuse('headers', name, 'This header follows from what is sent: leave it out.');
    headers[lower] = value;
  }
  return headers;
}

function authorizationOf(url: URL, { auth, headers = {} }: HttpTargetOptions): string | undefined {
  const inUrl = url.username !== '' || url.password !== '';
  const inHeaders = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  if (Number(inUrl) + Number(inHeaders) + Number(auth !== undefined) > 1) {
    refuse('auth', 'given twice', 'Give credentials once: as auth, as a header, or in the URL.');
  }
  if (inUrl) return basic(decoded(url.username), decoded(url.password));
  if (auth === undefined) return undefined;
  if ('bearerToken' in auth) {
    const rule = 'A bearer token is a text of visible ASCII characters. Check the variable that it comes from.';
    if (!(typeof auth.bearerToken === 'string' && /^[\x21-\x7e]+$/.test(auth.bearerToken))) {
      refuse('auth', 'a bearer token that cannot be sent', rule);
    }
    return `Bearer ${auth.bearerToken}`;
  }
  return basic(auth.username, auth.password);
}

/** As in RFC 7617, in UTF-8. */
function basic(username: string, password: string): string {
  const isText = typeof username === 'string' && typeof password === 'string';
  if (!isText || username === '' || username.includes(':')) {
    refuse('auth', 'a user name that cannot be sent', 'Give a user name without colons, and a password.');
  }
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function tlsSettings(url: URL, given: PushTls | undefined): TlsSettings | undefined {
  if (given === undefined) return undefined;
  if (url.protocol !== 'https:') refuse('tls', 'given for http://', 'Give a URL with https://, or leave tls out.');
  const { ca, cert, key, passphrase, servername, rejectUnauthorized } = given;
  try {
    const secureContext = createSecureContext({
      ...(ca === undefined ? {} : { ca: typeof ca === 'string' || Buffer.isBuffer(ca) ? ca : [...ca] }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(passphrase === undefined ? {} : { passphrase }),
    });
    return {
      secureContext,
      ...(servername === undefined ? {} : { servername }),
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    };
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : 'unusable';
    return refuse('tls', problem, 'Give certificates and keys in PEM; cert and key belong together.');
  }
}
