// The values under the pointer, beside it. Hidden from screen readers, which hear the same when the arrow keys move.
import { element } from './element.js';

export interface TooltipRow {
  readonly name: string;
  readonly value: string;
  readonly color?: string;
  readonly isNearest: boolean;
}

export class Tooltip {
  readonly element = element('div', { class: 'tooltip', 'aria-hidden': 'true', hidden: true });

  show({
    left,
    width,
    title,
    rows,
  }: {
    left: number;
    width: number;
    title: string;
    rows: readonly TooltipRow[];
  }): void {
    const lines = rows.map(({ name, value, color, isNearest }) => {
      const swatch = element('span', { class: 'swatch' });
      if (color !== undefined) swatch.style.backgroundColor = color;
      return element(
        'div',
        { class: isNearest ? 'row nearest' : 'row' },
        swatch,
        element('span', { class: 'name', text: name }),
        element('span', { class: 'value', text: value }),
      );
    });
    this.element.replaceChildren(element('div', { class: 'time', text: title }), ...lines);
    this.element.hidden = false;
    const isRight = left > width / 2;
    this.element.style.left = isRight ? '' : `${left + 76}px`;
    this.element.style.right = isRight ? `${width - left - 44}px` : '';
  }

  hide(): void {
    this.element.hidden = true;
  }
}
