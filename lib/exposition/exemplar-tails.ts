// What stands behind the numbers of a series that has exemplars. Apart from the writer of lines, whose loop is hot: few
// series have exemplars, and texts of them are made when they are needed and let go.
import type { Exemplar } from '../model/exemplar.js';
import { utf8Room, writeUtf8 } from './bytes.js';
import { labelText } from './escape.js';
import { plainNumber } from './numbers.js';

const MS_PER_SECOND = 1000;

/** The exemplars of one series as text. A line has room for one: where there are more, it shows the last. */
export class ExemplarTails {
  /** How many bytes they take at most. */
  readonly room: number;
  readonly #byColumn: (string | undefined)[] = [];

  constructor(exemplars: readonly Exemplar[]) {
    let room = 0;
    for (const exemplar of exemplars) {
      const text = tailOf(exemplar);
      this.#byColumn[exemplar.column] = text;
      room += utf8Room(text);
    }
    this.room = room;
  }

  /** Writes the exemplar of a number of the row, if it has one, and answers where it ends. */
  write(view: DataView, position: number, column: number): number {
    const text = this.#byColumn[column];
    return text === undefined ? position : writeUtf8(view, position, text);
  }
}

/** Source: https://prometheus.io/docs/specs/om/open_metrics_spec/#exemplars */
function tailOf({ labels, value, timestampMs }: Exemplar): string {
  const pairs = Object.entries(labels).map(([name, text]) => labelText(name, text));
  const time = Number.isNaN(timestampMs) ? '' : ` ${plainNumber(Math.floor(timestampMs) / MS_PER_SECOND)}`;
  return ` # {${pairs.join(',')}} ${plainNumber(value)}${time}`;
}
