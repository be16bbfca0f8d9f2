// Credentials: what gets in, what does not, and that a comparison never sees two secrets of different length.
import * as crypto from 'node:crypto';
import { guardOf } from '../../lib/http/authorization.js';

jest.mock('node:crypto', () => {
  const real = jest.requireActual<typeof crypto>('node:crypto');
  return { ...real, timingSafeEqual: jest.fn(real.timingSafeEqual) };
});
const comparisons = jest.mocked(crypto.timingSafeEqual);

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('guardOf', () => {
  it('answers undefined without credentials, because everyone may come in then', () => {
    expect(guardOf(undefined)).toBeUndefined();
  });

  describe('bearer token', () => {
    const guard = guardOf({ bearerToken: 's3cret-Token' })!;

    it.each([['Bearer s3cret-Token'], ['bearer s3cret-Token'], ['BEARER   s3cret-Token']])('admits "%s"', (header) => {
      expect(guard.admits(header)).toBe(true);
    });

    it.each([
      [undefined],
      [''],
      ['Bearer'],
      ['Bearer '],
      ['s3cret-Token'],
      ['Bearer s3cret-Toke'],
      ['Bearer s3cret-Token1'],
      ['Bearer S3cret-Token'],
      ['Bearer s3cret-Token s3cret-Token'],
      ['Bearer s3cret-Token, Bearer s3cret-Token'],
      ['Bearer\ts3cret-Token'],
      ['Basic s3cret-Token'],
      [basic('s3cret-Token:')],
      [`Bearer ${'x'.repeat(16_000)}`],
      [`Bearer${' '.repeat(16_000)}`],
      ['Bearer \u00e9'],
    ])('refuses "%.40s"', (header) => {
      expect(guard.admits(header)).toBe(false);
    });

    it('names the scheme in its challenge', () => {
      expect(guard.challenge).toBe('Bearer realm="metrics"');
    });
  });

  describe('user name and password', () => {
    const guard = guardOf({ username: 'prometheus', password: 'pässword: 1' })!;

    it.each([[basic('prometheus:pässword: 1')], [basic('prometheus:pässword: 1').replace('Basic', 'basic')]])(
      'admits "%s"',
      (header) => {
        expect(guard.admits(header)).toBe(true);
      },
    );

    it.each([
      [undefined],
      ['Basic'],
      ['Basic !!!!'],
      ['Basic ===='],
      [basic('')],
      [basic('prometheus')],
      [basic('prometheus:')],
      [basic(':pässword: 1')],
      [basic('prometheus:pässword: 2')],
      [basic('prometheus:pässword: 1 ')],
      [basic('Prometheus:pässword: 1')],
      [`${basic('prometheus:pässword: 1')}!`],
      [`${basic('prometheus:pässword: 1')}, x`],
      ['Basic prometheus:pässword: 1'],
      [`Bearer ${Buffer.from('prometheus:pässword: 1').toString('base64')}`],
      [basic('x'.repeat(10_000))],
    ])('refuses "%.40s"', (header) => {
      expect(guard.admits(header)).toBe(false);
    });

    it('cannot be shifted between name and password', () => {
      const shifted = guardOf({ username: 'ab', password: 'c' })!;
      expect(shifted.admits(basic('a:bc'))).toBe(false);
      expect(shifted.admits(basic('abc:'))).toBe(false);
      expect(shifted.admits(basic('ab:c'))).toBe(true);
    });

    it('names the scheme in its challenge', () => {
      expect(guard.challenge).toBe('Basic realm="metrics", charset="UTF-8"');
    });
  });

  it.each([
    ['bearer token', { bearerToken: 'abc' }, 'Bearer '],
    ['user name and password', { username: 'a', password: 'b' }, 'Basic '],
  ])('compares digests of one length with a %s, once for every request', (_, credentials, scheme) => {
    const guard = guardOf(credentials)!;
    for (const header of [undefined, '', scheme, `${scheme}a`, `${scheme}${'b'.repeat(5_000)}`, 'Other abc']) {
      comparisons.mockClear();
      guard.admits(header);
      expect(comparisons.mock.calls.map(([a, b]) => [a.byteLength, b.byteLength])).toEqual([[32, 32]]);
    }
  });

  it.each([
    ['an empty token', { bearerToken: '' }],
    ['a missing token', { bearerToken: undefined as unknown as string }],
    ['a token with the line break of its file', { bearerToken: 'abc\n' }],
    ['a token with a blank', { bearerToken: 'a b' }],
    ['a token that no header can carry', { bearerToken: 'schlüssel' }],
    ['an empty user name', { username: '', password: 'x' }],
    ['a user name with a colon', { username: 'a:b', password: 'x' }],
    ['an empty password', { username: 'a', password: '' }],
    ['a missing password', { username: 'a' } as { username: string; password: string }],
  ])('refuses to be set up with %s, without showing it', (_, credentials) => {
    expect(() => guardOf(credentials)).toThrow(
      expect.objectContaining({ kind: 'invalid_option', message: expect.stringMatching(/\(not shown\)\. Give /) }),
    );
  });
});
