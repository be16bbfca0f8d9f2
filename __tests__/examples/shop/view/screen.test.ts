// What is written to a terminal: frames over frames without clearing, and the terminal given back at the end.
import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { Screen } from '../../../../examples/shop/view/screen.js';
import { span } from '../../../../examples/shop/view/text.js';

function terminal(highWaterMark = 16_384) {
  const out = new PassThrough({ highWaterMark });
  return { out: out as unknown as WriteStream, written: () => String(out.read() ?? '') };
}

describe('Screen', () => {
  describe('draw', () => {
    it('writes a frame over the one before, from the home position, erasing only what is left of it', () => {
      const { out, written } = terminal();
      const screen = new Screen(out, { colours: true });
      expect(written()).toBe('\x1b[?1049h\x1b[?25l');
      screen.draw([[span('one', 'bold')], [span('two')]]);
      expect(written()).toBe('\x1b[?2026h\x1b[H\x1b[1mone\x1b[0m\x1b[K\r\ntwo\x1b[K\x1b[J\x1b[?2026l');
      screen.close();
    });

    it('leaves frames out as long as the terminal has not taken the one before', () => {
      const { out, written } = terminal(8);
      const screen = new Screen(out, { colours: false });
      screen.draw([[span('lost')]]);
      expect(written()).not.toContain('lost');
      screen.close();
    });
  });

  describe('close', () => {
    it('gives the terminal back, once, and draws nothing more', () => {
      const { out, written } = terminal();
      const listeners = process.listenerCount('exit');
      const screen = new Screen(out, { colours: true });
      expect(process.listenerCount('exit')).toBe(listeners + 1);
      written();
      screen.close();
      screen.close();
      screen.draw([[span('late')]]);
      expect(written()).toBe('\x1b[?25h\x1b[?1049l');
      expect(process.listenerCount('exit')).toBe(listeners);
    });
  });
});
