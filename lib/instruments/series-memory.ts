// Where the numbers of series live, and who hears when series come, go or move. Apart from the groups, because a collector
// that joins a cluster moves all of its numbers into memory that another thread reads, without its instruments noticing.

/** Reads the series of a collector from outside. */
export interface SeriesWatcher {
  /** Makes an array of zeros. */
  allocate(length: number): Float64Array;
  /** Called off the hot path, as often as something changes: notes it, and looks later. */
  changed(): void;
}

/** One for all families of a collector. */
export class SeriesMemory {
  #watcher: SeriesWatcher | undefined;

  /** Whether places of removed series wait until the watcher gives them back: it may still be reading them. */
  get isWatched(): boolean {
    return this.#watcher !== undefined;
  }

  watch(watcher: SeriesWatcher | undefined): void {
    this.#watcher = watcher;
  }

  allocate(length: number): Float64Array {
    return this.#watcher === undefined ? new Float64Array(length) : this.#watcher.allocate(length);
  }

  changed(): void {
    this.#watcher?.changed();
  }
}
