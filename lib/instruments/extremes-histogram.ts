// The histogram that also keeps the least and the greatest observation of each series, as OpenTelemetry tells them. A class of
// its own, so that recording into others pays nothing for it.
import { Histogram } from './histogram.js';
import type { Block, SeriesGroup } from './series-group.js';

export class ExtremesHistogram<Name extends string = string> extends Histogram<Name> {
  /** @internal Never bound to its numbers: the extremes stand beside them. */
  override moved(): void {}

  protected override child(fixed: Readonly<Record<string, unknown>>): ExtremesHistogram {
    return new ExtremesHistogram(this.family, this.search, fixed);
  }

  /** @internal */
  override add(group: SeriesGroup, slot: number, value: number): void {
    super.add(group, slot, value);
    const extremes = (group.blocks[slot >> group.shift] as Block).extremes as Float64Array;
    const at = (slot & group.mask) * 2;
    if (value < (extremes[at] as number)) extremes[at] = value;
    if (value > (extremes[at + 1] as number)) extremes[at + 1] = value;
  }
}
