// Label sets as a table, for info metrics, whose labels are all that they say.
import type { Labels } from '../panels/series-table.js';
import { element } from './element.js';

export function labelTable(sets: readonly Labels[]): HTMLElement {
  const names = [...new Set(sets.flatMap((labels) => Object.keys(labels)))]
    .filter((name) => name !== '__name__')
    .sort();
  const head = element('tr', {}, ...names.map((name) => element('th', { scope: 'col', text: name })));
  const rows = sets
    .slice(0, 50)
    .map((labels) => element('tr', {}, ...names.map((name) => element('td', { text: labels[name] ?? '' }))));
  return element(
    'div',
    { class: 'scroll' },
    element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows)),
  );
}
