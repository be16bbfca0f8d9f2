// Texts of every kind of character, well-formed, with many of those that need escaping. In one place, because the
// properties of writers, escapes and whole expositions are about the same texts.
import fc from 'fast-check';

const anyCharacter = fc
  .integer({ min: 0, max: 0x10ffff })
  .map((code) => (code >= 0xd800 && code <= 0xdfff ? ' ' : String.fromCodePoint(code)));

/** Strings up to so many characters. */
export function anyText(maxLength = 20): fc.Arbitrary<string> {
  const unit = fc.oneof(
    fc.constantFrom('\\', '"', '\n', '\r', '\0', 'n', 'a', ',', '}', 'é', '花', '😱'),
    anyCharacter,
  );
  return fc.string({ unit, maxLength });
}
