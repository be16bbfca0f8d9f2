// When series ended, told from snapshots: one that was in a snapshot and is not in the next has ended by then. A part of the
// model because every storage that keeps snapshots has to find the same ends.

/** Finds the ends of series within the snapshots of one reading. Series that share their time stamps cost nothing more. */
export class SeriesEnds {
  readonly #snapshotsMs: Float64Array;
  #timestampsMs: Float64Array | undefined;
  #endsMs: Float64Array | undefined;

  /** @param snapshotsMs - When snapshots were taken, in any order. */
  constructor(snapshotsMs: Iterable<number>) {
    this.#snapshotsMs = Float64Array.from(new Set(snapshotsMs)).sort();
  }

  /**
   * The snapshots in which the series was missing for the first time after a sample; undefined where there are none.
   *
   * @param timestampsMs - Of the series' samples, ascending: those of the snapshots that it was in.
   */
  of(timestampsMs: Float64Array): Float64Array | undefined {
    if (timestampsMs.length === this.#snapshotsMs.length) return undefined;
    if (timestampsMs !== this.#timestampsMs) {
      this.#timestampsMs = timestampsMs;
      this.#endsMs = this.#find(timestampsMs);
    }
    return this.#endsMs;
  }

  #find(timestampsMs: Float64Array): Float64Array | undefined {
    const ends: number[] = [];
    let next = 0;
    let isThere = false;
    for (const snapshotMs of this.#snapshotsMs) {
      const isIn = timestampsMs[next] === snapshotMs;
      if (isIn) next++;
      else if (isThere) ends.push(snapshotMs);
      isThere = isIn;
    }
    return ends.length > 0 ? Float64Array.from(ends) : undefined;
  }
}
