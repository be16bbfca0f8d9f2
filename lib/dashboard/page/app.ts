// Puts the page together: the state in the address, the views, one clock for all charts. There is one app in a page.
import { matcherOf } from '../panels/expression.js';
import { rateWindow, stepWindow } from '../panels/time-window.js';
import { alertsView } from './alerts-view.js';
import { type Catalog, EMPTY_CATALOG, readCatalog } from './catalog.js';
import { element } from './element.js';
import { LiveCards } from './live-cards.js';
import type { Asking } from './panel-data.js';
import { healthView, metricsView, overviewView } from './panel-views.js';
import type { QueryApi } from './query-api.js';
import { queryView } from './query-view.js';
import { Toolbar } from './toolbar.js';
import type { View, ViewContext } from './view.js';
import { readViewState, type ViewName, type ViewState, writeViewState } from './view-state.js';

const VIEW_MAKERS: Readonly<Record<ViewName, (context: ViewContext) => View>> = {
  overview: overviewView,
  metrics: metricsView,
  query: queryView,
  alerts: alertsView,
  health: healthView,
};
const LEAST_REFRESH_MS = 1000;
const CATALOG_MS = 15_000;

export class App {
  readonly #api: QueryApi;
  readonly #toolbar: Toolbar;
  readonly #main = element('main');
  readonly #live: LiveCards;
  readonly #views = new Map<ViewName, View>();
  #state: ViewState = readViewState(location.hash);
  #catalog: Catalog = EMPTY_CATALOG;
  #isReached = false;
  #catalogAtMs = Number.NEGATIVE_INFINITY;
  #timer = 0;

  constructor(api: QueryApi, title: string) {
    this.#api = api;
    this.#toolbar = new Toolbar(title, {
      range: (rangeS) => this.#change({ rangeS }),
      target: (target) => this.#change({ target }),
      pause: () => this.#change({ endS: this.#state.endS === undefined ? this.#asking().window.endS : undefined }),
    });
    this.#live = new LiveCards(
      api,
      () => this.#asking(),
      (isReached) => this.#setReached(isReached),
    );
    addEventListener('hashchange', () => this.#read());
    document.addEventListener('visibilitychange', () => this.#schedule(0));
  }

  start(parent: HTMLElement): void {
    parent.append(this.#toolbar.element, this.#main);
    this.#toolbar.setReach('loading');
    this.#read();
    this.#schedule(0);
  }

  #context(): ViewContext {
    return {
      api: this.#api,
      state: () => this.#state,
      catalog: () => this.#catalog,
      asking: () => this.#asking(),
      change: (part) => this.#change(part),
      track: (card) => this.#live.add(card),
      untrack: (card) => this.#live.remove(card),
      reached: (isReached) => this.#setReached(isReached),
    };
  }

  #asking(): Asking {
    const { rangeS, endS = this.#api.nowS() } = this.#state;
    const { intervalS } = this.#catalog;
    const window = stepWindow(endS, rangeS, intervalS);
    return { window, rateWindow: rateWindow(window.stepS, intervalS), targets: matcherOf(this.#state.target) };
  }

  #change(part: { [K in keyof ViewState]?: ViewState[K] | undefined }): void {
    const { endS, target, ...rest } = { ...this.#state, ...part };
    const given = { ...(endS !== undefined && { endS }), ...(target !== undefined && { target }) };
    const next = { ...rest, ...given } as ViewState;
    const hash = writeViewState(next);
    // Typing in the filter makes no history; whatever else one did is a step that one may go back.
    if (writeViewState({ ...next, filter: this.#state.filter }) === writeViewState(this.#state)) {
      history.replaceState(null, '', hash);
    } else history.pushState(null, '', hash);
    this.#read();
  }

  #read(): void {
    const before = this.#state;
    this.#state = readViewState(location.hash);
    this.#toolbar.show(this.#state, (view) => writeViewState({ ...this.#state, view }));
    this.#toolbar.showTargets(this.#catalog.targets, this.#state);
    const view = this.#view(this.#state.view);
    if (this.#main.firstElementChild !== view.element) this.#main.replaceChildren(view.element);
    view.update();
    this.#setReached(this.#isReached);
    if (!hasSameCatalog(before, this.#state)) {
      this.#catalogAtMs = Number.NEGATIVE_INFINITY;
      this.#schedule(0);
    }
  }

  #view(name: ViewName): View {
    const found = this.#views.get(name);
    if (found !== undefined) return found;
    const made = VIEW_MAKERS[name](this.#context());
    this.#views.set(name, made);
    return made;
  }

  #setReached(isReached: boolean): void {
    // What was there before may have been another server's: look again.
    if (isReached && !this.#isReached) this.#catalogAtMs = Number.NEGATIVE_INFINITY;
    this.#isReached = isReached;
    this.#toolbar.setReach(!isReached ? 'unreachable' : this.#state.endS === undefined ? 'live' : 'paused');
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#tick(), delayMs);
  }

  async #tick(): Promise<void> {
    if (!document.hidden) {
      const isOld = performance.now() - this.#catalogAtMs > CATALOG_MS;
      if (isOld || this.#isWaiting) await this.#readCatalog();
      this.#live.refresh();
      this.#views.get(this.#state.view)?.tick?.();
    }
    const usualMs = Math.min(30, this.#asking().window.stepS) * 1000;
    this.#schedule(this.#isWaiting ? LEAST_REFRESH_MS : Math.max(LEAST_REFRESH_MS, usualMs));
  }

  /** For the server to answer, or to have anything. */
  get #isWaiting(): boolean {
    return !this.#isReached || this.#catalog.names.length === 0;
  }

  async #readCatalog(): Promise<void> {
    const asked = this.#state;
    await this.#api.syncClock();
    const { endS = this.#api.nowS(), rangeS, target } = asked;
    const catalog = await readCatalog(this.#api, endS - rangeS, target);
    // Another one was chosen meanwhile, and is being read.
    if (!hasSameCatalog(asked, this.#state)) return;
    const isReached = catalog.problem?.kind !== 'unreachable';
    this.#setReached(isReached);
    this.#catalogAtMs = performance.now();
    // What is shown stays while the server is away.
    if (catalog.problem === undefined) this.#toolbar.setFiring(catalog.firing);
    this.#catalog = catalog.problem === undefined ? catalog : { ...this.#catalog, problem: catalog.problem };
    this.#toolbar.showTargets(this.#catalog.targets, this.#state);
    this.#views.get(this.#state.view)?.update();
  }
}

function hasSameCatalog(a: ViewState, b: ViewState): boolean {
  return a.rangeS === b.rangeS && a.endS === b.endS && matcherOf(a.target) === matcherOf(b.target);
}
