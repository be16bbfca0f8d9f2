// Styled lines: their width is that of their text, whatever the colours.
import { beside, clip, type Line, padded, paint, span, widthOf } from '../../../../examples/shop/view/text.js';

const line: Line = [span('ab'), span('▁▂', 'calm'), span('cd', 'dim')];

describe('lines of spans', () => {
  it('are cut and filled by what is visible', () => {
    expect(paint(clip(line, 3), false)).toBe('ab▁');
    expect(paint(padded(line, 8), false)).toBe('ab▁▂cd  ');
    expect(widthOf(padded(line, 4))).toBe(4);
  });

  it('stand side by side, also when one block is shorter', () => {
    const block = beside([line], 7, [[span('1')], [span('2')]]);
    expect(block.map((one) => paint(one, false))).toEqual(['ab▁▂cd 1', '       2']);
  });
});

describe('paint', () => {
  it('wraps what has a style into its code', () => {
    expect(paint(line, true)).toBe('ab\x1b[36m▁▂\x1b[0m\x1b[2mcd\x1b[0m');
  });

  it('leaves no code behind where colours are not wanted', () => {
    expect(paint(line, false)).toBe('ab▁▂cd');
  });
});
