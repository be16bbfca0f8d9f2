// By what name errors are counted.
import { errorTypeOf } from '../../decorators/error-type.js';

class DatabaseError extends Error {}
class Named extends Error {
  override name = 'QuotaExceeded';
}

describe('errorTypeOf', () => {
  it.each([
    [{ kind: 'no_stock', code: 1, name: 'X' }, 'no_stock'],
    [{ code: 'ECONNREFUSED', name: 'X' }, 'ECONNREFUSED'],
    [{ code: 404 }, '404'],
    [{ code: '23505' }, '23505'],
    [{ code: 'auth/user-not-found' }, 'auth/user-not-found'],
    [new DOMException('personal data', 'AbortError'), 'AbortError'],
    [{ kind: 'no user Ada', code: 'ada@example.com', name: 'NotFound' }, 'NotFound'],
    [Object.assign(new TypeError(), { name: 'TypeError: personal data' }), 'TypeError'],
    [{ name: 'AbortError' }, 'AbortError'],
    [new Named(), 'QuotaExceeded'],
    [new DatabaseError('personal data'), 'DatabaseError'],
    [new TypeError('personal data'), 'TypeError'],
    [new Error('personal data'), 'Error'],
    [Object.assign(new Error('x'), { kind: '' }), 'Error'],
    [{ kind: 'x'.repeat(101) }, 'unknown'],
    [{ kind: { toString: () => 'x' } }, 'unknown'],
    [{ code: Number.NaN }, 'unknown'],
    ['personal data', 'unknown'],
    [undefined, 'unknown'],
    [null, 'unknown'],
    [{}, 'unknown'],
    [Object.create(null), 'unknown'],
  ])('of %p is %s', (error, type) => {
    expect(errorTypeOf(error)).toBe(type);
  });

  it('of an error that cannot be read is unknown', () => {
    const unreadable = {
      get kind(): string {
        throw new Error('broken');
      },
    };
    expect(errorTypeOf(unreadable)).toBe('unknown');
  });
});
