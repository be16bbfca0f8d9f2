// What the instruments of one family share of exemplars: whether their recordings look for an active span at the moment.
// Looking must cost next to nothing where no span is active, and so the instruments take turns: see `SpanLooks`.
import type { FamilyDescriptor } from '../model/family.js';
import type { RecordingContext } from './context.js';
import { LastExemplars, type SeriesExemplars } from './series-exemplars.js';

/** An instrument that may be bound to its numbers. */
interface Detoured {
  detour(): void;
}

export class FamilyExemplars {
  /**
   * How many more recordings look for an active span before the next pause; 0 where none ever does. As long as there are
   * some, no instrument is bound to its numbers, so that the shortest recordings need not read this.
   */
  looks: number;
  /** Makes what keeps the exemplars of one series. */
  readonly newSeries: () => SeriesExemplars;
  readonly #pauses: boolean;
  /** Instruments that were bound since the looks were used up. */
  #bound: Detoured[] = [];

  constructor(
    { type }: FamilyDescriptor,
    { spans }: RecordingContext,
    newSeries: () => SeriesExemplars = () => new LastExemplars(),
  ) {
    this.looks = type === 'counter' || type === 'histogram' ? (spans?.looks ?? 0) : 0;
    this.#pauses = this.looks > 0;
    this.newSeries = newSeries;
  }

  /** Notes that an instrument has been bound to its numbers until there are looks again. */
  remember(instrument: Detoured): void {
    if (this.#pauses) this.#bound.push(instrument);
  }

  /** Ends a pause. */
  lookAgain(looks: number): void {
    this.looks = looks;
    const bound = this.#bound;
    this.#bound = [];
    for (const instrument of bound) instrument.detour();
  }
}
