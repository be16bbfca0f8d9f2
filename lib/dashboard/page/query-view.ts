// The view for queries: the field, what is wrong with the query and where, and its chart.
import type { Panel } from '../panels/panel.js';
import { unitOfQuery } from '../panels/query-unit.js';
import { element, heading } from './element.js';
import { PanelGrid } from './panel-grid.js';
import { QueryBox } from './query-box.js';
import { readMistake } from './query-error.js';
import type { View, ViewContext } from './view.js';

const HINT = 'Metrics, functions and labels are suggested while you type. Enter runs the query.';

export function queryView(context: ViewContext): View {
  const grid = new PanelGrid(context);
  const mistake = element('div', { class: 'mistake', role: 'alert' });
  const hint = element('p', { class: 'note' });
  const box = new QueryBox(sourceOf(context), (query) => {
    asked = undefined;
    context.change({ query });
  });
  let asked: string | undefined;
  const ask = async (query: string) => {
    asked = query;
    mistake.replaceChildren();
    hint.textContent = query === '' ? HINT : '';
    if (query === '') return grid.show([]);
    const answer = await context.api.samples(query);
    context.reached(answer.isOk() || answer.error.kind !== 'unreachable');
    if (asked !== query) return;
    if (answer.isErr()) {
      showMistake(mistake, query, answer.error.message);
      // A query that is wrong stays wrong; one that nobody heard is asked again.
      if (answer.error.kind === 'unreachable') asked = undefined;
      return grid.show([]);
    }
    const first = Array.isArray(answer.value) ? answer.value[0] : undefined;
    const isHeat = typeof first === 'object' && ('histogram' in first || 'histograms' in first);
    grid.show([panelOf(query, isHeat)]);
  };
  return {
    element: element(
      'section',
      { 'aria-label': 'Query', class: 'wide' },
      heading('Query'),
      box.element,
      hint,
      mistake,
      grid.element,
    ),
    update() {
      const { query } = context.state();
      if (query === asked) return;
      box.query = query;
      void ask(query);
    },
  };
}

function panelOf(query: string, isHeat: boolean): Panel {
  return {
    id: 'query',
    title: query,
    chart: isHeat ? 'heatmap' : 'lines',
    unit: unitOfQuery(query),
    queries: [{ expression: query }],
    help: '',
  };
}

/** The query with the place marked, above the words of the API. */
function showMistake(parent: HTMLElement, query: string, text: string): void {
  const { message, at } = readMistake(query, text);
  const place =
    at === undefined
      ? undefined
      : element(
          'code',
          {},
          query.slice(0, at),
          element('mark', { text: query.slice(at, at + 1) || ' ' }),
          query.slice(at + 1),
        );
  parent.replaceChildren(...[place, element('p', { text: message })].filter((child) => child !== undefined));
}

function sourceOf({ api, catalog, asking }: ViewContext) {
  const sinceS = () => asking().window.endS - asking().window.count * asking().window.stepS;
  return {
    names: () => catalog().names,
    labels: async (metric: string | undefined) =>
      (await api.labelNames(metric, sinceS())).unwrapOr([]).filter((name) => name !== '__name__'),
    values: async (label: string, metric: string | undefined) =>
      (await api.labelValues(label, sinceS(), metric)).unwrapOr([]),
  };
}
