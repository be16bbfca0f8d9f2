// Draws frames on a terminal without flicker: on the alternate screen, each frame in one write over the one before, from
// the home position, never clearing first. Whatever happens to the process, the terminal is given back as it was.
import type { WriteStream } from 'node:tty';
import { type Line, paint } from './text.js';

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const ERASE_LINE = '\x1b[K';
const ERASE_BELOW = '\x1b[J';
/** Terminals that know it show everything in between at once; others ignore it. */
const BEGIN_UPDATE = '\x1b[?2026h';
const END_UPDATE = '\x1b[?2026l';

export class Screen {
  readonly #out: WriteStream;
  readonly #colours: boolean;
  readonly #giveBack = () => this.close();
  #open = true;

  constructor(out: WriteStream, { colours }: { readonly colours: boolean }) {
    this.#out = out;
    this.#colours = colours;
    out.write(ENTER);
    process.once('exit', this.#giveBack);
  }

  get size(): { readonly columns: number; readonly rows: number } {
    // A terminal that does not know its size says 0.
    return { columns: this.#out.columns || 80, rows: this.#out.rows || 24 };
  }

  draw(lines: readonly Line[]): void {
    // A terminal that is slower than the frames gets fewer of them.
    if (!this.#open || this.#out.writableNeedDrain) return;
    const text = lines.map((line) => paint(line, this.#colours) + ERASE_LINE).join('\r\n');
    this.#out.write(BEGIN_UPDATE + HOME + text + ERASE_BELOW + END_UPDATE);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    process.removeListener('exit', this.#giveBack);
    this.#out.write(LEAVE);
  }
}
