// A panel on the page: title, chart, legend, and what is said when there is nothing to show. It also speaks: the arrow keys move along
// the chart and the values there are read aloud.

import type { Panel } from '../panels/panel.js';
import { formatValue } from '../panels/units.js';
import { clockText } from './axes.js';
import { Chart, type ChartOptions } from './chart.js';
import { element } from './element.js';
import { heatRows } from './heat-rows.js';
import { labelTable } from './label-table.js';
import { Legend, lastOf } from './legend.js';
import type { HeatRow, PlotLine } from './painting.js';
import { type Asking, askedExpression, PanelData } from './panel-data.js';
import type { QueryApi } from './query-api.js';
import { nameBy, namesApart } from './series-name.js';
import { seriesColor } from './theme.js';
import { Tooltip } from './tooltip.js';

export interface CardActions {
  /** Opens a query in the query box. */
  explore?(expression: string): void;
  zoom(startS: number, endS: number): void;
}

type Pointed = Parameters<ChartOptions['onPoint']>[0];

const NOTHING = 'No samples in this range.';
const HEIGHT = 190;

export class PanelCard {
  readonly element: HTMLElement;
  readonly panel: Panel;
  readonly #data: PanelData;
  readonly #actions: CardActions;
  readonly #body = element('div', { class: 'chart', role: 'group', tabindex: '0' });
  readonly #now = element('span', { class: 'now' });
  readonly #note = element('p', { class: 'note', role: 'status' });
  readonly #spoken = element('p', { class: 'sr-only', 'aria-live': 'polite' });
  readonly #tooltip = new Tooltip();
  readonly #legend: Legend;
  readonly #colors = new Map<string, number>();
  #chart: Chart | undefined;
  #lines: readonly PlotLine[] = [];
  #rows: readonly HeatRow[] = [];
  #asking: Asking | undefined;
  #isBusy = false;

  constructor(panel: Panel, actions: CardActions) {
    this.panel = panel;
    this.#actions = actions;
    this.#data = new PanelData(panel);
    this.#legend = new Legend(panel.unit, {
      change: () => this.#render(),
      hover: (key) => this.#chart?.highlight(key),
    });
    this.#body.addEventListener('keydown', (event) => this.#onKey(event));
    this.#body.addEventListener('blur', () => this.#chart?.leave());
    this.#body.append(this.#tooltip.element);
    this.element = element(
      'article',
      { class: 'card', 'data-panel': panel.id },
      this.#header(),
      this.#body,
      this.#note,
      this.#legend.element,
      this.#spoken,
    );
    this.#describe();
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Answers whether the API could be reached. */
  async refresh(api: QueryApi, asking: Asking): Promise<boolean> {
    this.#isBusy = true;
    const answer = await this.#data.refresh(api, asking);
    this.#isBusy = false;
    this.#asking = asking;
    if (answer.isErr()) {
      this.#note.textContent = answer.error.message;
      return answer.error.kind !== 'unreachable';
    }
    this.#render();
    return true;
  }

  resize(): void {
    this.#chart?.resize(this.#body.clientWidth);
  }

  retheme(): void {
    if (this.#asking === undefined) return;
    this.#lines = this.#plotLines();
    this.#legend.recolor(this.#lines);
    this.#render();
  }

  destroy(): void {
    this.#chart?.destroy();
  }

  #header(): HTMLElement {
    const { title, help, kind, queries } = this.panel;
    const expression = queries[0]?.expression;
    const explore = this.#actions.explore;
    const open =
      explore === undefined || expression === undefined
        ? undefined
        : element('button', {
            type: 'button',
            class: 'quiet',
            'aria-label': `Query of ${title}`,
            title: 'Open as a query',
            text: '↗',
            on: { click: () => this.#asking && explore(askedExpression(expression, this.#asking)) },
          });
    const badge = kind === undefined ? undefined : element('span', { class: 'badge', text: kind.replace('-', ' ') });
    const heading = element('div', { class: 'heading' }, element('h3', { text: title, title }), badge, this.#now, open);
    return element(
      'header',
      {},
      heading,
      help === '' ? undefined : element('p', { class: 'help', text: help, title: help }),
    );
  }

  #render(): void {
    const window = this.#asking?.window;
    if (window === undefined) return;
    const isEmpty = this.#data.series.length === 0;
    this.#note.textContent = isEmpty ? NOTHING : '';
    if (this.panel.chart === 'labels') {
      this.#body.replaceChildren(labelTable(this.#data.series.map(({ labels }) => labels)));
      return;
    }
    this.#chart ??= this.#makeChart();
    if (this.panel.chart === 'heatmap') {
      this.#rows = heatRows(this.#data.series);
      const hasCounted = this.#rows.some(({ values }) => values.some((value) => value > 0));
      if (!hasCounted) this.#note.textContent = NOTHING;
      this.#chart.show(window, { kind: 'heat', rows: this.#rows });
    } else {
      this.#lines = this.#plotLines();
      this.#legend.show(this.#lines);
      this.#chart.show(window, { kind: 'lines', lines: this.#lines.filter(({ key }) => !this.#legend.isHidden(key)) });
      this.#showLatest();
    }
    this.#describe();
  }

  /** The figure of the whole panel, or, on the first page, that of its first series, which then is named. */
  #showLatest(): void {
    const [first] = this.#lines;
    const isOne = this.#lines.length === 1;
    if (first === undefined || !(isOne || this.panel.kind === undefined)) return this.#now.replaceChildren();
    const value = formatValue(lastOf(first.values), this.panel.unit);
    const name = isOne ? undefined : element('span', { class: 'of', text: first.name, title: first.name });
    this.#now.replaceChildren(...(name === undefined ? [] : [name]), value);
  }

  #plotLines(): readonly PlotLine[] {
    const series = this.#data.series;
    // Those of a query with a legend of its own have no part in what tells the others apart.
    const unnamed = series.filter(({ legend }) => legend === undefined).map(({ labels }) => labels);
    const names = namesApart(unnamed, this.panel.title).values();
    return series.map(({ key, labels, legend, values }) => {
      const place = this.#colors.get(key) ?? this.#colors.size;
      this.#colors.set(key, place);
      const name = legend === undefined ? (names.next().value as string) : nameBy(legend, labels);
      return { key, name, color: seriesColor(place), values };
    });
  }

  #makeChart(): Chart {
    return new Chart(this.#body, {
      unit: this.panel.unit,
      isHeat: this.panel.chart === 'heatmap',
      height: HEIGHT,
      onPoint: (at) => this.#point(at),
      onZoom: (startS, endS) => this.#actions.zoom(startS, endS),
    });
  }

  #point(at: Pointed): void {
    this.#chart?.highlight(at?.key);
    if (at === undefined || this.#asking === undefined) {
      this.#tooltip.hide();
      return;
    }
    const time = this.#timeAt(at.step);
    this.#tooltip.show({ left: at.left, width: this.#body.clientWidth, title: time, rows: this.#rowsAt(at) });
  }

  #rowsAt({ step, key, row }: NonNullable<Pointed>) {
    const { unit } = this.panel;
    if (row !== undefined) {
      const found = this.#rows[row];
      return found === undefined ? [] : [{ ...this.#bucketAt(found, step), isNearest: true }];
    }
    return this.#lines
      .filter((line) => !this.#legend.isHidden(line.key) && !Number.isNaN(line.values[step]))
      .sort(
        (a, b) =>
          Number(b.key === key) - Number(a.key === key) || (b.values[step] as number) - (a.values[step] as number),
      )
      .slice(0, 8)
      .map((line) => ({
        name: line.name,
        value: formatValue(line.values[step], unit),
        color: line.color,
        isNearest: line.key === key,
      }));
  }

  #bucketAt({ lower, upper, values }: HeatRow, step: number) {
    const { unit } = this.panel;
    const name = `${formatValue(lower, unit)} – ${formatValue(upper, unit)}`;
    return { name, value: formatValue(values[step], 'none') };
  }

  /** The buckets that are worth being read aloud. */
  #fullestAt(step: number) {
    const countOf = ({ values }: HeatRow) => values[step] ?? 0;
    const filled = this.#rows.filter((row) => countOf(row) > 0).sort((a, b) => countOf(b) - countOf(a));
    return filled.slice(0, 3).map((row) => this.#bucketAt(row, step));
  }

  #timeAt(step: number): string {
    const { endS, stepS, count } = (this.#asking as Asking).window;
    return clockText(endS - (count - 1 - step) * stepS, stepS < 60 ? 60 : stepS * 60);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.#chart?.leave();
    const move = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 }[event.key];
    const chart = this.#chart;
    if (move === undefined || chart === undefined || this.#asking === undefined) return;
    event.preventDefault();
    const { count } = this.#asking.window;
    const step = Math.min(count - 1, Math.max(0, (chart.step ?? count - 1) + move));
    chart.pointAt(step);
    const rows = this.panel.chart === 'heatmap' ? this.#fullestAt(step) : this.#rowsAt({ step, left: 0 });
    const values = rows.map(({ name, value }) => `${name} ${value}`);
    this.#spoken.textContent = `${this.#timeAt(step)}: ${values.join(', ') || 'no value'}`;
  }

  #describe(): void {
    const { title, chart, unit } = this.panel;
    const what = chart === 'heatmap' ? `heat map, ${this.#rows.length} buckets` : `${this.#lines.length} series`;
    const now = this.#lines.slice(0, 3).map(({ name, values }) => `${name} ${formatValue(lastOf(values), unit)}`);
    const latest = now.length === 0 ? '' : ` Latest: ${now.join(', ')}.`;
    this.#body.setAttribute('aria-label', `${title}: ${what}.${latest} Arrow keys read values.`);
  }
}
