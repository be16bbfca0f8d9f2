// That the copies which touch more than they were asked for still leave the right bytes behind.
import fc from 'fast-check';
import { copyBytes, SLACK, utf8Room, viewOf, writeUtf8 } from '../../lib/exposition/bytes.js';
import { anyText } from './any-text.js';

describe('copyBytes', () => {
  it('copies exactly the bytes asked for, and touches at most the slack behind them', () => {
    fc.assert(
      fc.property(anyText(100), fc.nat(20), fc.nat(20), (value, from, at) => {
        const bytes = Buffer.from(value);
        const source = new Uint8Array(from + bytes.length + SLACK).fill(0x2e);
        source.set(bytes, from);
        const target = new Uint8Array(at + bytes.length + SLACK + 4).fill(0xab);
        copyBytes(new DataView(target.buffer), at, new DataView(source.buffer), from, bytes.length);
        expect(
          Buffer.from(target)
            .subarray(at, at + bytes.length)
            .equals(bytes),
        ).toBe(true);
        expect(target.subarray(0, at).every((byte) => byte === 0xab)).toBe(true);
        expect(target.subarray(-4).every((byte) => byte === 0xab)).toBe(true);
      }),
    );
  });

  it('copies nothing where the length is 0', () => {
    const target = viewOf(0);
    copyBytes(target, 0, new DataView(Uint8Array.from({ length: 8 }, () => 1).buffer), 0, 0);
    expect(target.getUint8(0)).toBe(0);
  });
});

describe('writeUtf8', () => {
  it('writes what TextEncoder writes, within the room that is asked for it', () => {
    const text = fc.oneof(anyText(), fc.string());
    fc.assert(
      fc.property(text, fc.boolean(), (piece, long) => {
        const value = long ? piece.padEnd(2000, piece || ' ') : piece;
        const target = viewOf(utf8Room(value) + 5);
        const end = writeUtf8(target, 5, value);
        expect(end - 5).toBeLessThanOrEqual(utf8Room(value));
        expect(Buffer.from(target.buffer, 5, end - 5)).toEqual(Buffer.from(new TextEncoder().encode(value)));
      }),
    );
  });

  it('writes the first and the last character of every length', () => {
    for (const text of ['\0', '\x7f', '\x80', '\u07ff', '\u0800', '\uffff', '\u{10000}', '\u{10ffff}']) {
      const target = viewOf(utf8Room(text));
      const end = writeUtf8(target, 0, text);
      expect(Buffer.from(target.buffer, 0, end)).toEqual(Buffer.from(text));
    }
  });

  it('writes the replacement character for a lone surrogate', () => {
    const target = viewOf(20);
    const end = writeUtf8(target, 0, 'a\ud800b');
    expect(Buffer.from(target.buffer, 0, end).toString()).toBe('a\ufffdb');
  });
});
