// What counters and histograms have in common: recordings that keep what led to them. Apart from the other instruments,
// which have no exemplars, and from the recordings themselves, which take the short way where there is nothing to keep.
import { sampledSpan } from './active-span.js';
import { givenExemplar } from './given-exemplar.js';
import { Instrument } from './instrument.js';
import type { Block, SeriesGroup } from './series-group.js';

export abstract class ExemplarInstrument<Name extends string = string> extends Instrument<Name> {
  /** Counts an amount in the series at this place. */
  /** @internal */
  abstract add(group: SeriesGroup, slot: number, amount: number): void;

  /** The number of the row that an amount goes to. */
  protected abstract columnOf(amount: number): number;

  /**
   * Records the long way round, and keeps what led to it, if anything is given or active.
   *
   * One long function on purpose: longer than what the engine copies into its callers (460 bytes of its code; this has 474),
   * so that `increment` stays short enough to be copied into its own. In pieces, that one takes twice as long.
   */
  protected record(amount: number, labels: unknown, options: unknown): void {
    const found = labels === undefined ? -1 : this.find(labels);
    const place = found >= 0 ? { group: this.group, slot: found } : this.locate(labels);
    if (place === undefined) return;
    const { group, slot } = place;
    this.add(group, slot, amount);
    const { context, exemplars } = this.family;
    const { spans } = context;
    const given = options === undefined ? undefined : givenExemplar(options);
    if (given !== undefined && 'rule' in given) {
      const { rule } = given;
      return context.drop('invalid_exemplar', { kind: 'invalid_exemplar', metric: this.name, rule });
    }
    if (given === undefined) {
      if (spans === undefined || exemplars.looks === 0) return;
      if (spans.pauses) exemplars.looks -= 1;
      if (exemplars.looks === 0) spans.pause(exemplars);
    }
    const exemplarLabels = given === undefined ? sampledSpan() : given.labels;
    if (exemplarLabels === undefined) return;
    const exemplar = {
      column: this.columnOf(amount),
      labels: exemplarLabels,
      value: amount,
      timestampMs: context.clock.now(),
    };
    const block = group.blocks[slot >> group.shift] as Block;
    const row = slot & group.mask;
    block.exemplars ??= new Map();
    let series = block.exemplars.get(row);
    if (series === undefined) {
      series = exemplars.newSeries();
      block.exemplars.set(row, series);
    } else if (given === undefined && !series.isDue(exemplar, spans?.minIntervalMs ?? 0)) {
      return;
    }
    series.add(exemplar);
  }
}
