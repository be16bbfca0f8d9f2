// The labels of one series. Most of them are those of the series before, byte by byte, so that their texts need not be made again.
import { LENGTH, WireFault, type WireReader } from './wire-reader.js';

const NAME = 1;
const VALUE = 2;

/** A text and where its bytes stand, to tell whether another one is the same. */
interface KnownText {
  text: string;
  from: number;
  to: number;
}

export class LabelReader {
  /** Without those that are empty: they are none. */
  readonly names: string[] = [];
  readonly values: string[] = [];
  readonly #wire: WireReader;
  readonly #maxLabels: number;
  readonly #knownNames: KnownText[] = [];
  readonly #knownValues: KnownText[] = [];
  #count = 0;

  constructor(wire: WireReader, maxLabels: number) {
    this.#wire = wire;
    this.#maxLabels = maxLabels;
  }

  clear(): void {
    this.names.length = 0;
    this.values.length = 0;
    this.#count = 0;
  }

  /** @throws WireFault */
  read(): void {
    const wire = this.#wire;
    wire.expect(LENGTH);
    const { end } = wire;
    wire.end = wire.content();
    const place = this.#count++;
    if (place >= this.#maxLabels) throw new WireFault('maxLabels', wire.at);
    let [name, value] = ['', ''];
    while (wire.next()) {
      if (wire.field === NAME) name = this.#text(this.#knownNames, place);
      else if (wire.field === VALUE) value = this.#text(this.#knownValues, place);
      else wire.skip();
    }
    if (name === '') throw new WireFault('A label has a name.', wire.at);
    if (this.names.includes(name)) throw new WireFault('A label stands here for the second time.', wire.at);
    wire.end = end;
    if (value === '') return;
    this.names.push(name);
    this.values.push(value);
  }

  #text(known: KnownText[], place: number): string {
    const wire = this.#wire;
    wire.expect(LENGTH);
    const to = wire.content();
    const from = wire.at;
    wire.at = to;
    const before = known[place];
    if (before !== undefined && isSame(wire.bytes, before, from, to)) return before.text;
    const text = wire.bytes.toString('utf8', from, to);
    known[place] = { text, from, to };
    return text;
  }
}

function isSame(bytes: Buffer, { from: fromBefore, to: toBefore }: KnownText, from: number, to: number): boolean {
  if (to - from !== toBefore - fromBefore) return false;
  for (let i = 0; i < to - from; i++) if (bytes[from + i] !== bytes[fromBefore + i]) return false;
  return true;
}
