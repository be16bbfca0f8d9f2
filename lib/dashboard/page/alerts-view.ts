// Alerts: which rules there are and what state they are in, where the API tells; and when alerts were pending and firing, which the series
// ALERTS say in any case.
import { SeriesTable } from '../panels/series-table.js';
import { formatValue } from '../panels/units.js';
import { type AlertHistory, alertHistories } from './alert-history.js';
import { clockText } from './axes.js';
import { element } from './element.js';
import { type ApiAlert, type ApiRule, numbersOf } from './query-api.js';
import { namesApart } from './series-name.js';
import type { View, ViewContext } from './view.js';

const RANKS: Readonly<Record<string, number>> = { firing: 0, pending: 1 };
const NOTHING = 'No alert was pending or firing in this range.';

export function alertsView(context: ViewContext): View {
  const rules = element('div', { class: 'rules' });
  const history = element('div', { class: 'history' });
  const table = new SeriesTable();
  let drawn = '';
  let isBusy = false;
  const refresh = async () => {
    if (isBusy) return;
    isBusy = true;
    const [told, histories] = await Promise.all([context.api.rules(), readHistories(context, table)]);
    isBusy = false;
    const list = told.unwrapOr([]).filter(({ type }) => type === 'alerting');
    // Only what changed is made anew: focus and selection stay otherwise.
    const { window } = context.asking();
    const now = JSON.stringify([list, histories, window.endS - window.stepS * window.count]);
    if (now === drawn) return;
    drawn = now;
    const sorted = [...list].sort((a, b) => rankOf(a) - rankOf(b));
    rules.replaceChildren(...sorted.map(ruleCard));
    history.replaceChildren(...historyRows(histories, window.endS - (window.count - 1) * window.stepS, window.endS));
  };
  return {
    element: element(
      'section',
      { 'aria-label': 'Alerts' },
      element('h2', { text: 'Rules' }),
      rules,
      element('h2', { text: 'History' }),
      history,
    ),
    update: () => void refresh(),
    tick: () => void refresh(),
  };
}

const rankOf = ({ state = '' }: ApiRule): number => RANKS[state] ?? 2;

async function readHistories({ api, asking }: ViewContext, table: SeriesTable): Promise<readonly AlertHistory[]> {
  const { window } = asking();
  const startS = table.advance(window);
  const answer = await api.range('ALERTS', { startS, endS: window.endS, stepS: window.stepS });
  if (answer.isErr()) {
    table.clear();
    return [];
  }
  table.take(numbersOf(answer.value), startS);
  return alertHistories(table.series, window);
}

function ruleCard({
  name,
  query,
  state = 'unknown',
  duration = 0,
  alerts = [],
  health,
  lastError,
}: ApiRule): HTMLElement {
  const wait = duration > 0 ? ` for ${formatValue(duration, 'seconds')}` : '';
  const failed =
    health === 'err' && lastError !== undefined ? element('p', { class: 'failed', text: lastError }) : undefined;
  return element(
    'article',
    { class: 'card rule', 'data-alert': name },
    element('div', { class: 'heading' }, element('h3', { text: name }), stateBadge(state)),
    element('code', { text: `${query}${wait}` }),
    failed,
    ...alerts.map(alertRow),
  );
}

function alertRow({ labels, annotations, state, activeAt, value }: ApiAlert): HTMLElement {
  const { alertname: _, ...rest } = labels;
  const names = Object.entries(rest).map(([name, text]) => `${name}=${text}`);
  const since = activeAt === undefined ? '' : ` since ${clockText(Date.parse(activeAt) / 1000, 60)}`;
  const about = annotations.summary ?? annotations.description ?? '';
  return element(
    'div',
    { class: 'alert' },
    stateBadge(state),
    element('span', { class: 'name', text: names.join(', ') }),
    element('span', { class: 'value', text: `${formatValue(Number(value), 'none')}${since}` }),
    about === '' ? undefined : element('p', { text: about }),
  );
}

const stateBadge = (state: string): HTMLElement =>
  element('span', { class: `badge state-${/^[a-z]+$/.test(state) ? state : 'unknown'}`, text: state });

function historyRows(histories: readonly AlertHistory[], startS: number, endS: number): readonly HTMLElement[] {
  if (histories.length === 0) return [element('p', { class: 'note', text: NOTHING })];
  const names = namesApart(
    histories.map(({ labels }) => labels),
    '',
  );
  const spanS = endS - startS;
  const rows = histories.map((history, index) =>
    historyRow(history, names[index] ?? '', (part) => clockText(startS + part * spanS, 60)),
  );
  const axis = element(
    'div',
    { class: 'track-times', 'aria-hidden': 'true' },
    element('span', { text: clockText(startS, spanS) }),
    element('span', { text: clockText(endS, spanS) }),
  );
  return [...rows, axis];
}

function historyRow({ name, spans }: AlertHistory, label: string, timeAt: (part: number) => string): HTMLElement {
  const said = spans.map(({ from, to, state }) => `${state} from ${timeAt(from)} to ${timeAt(to)}`).join(', ');
  const track = element('div', { class: 'track', role: 'img', 'aria-label': `${name} ${label}: ${said}`, title: said });
  for (const { from, to, state } of spans) {
    const bar = element('span', { class: `bar state-${state === 'firing' ? 'firing' : 'pending'}` });
    bar.style.left = `${from * 100}%`;
    bar.style.width = `${Math.max(0.3, (to - from) * 100)}%`;
    track.append(bar);
  }
  const about = label === '' || label === name ? name : `${name} · ${label}`;
  return element('div', { class: 'track-row' }, element('span', { class: 'name', text: about, title: about }), track);
}
