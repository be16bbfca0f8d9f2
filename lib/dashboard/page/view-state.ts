// What the page shows, as the fragment of its address and back, so that a link leads to the same view. Everything in a fragment
// may come from anybody: what does not parse is the default.
import type { TargetFilter } from '../panels/expression.js';

export type ViewName = 'overview' | 'metrics' | 'query' | 'alerts' | 'health';

export interface ViewState {
  readonly view: ViewName;
  readonly rangeS: number;
  /** The end of the shown range in seconds since the epoch; without one the page follows time. */
  readonly endS?: number;
  /** Without one, all are shown. */
  readonly target?: TargetFilter;
  readonly filter: string;
  readonly query: string;
}

export const VIEWS: readonly ViewName[] = ['overview', 'metrics', 'query', 'alerts', 'health'];
const DEFAULT_RANGE_S = 900;
const MOST_S = 366 * 86_400;

export function readViewState(fragment: string): ViewState {
  const [path = '', search = ''] = fragment.replace(/^#?\/?/, '').split('?', 2);
  const parameters = new URLSearchParams(search);
  const view = VIEWS.find((name) => name === path) ?? 'overview';
  const rangeS = numberIn(parameters.get('range'), 10, MOST_S) ?? DEFAULT_RANGE_S;
  const endS = numberIn(parameters.get('end'), 1, 1e11);
  const texts = { filter: parameters.get('filter') ?? '', query: parameters.get('query') ?? '' };
  const target = targetIn(parameters);
  return { view, rangeS, ...texts, ...(endS !== undefined && { endS }), ...(target !== undefined && { target }) };
}

function targetIn(parameters: URLSearchParams): TargetFilter | undefined {
  for (const label of ['job', 'instance'] as const) {
    const value = parameters.get(label);
    if (value !== null) return { label, value };
  }
  return undefined;
}

export function writeViewState({ view, rangeS, endS, target, filter, query }: ViewState): string {
  const parameters = new URLSearchParams();
  if (rangeS !== DEFAULT_RANGE_S) parameters.set('range', String(rangeS));
  if (endS !== undefined) parameters.set('end', String(endS));
  if (target !== undefined) parameters.set(target.label, target.value);
  if (filter !== '') parameters.set('filter', filter);
  if (query !== '') parameters.set('query', query);
  const search = String(parameters);
  return `#/${view}${search === '' ? '' : `?${search}`}`;
}

function numberIn(text: string | null, least: number, most: number): number | undefined {
  if (text === null || !/^\d+(\.\d+)?$/.test(text)) return undefined;
  return Math.min(most, Math.max(least, Number(text)));
}
