// A grid of panels that keeps the cards which stay: new metrics appear and others go without the page starting over.
import type { Panel } from '../panels/panel.js';
import { element } from './element.js';
import { PanelCard } from './panel-card.js';
import type { ViewContext } from './view.js';

export class PanelGrid {
  readonly element = element('div', { class: 'grid' });
  readonly #context: ViewContext;
  readonly #cards = new Map<string, PanelCard>();

  constructor(context: ViewContext) {
    this.#context = context;
  }

  show(panels: readonly Panel[]): void {
    const wanted = new Set(panels.map(keyOf));
    for (const [key, card] of this.#cards) {
      if (wanted.has(key)) continue;
      this.#context.untrack(card);
      card.element.remove();
      this.#cards.delete(key);
    }
    for (const [index, panel] of panels.entries()) {
      const card = this.#cards.get(keyOf(panel)) ?? this.#make(panel);
      if (this.element.children[index] !== card.element)
        this.element.insertBefore(card.element, this.element.children[index] ?? null);
    }
  }

  #make(panel: Panel): PanelCard {
    const card = new PanelCard(panel, {
      explore: (query) => this.#context.change({ view: 'query', query }),
      zoom: (startS, endS) =>
        this.#context.change({ endS: Math.round(endS), rangeS: Math.max(10, Math.round(endS - startS)) }),
    });
    this.#cards.set(keyOf(panel), card);
    this.#context.track(card);
    return card;
  }
}

const keyOf = ({ id, queries, chart }: Panel): string => JSON.stringify([id, chart, queries]);
