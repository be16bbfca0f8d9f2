// When alerts were pending and when they fired, from the series ALERTS, which Prometheus and the evaluator write.
import type { Labels, StepWindow, TableSeries } from '../panels/series-table.js';

export interface AlertSpan {
  /** Parts of the shown range, 0 to 1. */
  readonly from: number;
  readonly to: number;
  readonly state: string;
}

export interface AlertHistory {
  readonly name: string;
  readonly labels: Labels;
  readonly spans: readonly AlertSpan[];
}

/** One row for each alert with its labels, by name; a span for each run of steps in one state. */
export function alertHistories(series: readonly TableSeries[], window: StepWindow): readonly AlertHistory[] {
  const found = new Map<string, { name: string; labels: Labels; spans: AlertSpan[] }>();
  for (const { labels, values } of series) {
    const { __name__: _, alertname = '', alertstate = '', ...rest } = labels;
    const key = JSON.stringify([alertname, Object.entries(rest).sort()]);
    const history = found.get(key) ?? { name: alertname, labels: rest, spans: [] };
    found.set(key, history);
    history.spans.push(...spansOf(values, window.count, alertstate));
  }
  const list = [...found.values()];
  // A step in which an alert was both counts as the later one, which is drawn last.
  for (const { spans } of list)
    spans.sort((a, b) => Number(a.state === 'firing') - Number(b.state === 'firing') || a.from - b.from);
  return list.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function* spansOf(values: Float64Array, count: number, state: string): Generator<AlertSpan> {
  let begin = -1;
  for (let step = 0; step <= count; step++) {
    const isOn = step < count && values[step] === 1;
    if (isOn && begin < 0) begin = step;
    if (isOn || begin < 0) continue;
    // A step stands for the time until the next one.
    yield { from: begin / count, to: step / count, state };
    begin = -1;
  }
}
