// How many bytes the storage holds, and what goes first when they are too many. Every part counts what it keeps here,
// so that the limit speaks of all of it: samples, label sets, indexes.

/** A part of the storage that can let go of its oldest samples. */
export interface Evictable {
  /** When the newest of the samples that would go next was taken; infinite when there are none that can go. */
  readonly oldestMs: number;
  dropOldest(): void;
}

export class Budget {
  readonly maxBytes: number;
  readonly #parts: Evictable[] = [];
  #used = 0;
  #droppedMs = Number.NEGATIVE_INFINITY;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get used(): number {
    return this.#used;
  }

  /** When the newest of the samples was taken that had to go. */
  get droppedMs(): number {
    return this.#droppedMs;
  }

  register(part: Evictable): void {
    this.#parts.push(part);
  }

  take(bytes: number): void {
    this.#used += bytes;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }

  /** Drops the oldest samples, of whatever part, until so many bytes are free; false when even all were not enough. */
  makeRoom(bytes: number): boolean {
    while (this.#used + bytes > this.maxBytes) if (!this.dropOldest()) return false;
    return true;
  }

  /** Drops the oldest samples, of whatever part; false when there are none that can go. */
  dropOldest(): boolean {
    const oldest = this.#parts.reduce((a, b) => (b.oldestMs < a.oldestMs ? b : a));
    if (oldest.oldestMs === Infinity) return false;
    this.#droppedMs = Math.max(this.#droppedMs, oldest.oldestMs);
    oldest.dropOldest();
    return true;
  }
}
