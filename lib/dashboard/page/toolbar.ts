// The line at the top: views, time range, pause, theme, and whether the server answers.
import { matcherOf, type TargetFilter } from '../panels/expression.js';
import { formatValue } from '../panels/units.js';
import { element, select } from './element.js';
import { chooseTheme, currentTheme, type Theme } from './theme.js';
import { VIEWS, type ViewName, type ViewState } from './view-state.js';

const RANGES: readonly (readonly [string, string])[] = [
  ['60', 'Last minute'],
  ['300', 'Last 5 minutes'],
  ['900', 'Last 15 minutes'],
  ['3600', 'Last hour'],
  ['21600', 'Last 6 hours'],
  ['86400', 'Last day'],
  ['604800', 'Last week'],
  ['2592000', 'Last 30 days'],
];
const TITLES: Readonly<Record<ViewName, string>> = {
  overview: 'Overview',
  metrics: 'Metrics',
  query: 'Query',
  alerts: 'Alerts',
  health: 'Health',
};

const ALL = 'All targets';

export type Reach = 'live' | 'paused' | 'unreachable' | 'loading';

export class Toolbar {
  readonly element: HTMLElement;
  readonly #links = new Map<ViewName, HTMLAnchorElement>();
  readonly #range: HTMLSelectElement;
  readonly #target: HTMLSelectElement;
  #targets: readonly TargetFilter[] = [];
  readonly #pause = element('button', { type: 'button', class: 'pause' });
  readonly #status = element('span', { class: 'status', role: 'status' });
  readonly #firing = element('span', { class: 'count', hidden: true });

  constructor(
    title: string,
    on: { range(rangeS: number): void; target(target: TargetFilter | undefined): void; pause(): void },
  ) {
    for (const view of VIEWS) this.#links.set(view, element('a', { text: TITLES[view] }));
    this.#links.get('alerts')?.append(this.#firing);
    this.#range = select('Time range', RANGES, (value) => on.range(Number(value)));
    const chosen = (value: string) => this.#targets.find((target) => matcherOf(target) === value);
    this.#target = select('Targets', [['', ALL]], (value) => on.target(chosen(value)));
    this.#pause.addEventListener('click', () => on.pause());
    const theme = select(
      'Theme',
      [
        ['auto', 'System'],
        ['light', 'Light'],
        ['dark', 'Dark'],
      ],
      (value) => chooseTheme(value as Theme),
    );
    theme.value = currentTheme();
    const list = element('ul', {}, ...[...this.#links.values()].map((link) => element('li', {}, link)));
    this.element = element(
      'header',
      { class: 'toolbar' },
      element('h1', { text: title }),
      element('nav', { 'aria-label': 'Views' }, list),
      element('div', { class: 'tools' }, this.#status, this.#target, this.#range, this.#pause, theme),
    );
  }

  show(state: ViewState, hrefOf: (view: ViewName) => string): void {
    for (const [view, link] of this.#links) {
      link.href = hrefOf(view);
      if (view === state.view) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    const value = String(state.rangeS);
    if (![...this.#range.options].some((option) => option.value === value)) {
      this.#range.append(element('option', { value, text: `Last ${formatValue(state.rangeS, 'seconds')}` }));
    }
    this.#range.value = value;
    const isPaused = state.endS !== undefined;
    this.#pause.textContent = isPaused ? '▶ Resume' : '❚❚ Pause';
    this.#pause.setAttribute('aria-pressed', String(isPaused));
  }

  /** Queries and alerts say themselves what they are about. */
  showTargets(known: readonly TargetFilter[], { view, target }: ViewState): void {
    const isKnown = target === undefined || known.some((candidate) => matcherOf(candidate) === matcherOf(target));
    this.#targets = isKnown ? known : [...known, target];
    this.#target.hidden = this.#targets.length === 0 || view === 'query' || view === 'alerts';
    const options = this.#targets.map((choice) => element('option', { value: matcherOf(choice), text: choice.value }));
    const before = [...this.#target.options].slice(1);
    const isSame = options.length === before.length && options.every(({ value }, i) => value === before[i]?.value);
    if (!isSame) this.#target.replaceChildren(element('option', { value: '', text: ALL }), ...options);
    this.#target.value = matcherOf(target);
  }

  setReach(reach: Reach): void {
    if (this.#status.dataset.reach === reach) return;
    this.#status.dataset.reach = reach;
    this.#status.textContent = { live: 'Live', paused: 'Paused', unreachable: 'Not reachable', loading: 'Loading' }[
      reach
    ];
  }

  setFiring(count: number): void {
    this.#firing.hidden = count === 0;
    this.#firing.textContent = String(count);
    this.#firing.setAttribute('aria-label', `${count} firing`);
  }
}
