// What every view is to the app: an element, told of new state and of a new catalog, and asked to refresh at every tick.
import type { Catalog } from './catalog.js';
import type { PanelCard } from './panel-card.js';
import type { Asking } from './panel-data.js';
import type { QueryApi } from './query-api.js';
import type { ViewState } from './view-state.js';

export interface ViewContext {
  readonly api: QueryApi;
  state(): ViewState;
  catalog(): Catalog;
  /** The window that all charts show now. */
  asking(): Asking;
  change(state: Partial<ViewState>): void;
  track(card: PanelCard): void;
  untrack(card: PanelCard): void;
  /** Tells whether the API answered what a view asked by itself. */
  reached(isReached: boolean): void;
}

export interface View {
  readonly element: HTMLElement;
  /** The state or the catalog changed. */
  update(): void;
  /** Time moved on. Charts refresh by themselves. */
  tick?(): void;
}
