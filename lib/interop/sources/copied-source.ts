// Families that come from a collector of another copy of this package, or from somebody's own code. They are copied while
// the time limit runs, so that whatever is wrong with them shows before anything of them is written.
import { type MetricFamily, rowWidth, type SeriesBlock } from '../../model/family.js';
import type { FamilySource } from '../../model/family-source.js';
import { isMetricName } from '../../model/names.js';
import { takeSnapshot } from '../../model/snapshot.js';

export class CopiedSource implements FamilySource {
  readonly #source: FamilySource;

  constructor(source: FamilySource) {
    this.#source = source;
  }

  /** Rejects for what is no family. */
  async collect(): Promise<readonly MetricFamily[]> {
    const { families } = await takeSnapshot(await this.#source.collect(), 0);
    for (const family of families) check(family);
    return families;
  }
}

/** @throws Error */
function check({ descriptor, blocks }: MetricFamily): void {
  const { name } = descriptor;
  if (!isMetricName(name, 'utf8')) throw new Error(`"${String(name)}" is no metric's name`);
  const width = rowWidth(descriptor);
  const isWhole = (block: SeriesBlock): boolean =>
    block.width === width &&
    block.values.length >= block.size * width &&
    block.labelIds.length >= block.size * block.dictionaries.length;
  for (const block of blocks()) if (!isWhole(block)) throw new Error(`${name} has fewer numbers than series`);
}
