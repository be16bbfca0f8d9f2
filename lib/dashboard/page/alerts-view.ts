// Alerts: which rules there are and what state they are in, where the API tells; and when alerts were pending and firing, which the series
// ALERTS say in any case.
import { ok, type Result } from 'neverthrow';
import { SeriesTable } from '../panels/series-table.js';
import { formatValue } from '../panels/units.js';
import { type AlertHistory, alertHistories } from './alert-history.js';
import { clockText } from './axes.js';
import { element } from './element.js';
import { type ApiAlert, type ApiRule, numbersOf, type Problem } from './query-api.js';
import { namesApart } from './series-name.js';
import type { View, ViewContext } from './view.js';

const RANKS: Readonly<Record<string, number>> = { firing: 0, pending: 1 };
const NOTHING = 'No alert was pending or firing in this range.';
const NO_RULES = 'There are no alerting rules.';
const NOT_TOLD = 'This server does not tell its rules: mount rulesApi(evaluator) beside queryApi(metrics).';
/** Alerts of one rule, and rows of the history: more is nothing that one reads. */
const AT_MOST = 20;
const ROWS_AT_MOST = 100;
const HALF_DAY_S = 43_200;

export function alertsView(context: ViewContext): View {
  const problem = element('p', { class: 'failed', role: 'status' });
  const rules = element('div', { class: 'rules' });
  const history = element('div', { class: 'history' });
  const section = element(
    'section',
    { 'aria-label': 'Alerts' },
    problem,
    element('h2', { text: 'Rules' }),
    rules,
    element('h2', { text: 'History' }),
    history,
  );
  const table = new SeriesTable();
  let rulesAre: 'told' | 'absent' = 'told';
  let drawnRules = '';
  let drawnHistory = '';
  let isBusy = false;

  const refresh = async () => {
    if (isBusy) return;
    isBusy = true;
    const [told, histories] = await Promise.all([
      rulesAre === 'told' ? context.api.rules() : ok([]),
      readHistories(context, table),
    ]);
    isBusy = false;
    if (told.isErr() && told.error.kind === 'absent') rulesAre = 'absent';
    const problems = [told, histories].flatMap((answer) => (answer.isErr() ? [answer.error] : []));
    const found = problems.find(({ kind }) => kind !== 'absent');
    context.reached(found?.kind !== 'unreachable');
    problem.textContent = found?.message ?? '';
    // Whoever selects a text wants to copy it.
    if (isSelectedIn(section)) return;
    // What is shown stays while the server is away.
    if (told.isOk()) showRules(told.value);
    else if (rulesAre === 'absent') showRules([]);
    if (histories.isOk()) showHistory(histories.value);
  };

  // Only what changed is made anew: focus stays otherwise.
  const showRules = (all: readonly ApiRule[]) => {
    const list = all.filter(({ type }) => type === 'alerting').sort((a, b) => rankOf(a) - rankOf(b));
    const now = JSON.stringify([rulesAre, list]);
    if (now === drawnRules) return;
    drawnRules = now;
    const nowS = context.api.nowS();
    const cards = list.map((rule) => ruleCard(rule, nowS));
    rules.replaceChildren(...(cards.length > 0 ? cards : [note(rulesAre === 'absent' ? NOT_TOLD : NO_RULES)]));
  };

  const showHistory = (histories: readonly AlertHistory[]) => {
    const { window } = context.asking();
    const startS = window.endS - (window.count - 1) * window.stepS;
    const now = JSON.stringify([histories, startS]);
    if (now === drawnHistory) return;
    drawnHistory = now;
    history.replaceChildren(...historyRows(histories, startS, window.endS));
  };

  return {
    element: section,
    update() {
      // Rules may have been mounted meanwhile.
      rulesAre = 'told';
      void refresh();
    },
    tick: () => void refresh(),
  };
}

function isSelectedIn(parent: HTMLElement): boolean {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && parent.contains(selection.anchorNode);
}

const note = (text: string): HTMLElement => element('p', { class: 'note', text });

/** What is more than `most` of them as a line that says how many. */
function atMost(most: number, rows: readonly HTMLElement[]): readonly HTMLElement[] {
  return rows.length <= most ? rows : [...rows.slice(0, most), note(`and ${rows.length - most} more`)];
}

const rankOf = ({ state = '' }: Pick<ApiRule, 'state'>): number => RANKS[state] ?? 2;

async function readHistories(
  { api, asking }: ViewContext,
  table: SeriesTable,
): Promise<Result<readonly AlertHistory[], Problem>> {
  const { window } = asking();
  const startS = table.advance(window);
  const answer = await api.range('ALERTS', { startS, endS: window.endS, stepS: window.stepS });
  if (answer.isErr()) table.clear();
  return answer.map((series) => {
    table.take(numbersOf(series), startS);
    return alertHistories(table.series, window);
  });
}

function ruleCard(rule: ApiRule, nowS: number): HTMLElement {
  const { name, query, state = 'unknown', duration = 0, alerts = [], health, lastError } = rule;
  const wait = duration > 0 ? ` for ${formatValue(duration, 'seconds')}` : '';
  const failed =
    health === 'err' && lastError !== undefined ? element('p', { class: 'failed', text: lastError }) : undefined;
  return element(
    'article',
    { class: 'card rule', 'data-alert': name },
    element('div', { class: 'heading' }, element('h3', { text: name }), stateBadge(state)),
    element('code', { text: `${query}${wait}` }),
    failed,
    ...atMost(
      AT_MOST,
      [...alerts].sort((a, b) => rankOf(a) - rankOf(b)).map((alert) => alertRow(alert, nowS)),
    ),
  );
}

function alertRow({ labels, annotations, state, activeAt, value }: ApiAlert, nowS: number): HTMLElement {
  const { alertname: _, ...rest } = labels;
  const names = Object.entries(rest).map(([name, text]) => `${name}=${text}`);
  const since = activeAt === undefined ? '' : ` since ${sinceText(Date.parse(activeAt) / 1000, nowS)}`;
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

/** With the day, where the time alone could be another day's. */
const sinceText = (timeS: number, nowS: number): string =>
  clockText(timeS, nowS - timeS > HALF_DAY_S ? 4 * HALF_DAY_S : 60);

const stateBadge = (state: string): HTMLElement =>
  element('span', { class: `badge state-${/^[a-z]+$/.test(state) ? state : 'unknown'}`, text: state });

function historyRows(histories: readonly AlertHistory[], startS: number, endS: number): readonly HTMLElement[] {
  if (histories.length === 0) return [note(NOTHING)];
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
  return [...atMost(ROWS_AT_MOST, rows), axis];
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
