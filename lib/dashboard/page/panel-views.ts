// The views that are grids of panels: overview, all metrics with a filter, and the health of measuring itself.
import { familyPanels } from '../panels/family-panels.js';
import type { KnownFamily } from '../panels/known-family.js';
import { isHealth, overviewPanels } from '../panels/overview-panels.js';
import { element, heading } from './element.js';
import { PanelGrid } from './panel-grid.js';
import type { View, ViewContext } from './view.js';

const NOTHING =
  'There are no samples in this range. A collector keeps history once it collects: metrics.startCollecting({ intervalSeconds: 15 }).';

const NO_HEALTH = 'No metric tells of storage or scrapes in this range: telltale_*, scrape_* and up are shown here.';

export function overviewView(context: ViewContext): View {
  const grid = new PanelGrid(context);
  const empty = element('p', { class: 'empty' });
  return {
    element: element('section', { 'aria-label': 'Overview' }, heading('Overview'), empty, grid.element),
    update() {
      const { families, requestLabels, problem } = context.catalog();
      empty.textContent = problem?.message ?? (families.length === 0 ? NOTHING : '');
      if (problem === undefined) grid.show(overviewPanels(families, requestLabels));
    },
  };
}

export function metricsView(context: ViewContext): View {
  const grid = new PanelGrid(context);
  const count = element('p', { class: 'count-note', role: 'status' });
  const filter = element('input', {
    type: 'search',
    placeholder: 'Filter by name or description',
    'aria-label': 'Filter metrics',
    spellcheck: 'false',
  });
  filter.addEventListener('input', () => context.change({ filter: filter.value }));
  return {
    element: element(
      'section',
      { 'aria-label': 'Metrics' },
      heading('Metrics'),
      element('div', { class: 'filter' }, filter, count),
      grid.element,
    ),
    update() {
      const { families, problem } = context.catalog();
      const wanted = context.state().filter;
      if (filter.value !== wanted) filter.value = wanted;
      const shown = families.filter((family) => matches(family, wanted));
      count.textContent =
        problem?.message ?? (families.length === 0 ? NOTHING : `${shown.length} of ${families.length} metrics`);
      if (problem === undefined) grid.show(shown.flatMap(familyPanels));
    },
  };
}

/** Every word of the filter somewhere in the name, the description or the type. */
function matches({ name, help, kind }: KnownFamily, filter: string): boolean {
  const text = `${name} ${help} ${kind}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function healthView(context: ViewContext): View {
  const grid = new PanelGrid(context);
  const about = element('p', { class: 'count-note' });
  const empty = element('p', { class: 'empty' });
  void context.api.buildInfo().then((answer) => {
    const text = answer
      .map(({ application = 'Prometheus', version }) => `${application}, API of Prometheus ${version}`)
      .unwrapOr('');
    about.textContent = `${context.api.address} · ${text}`;
  });
  return {
    element: element('section', { 'aria-label': 'Health' }, heading('Health'), about, empty, grid.element),
    update() {
      const { families, intervalS, problem } = context.catalog();
      about.title = `A sample every ${intervalS} s`;
      // Whether a target answers comes before how.
      const health = families.filter(isHealth);
      const shown = [...health.filter(({ name }) => name === 'up'), ...health.filter(({ name }) => name !== 'up')];
      empty.textContent = problem?.message ?? (shown.length === 0 ? NO_HEALTH : '');
      if (problem === undefined) grid.show(shown.flatMap(familyPanels));
    },
  };
}
