// How the instruments of one family come to exemplars: given by the caller, which always works, or taken from the active
// span, which is switched on for a collector and must cost next to nothing where no span is active.
import type { FamilyDescriptor } from '../model/family.js';
import { sampledSpan } from './active-span.js';
import type { RecordingContext } from './context.js';
import { givenExemplar } from './given-exemplar.js';
import { LastExemplars, type SeriesExemplars } from './series-exemplars.js';
import type { Block, SeriesGroup } from './series-group.js';

/** An instrument that may be bound to its numbers. */
interface Detoured {
  detour(): void;
}

/** An instrument that takes exemplars. */
interface Recorder {
  /** Finds or starts the series; undefined where the recording is dropped. */
  place(labels: unknown): { readonly group: SeriesGroup; readonly slot: number } | undefined;
  add(group: SeriesGroup, slot: number, amount: number): void;
  /** The number of the row that an amount goes to. */
  columnOf(amount: number): number;
}

export class FamilyExemplars {
  /**
   * How many more recordings look for an active span before the next pause; 0 where none ever does. As long as there are
   * some, no instrument is bound to its numbers, so that the shortest recordings need not read this.
   */
  looks: number;
  /** Instruments that were bound since the looks were used up. */
  #bound: Detoured[] = [];
  readonly #metric: string;
  readonly #context: RecordingContext;
  readonly #newSeries: () => SeriesExemplars;

  constructor(
    { name, type }: FamilyDescriptor,
    context: RecordingContext,
    newSeries: () => SeriesExemplars = () => new LastExemplars(),
  ) {
    const takesExemplars = type === 'counter' || type === 'histogram';
    this.looks = takesExemplars ? (context.spans?.looks ?? 0) : 0;
    this.#metric = name;
    this.#context = context;
    this.#newSeries = newSeries;
  }

  /** Notes that an instrument has been bound to its numbers until there are looks again. */
  remember(instrument: Detoured): void {
    if (this.#context.spans !== undefined) this.#bound.push(instrument);
  }

  /** Ends a pause. */
  lookAgain(looks: number): void {
    this.looks = looks;
    const bound = this.#bound;
    this.#bound = [];
    for (const instrument of bound) instrument.detour();
  }

  /**
   * Records the long way round, and keeps what led to it, if anything is given or active.
   *
   * One long function on purpose: longer than what the engine copies into its callers, so that the few instructions of a
   * recording without exemplars stay short enough to be copied into theirs. In pieces, `increment` takes twice as long.
   */
  record(
    by: Recorder,
    amount: number,
    { labels, options }: { readonly labels: unknown; readonly options: unknown },
  ): void {
    const place = by.place(labels);
    if (place === undefined) return;
    const { group, slot } = place;
    by.add(group, slot, amount);
    const { spans, clock } = this.#context;
    const given = options === undefined ? undefined : givenExemplar(options);
    if (given !== undefined && 'rule' in given) {
      const { rule } = given;
      return this.#context.drop('invalid_exemplar', { kind: 'invalid_exemplar', metric: this.#metric, rule });
    }
    if (given === undefined) {
      if (spans === undefined || this.looks === 0) return;
      spans.spend(this);
    }
    const exemplarLabels = given === undefined ? sampledSpan() : given.labels;
    if (exemplarLabels === undefined) return;
    const exemplar = {
      column: by.columnOf(amount),
      labels: exemplarLabels,
      value: amount,
      timestampMs: clock.now(),
    };
    const block = group.blocks[slot >> group.shift] as Block;
    const row = slot & group.mask;
    block.exemplars ??= new Map();
    let series = block.exemplars.get(row);
    if (series === undefined) {
      series = this.#newSeries();
      block.exemplars.set(row, series);
    } else if (given === undefined && !series.isDue(exemplar, spans?.minIntervalMs ?? 0)) {
      return;
    }
    series.add(exemplar);
  }
}
