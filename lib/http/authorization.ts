// Who may scrape: one bearer token, or one user name and password. Kept in one small file because everything here must
// take the same time whatever it is given.
import { createHash, timingSafeEqual } from 'node:crypto';
import { type Credentials, invalidOption } from './options.js';

/** Tells requests with the right `Authorization` header from all others. */
export interface Guard {
  /** The `WWW-Authenticate` header of a refusal. */
  readonly challenge: string;
  admits(authorization: string | undefined): boolean;
}

/** Answers undefined when everyone may come in. Throws `invalid_option` for credentials that nobody could ever present. */
export function guardOf(credentials: Credentials | undefined): Guard | undefined {
  if (credentials === undefined) return undefined;
  return 'bearerToken' in credentials ? bearerGuard(credentials.bearerToken) : basicGuard(credentials);
}

function bearerGuard(token: unknown): Guard {
  // A token that was read from a file often ends in a line break, and one from the environment may be missing.
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw invalidOption(
      'auth.bearerToken',
      'not shown',
      'Give visible ASCII characters without blanks or line breaks.',
    );
  }
  const admitsDigest = secretOf(Buffer.from(token));
  return {
    challenge: 'Bearer realm="metrics"',
    admits: (authorization) => admitsDigest(credentialsIn(authorization, 'bearer')),
  };
}

function basicGuard({ username, password }: { readonly username: unknown; readonly password: unknown }): Guard {
  if (typeof username !== 'string' || username === '' || username.includes(':')) {
    throw invalidOption('auth.username', 'not shown', 'Give a user name that is not empty and has no colon.');
  }
  if (typeof password !== 'string' || password === '') {
    throw invalidOption('auth.password', 'not shown', 'Give a password that is not empty.');
  }
  // The name has no colon, so that name and password together are compared as one secret.
  const admitsDigest = secretOf(Buffer.from(`${username}:${password}`));
  return {
    challenge: 'Basic realm="metrics", charset="UTF-8"',
    admits: (authorization) => {
      const encoded = credentialsIn(authorization, 'basic')?.toString('latin1');
      const wellFormed = encoded !== undefined && /^[A-Za-z0-9+/]+={0,2}$/.test(encoded);
      return admitsDigest(wellFormed ? Buffer.from(encoded, 'base64') : undefined);
    },
  };
}

/**
 * Compares digests instead of the secrets, so that both sides have the same length and nothing about the secret, its
 * length included, shows in the time that a comparison takes. A missing secret takes as long as a wrong one.
 */
function secretOf(secret: Buffer): (given: Buffer | undefined) => boolean {
  const expected = digest(secret);
  return (given) => timingSafeEqual(digest(given ?? Buffer.alloc(0)), expected);
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** The part after the scheme, as the bytes that were sent: header text is one character per byte. */
function credentialsIn(authorization: string | undefined, scheme: string): Buffer | undefined {
  const found = /^([A-Za-z]+) +([^ ]+)$/.exec(authorization ?? '');
  return found?.[1]?.toLowerCase() === scheme ? Buffer.from(found[2] ?? '', 'latin1') : undefined;
}
