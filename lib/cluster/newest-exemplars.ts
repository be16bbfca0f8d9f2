// The exemplars of a merged series. Apart from those of a live one, which are kept in the order in which they happen: those
// of several workers are heard in any order.
import { LastExemplars } from '../instruments/series-exemplars.js';
import type { Exemplar } from '../model/exemplar.js';

/** Keeps the most recent exemplar per number of the row. */
export class NewestExemplars extends LastExemplars {
  override add(exemplar: Exemplar): void {
    const known = this.list().find(({ column }) => column === exemplar.column);
    if (known === undefined || known.timestampMs <= exemplar.timestampMs) super.add(exemplar);
  }
}
