// Shows the figures while the shop runs: frames on a terminal, a line per interval everywhere else. Apart from both, because
// this is the part that keeps time and asks for figures.
import type { WriteStream } from 'node:tty';
import type { Figures } from './figures.js';
import { type FrameOptions, frame } from './frame.js';
import { plainLine } from './plain.js';
import { Screen } from './screen.js';

export interface LiveViewOptions {
  readonly out: WriteStream;
  readonly colours: boolean;
  readonly read: () => Promise<Figures>;
  readonly frame: () => Omit<FrameOptions, 'columns' | 'rows'>;
}

const FRAME_MS = 500;
const LINE_MS = 2_000;

export class LiveView {
  readonly #options: LiveViewOptions;
  readonly #screen: Screen | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #redraw = () => void this.#show();
  #showing: Promise<void> | undefined;

  constructor(options: LiveViewOptions) {
    const { out, colours } = options;
    this.#options = options;
    this.#screen = out.isTTY ? new Screen(out, { colours }) : undefined;
    this.#timer = setInterval(this.#redraw, this.#screen === undefined ? LINE_MS : FRAME_MS);
    if (this.#screen !== undefined) {
      out.on('resize', this.#redraw);
      this.#redraw();
    }
  }

  /** Shows the last figures and leaves the terminal as it was. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#options.out.off('resize', this.#redraw);
    await this.#showing;
    this.#screen?.close();
  }

  #show(): Promise<void> {
    this.#showing ??= this.#showOnce().finally(() => {
      this.#showing = undefined;
    });
    return this.#showing;
  }

  async #showOnce(): Promise<void> {
    const { out, read, frame: options } = this.#options;
    const figures = await read();
    if (this.#screen === undefined) out.write(`${plainLine(figures)}\n`);
    else this.#screen.draw(frame(figures, { ...options(), ...this.#screen.size }));
  }
}
