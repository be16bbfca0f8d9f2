// That nothing in a label value or a help text can end it early: a forgotten escape would let callers make up series.
import fc from 'fast-check';
import { escapeClassicHelp, escapeQuoted, labelText } from '../../lib/exposition/escape.js';
import { anyText } from './any-text.js';

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

describe('labelText', () => {
  it('puts the value between quotes and escapes what would end it', () => {
    expect(labelText('path', 'C:\\"new"\n')).toBe('path="C:\\\\\\"new\\"\\n"');
  });

  it('leaves other control characters and other scripts as they are', () => {
    expect(labelText('text', '\r\t\0é😱')).toBe('text="\r\t\0é😱"');
  });
});

describe('escapeQuoted', () => {
  it('can be undone', () => {
    fc.assert(fc.property(anyText(), (text) => expect(unescaped(escapeQuoted(text))).toBe(text)));
  });

  it('leaves no line feed and no quote that is not escaped', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(escapeQuoted(text)).toMatch(/^(?:[^\\"\n]|\\[\\"n])*$/);
      }),
    );
  });
});

describe('escapeClassicHelp', () => {
  it('leaves quotes alone and escapes backslashes and line feeds', () => {
    expect(escapeClassicHelp('a "b"\\\nc')).toBe('a "b"\\\\\\nc');
  });

  it('can be undone', () => {
    fc.assert(fc.property(anyText(), (text) => expect(unescaped(escapeClassicHelp(text))).toBe(text)));
  });
});
