// Which of the two views is shown where, and that the one on a terminal follows its size.
import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { LiveView } from '../../../../examples/shop/view/live-view.js';
import { figures } from '../support/figures.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

function shown(terminal: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number }) {
  const out = Object.assign(new PassThrough(), terminal);
  const view = new LiveView({
    out: out as unknown as WriteStream,
    colours: false,
    read: async () => figures,
    frame: () => ({ metricsUrl: 'http://m', shopUrl: 'http://s', load: 'running' }),
  });
  return { out, view, written: () => String(out.read() ?? '') };
}

const lineCount = (text: string) => text.split('\r\n').length;

describe('LiveView', () => {
  it('draws at once on a terminal, and again when its size changes', async () => {
    const { out, view, written } = shown({ isTTY: true, columns: 120, rows: 40 });
    await settle();
    const whole = written();
    expect(whole).toContain('\x1b[H telltale');
    Object.assign(out, { columns: 60, rows: 10 });
    out.emit('resize');
    await settle();
    const small = written();
    expect(lineCount(small)).toBe(10);
    expect(lineCount(whole)).toBeGreaterThan(10);
    await view.close();
    expect(out.listenerCount('resize')).toBe(0);
    expect(written()).toBe('\x1b[?25h\x1b[?1049l');
  });

  it('writes no code of a terminal to what is none', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const { view, written } = shown({});
    await settle();
    expect(written()).toBe('');
    jest.advanceTimersByTime(2_000);
    await settle();
    expect(written()).toMatch(/^ 1 min 23 s {2}182 requests\/s .*\n$/);
    await view.close();
    expect(written()).toBe('');
    jest.useRealTimers();
  });
});
