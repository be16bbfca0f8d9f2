// The names under a chart: buttons that show one series alone, with Ctrl or Shift hide and show single ones. Long lists are cut, because
// a thousand names are no legend; hovering finds the rest.
import { formatValue, type Unit } from '../panels/units.js';
import { element } from './element.js';
import type { PlotLine } from './painting.js';

const AT_MOST = 40;

export class Legend {
  readonly element = element('ul', { class: 'legend' });
  readonly #unit: Unit;
  readonly #hidden = new Set<string>();
  readonly #onChange: () => void;
  readonly #onHover: (key: string | undefined) => void;
  #keys: readonly string[] = [];
  #rows: readonly { readonly button: HTMLButtonElement; readonly value: HTMLElement }[] = [];

  constructor(unit: Unit, on: { change(): void; hover(key: string | undefined): void }) {
    this.#unit = unit;
    this.#onChange = on.change;
    this.#onHover = on.hover;
  }

  isHidden(key: string): boolean {
    return this.#hidden.has(key);
  }

  /** Only what changed is touched: the elements stay, so that focus and hover do. */
  show(lines: readonly PlotLine[]): void {
    const keys = lines.map(({ key }) => key);
    const isSame = keys.length === this.#keys.length && keys.every((key, index) => key === this.#keys[index]);
    if (!isSame) this.#build(lines);
    for (const [index, { button, value }] of this.#rows.entries()) {
      const line = lines[index] as PlotLine;
      const text = formatValue(lastOf(line.values), this.#unit);
      if (value.textContent !== text) value.textContent = text;
      button.setAttribute('aria-pressed', String(!this.#hidden.has(line.key)));
    }
  }

  recolor(lines: readonly PlotLine[]): void {
    this.#keys = [];
    this.show(lines);
  }

  #build(lines: readonly PlotLine[]): void {
    this.#keys = lines.map(({ key }) => key);
    const shown = lines.slice(0, AT_MOST);
    const built = shown.map((line) => this.#row(line));
    this.#rows = built;
    this.element.replaceChildren(...built.map(({ item }) => item));
    if (lines.length > AT_MOST)
      this.element.append(element('li', { class: 'more', text: `and ${lines.length - AT_MOST} more` }));
  }

  #row({ key, name, color }: PlotLine) {
    const swatch = element('span', { class: 'swatch', 'aria-hidden': 'true' });
    swatch.style.backgroundColor = color;
    const value = element('span', { class: 'value' });
    const button = element(
      'button',
      {
        type: 'button',
        title: 'Show alone; with Ctrl or Shift hide or show',
        on: {
          click: (event) =>
            this.#choose(
              key,
              (event as MouseEvent).ctrlKey || (event as MouseEvent).shiftKey || (event as MouseEvent).metaKey,
            ),
          pointerenter: () => this.#onHover(key),
          pointerleave: () => this.#onHover(undefined),
        },
      },
      swatch,
      element('span', { class: 'name', text: name }),
      value,
    );
    return { item: element('li', {}, button), button, value };
  }

  #choose(key: string, isSingle: boolean): void {
    const isAlone = this.#keys.every((other) => this.#hidden.has(other) !== (other === key));
    if (isSingle) {
      if (!this.#hidden.delete(key)) this.#hidden.add(key);
    } else if (isAlone && this.#keys.length > 1) this.#hidden.clear();
    else for (const other of this.#keys) other === key ? this.#hidden.delete(other) : this.#hidden.add(other);
    this.#onChange();
  }
}

/** The newest steps may have no sample yet; what is older than those is no more what a series says now. */
const STILL_NOW = 3;

export function lastOf(values: Float64Array): number | undefined {
  return values.subarray(-STILL_NOW).findLast((value) => !Number.isNaN(value));
}
