// The hash by which alerts are known, against a plain computation with bigints. Beside a real Alertmanager it is tried in
// alertmanager-servers.test.ts.
import fc from 'fast-check';
import { fingerprint } from '../../../lib/alerts/notifiers/fingerprint.js';

/** FNV-1a as its specification has it. */
function plainHash(bytes: Iterable<number>): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) % 2n ** 64n;
  return hash.toString(16).padStart(16, '0');
}

describe('fingerprint', () => {
  it('is the offset basis for no labels', () => {
    expect(fingerprint({})).toBe('cbf29ce484222325');
  });

  it('does not depend on the order of labels, nor on those that are empty', () => {
    expect(fingerprint({ b: '2', c: '', a: '1' })).toBe(fingerprint({ a: '1', b: '2' }));
  });

  it('is FNV-1a over names and values, each ended by a byte that no text has', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z_][a-z0-9_]*$/), fc.string({ unit: 'binary', minLength: 1 })),
        (labels) => {
          const parts = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
          const bytes = parts.flatMap((pair) => pair.flatMap((text) => [...Buffer.from(text), 0xff]));
          expect(fingerprint(labels)).toBe(plainHash(bytes));
        },
      ),
    );
  });
});
