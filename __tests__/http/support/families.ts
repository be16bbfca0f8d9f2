// Families that misbehave on purpose, or never end, for scrapes that have to be caught in the middle; and a plain large one.
import type { MetricFamily, SeriesBlock } from '../../../lib/model/family.js';

const SERIES_PER_BLOCK = 1_000;
/** About the text of one block of `block` below, and certainly less. */
export const BLOCK_BYTES = 30 * SERIES_PER_BLOCK;

const ids = Array.from({ length: SERIES_PER_BLOCK }, (_, i) => `user-${String(i).padStart(7, '0')}`);
const shared = {
  size: SERIES_PER_BLOCK,
  live: undefined,
  dictionaries: [{ name: 'id', values: ids }],
  labelIds: Int32Array.from(ids.keys()),
  constantLabels: [],
  width: 1,
  createdMs: new Float64Array(SERIES_PER_BLOCK),
};

/** Counters whose values go on from block to block, so that a piece out of place shows. Blocks are cheap: many are made. */
function block(first: number): SeriesBlock {
  return { ...shared, values: Float64Array.from(ids, (_, i) => first + i) };
}

/** A family whose walk can be watched from outside. */
export interface WatchedFamily extends MetricFamily {
  /** How many blocks have been asked for, in all walks. */
  readonly taken: () => number;
  /** Resolves when a walk has ended, in whatever way. */
  readonly ended: Promise<void>;
}

/** @param failAfter - The walk throws instead of handing out the block of this number. */
export function familyOfBlocks(count: number, failAfter = Number.POSITIVE_INFINITY): WatchedFamily {
  let taken = 0;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    descriptor: { type: 'counter', name: 'requests_total', description: 'Requests by user', unit: '' },
    observedNegative: false,
    *blocks() {
      try {
        for (let i = 0; i < count; i++) {
          taken++;
          if (i >= failAfter) throw new Error('The walk broke.');
          yield block(i * SERIES_PER_BLOCK);
        }
      } finally {
        end();
      }
    },
    taken: () => taken,
    ended,
  };
}

/** The whole text of `familyOfBlocks(count)`, made independently of the encoder. */
export function textOfBlocks(count: number): string {
  const lines = Array.from(
    { length: count * SERIES_PER_BLOCK },
    (_, i) => `requests_total{id="${ids[i % SERIES_PER_BLOCK]}"} ${i}\n`,
  );
  return `# HELP requests_total Requests by user\n# TYPE requests_total counter\n${lines.join('')}`;
}
