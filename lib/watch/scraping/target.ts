// What is watched: an address, and the two labels by which everything that is read there can be told from the rest.
import { createHash } from 'node:crypto';
import { err, ok, type Result } from 'neverthrow';

export interface Target {
  /** Without credentials. */
  readonly url: URL;
  readonly job: string;
  /** Host and port, as they were given. */
  readonly instance: string;
  /** The `Authorization` header, where the address had credentials. */
  readonly authorization?: string;
}

/** The job of targets that are given without one. */
const DEFAULT_JOB = 'watch';

/**
 * Reads `[job=]url`. A scheme that is missing is http, a path that is missing `/metrics`; `user:password@` become a header.
 *
 * @returns The target, or what is wrong with the text, as a sentence.
 *
 * @example
 * parseTarget('shop=localhost:3000'); // http://localhost:3000/metrics with {job="shop",instance="localhost:3000"}
 */
export function parseTarget(text: string): Result<Target, string> {
  const [, job = DEFAULT_JOB, address = ''] = /^(?:([^=:/?#]+)=)?(.*)$/s.exec(text) ?? [];
  const shown = text.slice(0, 200);
  if (text.startsWith('=')) return err(`"${shown}" names no job. Give one as in shop=http://localhost:3000/metrics.`);
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  if (!URL.canParse(withScheme)) return err(`"${shown}" is no address. Give one as in http://localhost:3000/metrics.`);
  const url = new URL(withScheme);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return err(`"${shown}" is neither http nor https, and nothing else can be watched.`);
  }
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  if (url.pathname === '/' && !/\/(?:[?#]|$)/.test(withScheme.replace(/^[^/]*\/\//, ''))) url.pathname = '/metrics';
  const target = { url, job, instance: url.host };
  if (username === '' && password === '') return ok(target);
  const credentials = decoded(`${username}:${password}`);
  if (credentials === undefined) return err(`"${shown}" has credentials that are not percent-encoded.`);
  return ok({ ...target, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Tells one target from all others; series of two targets with the same key could not be told apart. */
export function targetKey({ job, instance }: Target): string {
  return JSON.stringify([job, instance]);
}

/** A number from 0 to 1 that is the same for a target whenever it is asked for. */
export function targetShare(target: Target): number {
  return (
    createHash('sha256')
      .update(`${targetKey(target)}${target.url.href}`)
      .digest()
      .readUInt32BE() /
    2 ** 32
  );
}

/** A name for the folder of a target's files: readable, and different for different targets. */
export function targetFolder(target: Target): string {
  const readable = `${target.job}-${target.instance}`.replace(/[^a-zA-Z0-9.-]/g, '_').slice(0, 80);
  return `${readable}-${createHash('sha256').update(targetKey(target)).digest('hex').slice(0, 12)}`;
}
