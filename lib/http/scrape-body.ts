// The body of a successful scrape, on its way out: pieces that are made when they are asked for. A class, because a
// scrape ends in many ways (complete, failed, the client left, the reader fell asleep) and must end exactly once.
import { CLIENT_LEFT, type EndOfScrape } from './scrape-metrics.js';

export interface BodyOptions {
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  /** Ends the scrape when nobody asked for the next piece for so long, or took the last one. */
  readonly stallMs: number;
  /** Takes back the memory of a piece whose bytes have left. */
  readonly release: (piece: Uint8Array) => void;
  /** Called once, however the scrape ends. */
  readonly onEnd: EndOfScrape;
}

/** Pieces made before the first one is sent: a failure among them can still become a status, and a short body has a length. */
const PIECES_AHEAD = 2;

export class ScrapeBody {
  readonly #pieces: AsyncGenerator<Uint8Array>;
  readonly #options: BodyOptions;
  readonly #ahead: Uint8Array[] = [];
  readonly #abandoned = new AbortController();
  #complete = false;
  #ended = false;
  #stall: NodeJS.Timeout | undefined;

  private constructor(pieces: AsyncGenerator<Uint8Array>, options: BodyOptions) {
    this.#pieces = pieces;
    this.#options = options;
  }

  /** Rejects when the first pieces cannot be made; the scrape has ended then. */
  static async open(pieces: AsyncGenerator<Uint8Array>, options: BodyOptions): Promise<ScrapeBody> {
    const body = new ScrapeBody(pieces, options);
    while (!body.#complete && body.#ahead.length < PIECES_AHEAD) await body.#make();
    if (!body.#ended) {
      options.signal.addEventListener('abort', body.#onSignal);
      body.#stall = setTimeout(body.#onStall, options.stallMs).unref();
      if (options.signal.aborted) body.#onSignal();
    }
    return body;
  }

  /** The number of bytes, where it is known before sending. */
  get length(): number | undefined {
    return this.#complete ? this.#ahead.reduce((total, piece) => total + piece.byteLength, 0) : undefined;
  }

  /** Aborted when the body ends without being complete: nobody may take what was sent for the whole. */
  get abandoned(): AbortSignal {
    return this.#abandoned.signal;
  }

  /** Answers undefined after the last piece. Rejects when the rest cannot be made or was abandoned. */
  async next(): Promise<Uint8Array | undefined> {
    this.#stall?.refresh();
    if (this.#ahead.length === 0 && !this.#complete) await this.#make();
    if (this.#abandoned.signal.aborted) throw new Error('The scrape was abandoned before its end.');
    return this.#ahead.shift();
  }

  /** Ends the scrape as complete, because its bytes have left. Does nothing while there are pieces to hand out. */
  finish(): void {
    if (this.#complete && this.#ahead.length === 0) this.#end(200);
  }

  /** Gives back the memory of a piece. Only call it when nothing can read the bytes any more; calling it is optional. */
  release(piece: Uint8Array): void {
    this.#options.release(piece);
  }

  /** Ends the scrape early, because the client left. Does nothing once it has ended. */
  abandon(): void {
    this.#fail(CLIENT_LEFT);
  }

  readonly #onSignal = (): void => this.#fail(CLIENT_LEFT);
  readonly #onStall = (): void => this.#fail(CLIENT_LEFT);

  async #make(): Promise<void> {
    try {
      const { done, value } = await this.#pieces.next();
      if (done) this.#complete = true;
      else this.#ahead.push(value);
    } catch (cause) {
      this.#fail(500, cause);
      throw cause;
    }
  }

  #fail(code: number, cause?: unknown): void {
    if (this.#ended) return;
    this.#end(code, cause);
    this.#abandoned.abort();
    this.#ahead.length = 0;
    // Ends the walk over the families, which would keep the places of removed series otherwise.
    this.#pieces.return(undefined).catch(() => {});
  }

  #end(code: number, cause?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#stall);
    this.#options.signal.removeEventListener('abort', this.#onSignal);
    this.#options.onEnd(code, cause);
  }
}
