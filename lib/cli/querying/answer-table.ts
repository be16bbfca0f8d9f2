// Answers of the HTTP API as tables for people: a line for each series of a vector, a paragraph for each series of a matrix.
import type { ApiData, ApiHistogram, ApiSeries, ApiVectorSample } from './query-server.js';

const PLAIN_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const NOTHING = 'No series.';
/** Values stand below each other, but not far to the right because of one long name. */
const WIDEST = 100;

export function answerTable(data: ApiData): string {
  switch (data.resultType) {
    case 'vector':
      return vectorTable(data.result);
    case 'matrix':
      return data.result.length === 0 ? NOTHING : data.result.map(seriesTable).join('\n\n');
    default:
      return printable(data.result[1]);
  }
}

function vectorTable(samples: readonly ApiVectorSample[]): string {
  if (samples.length === 0) return NOTHING;
  const rows = samples.map(({ metric, value, histogram }) => {
    const shown = histogram === undefined ? (value?.[1] ?? '') : histogramText(histogram[1]);
    return [seriesText(metric), shown] as const;
  });
  const width = Math.min(WIDEST, Math.max(...rows.map(([series]) => series.length)));
  return rows.map(([series, shown]) => `${series.padEnd(width)}  ${shown}`).join('\n');
}

function seriesTable({ metric, values = [], histograms = [] }: ApiSeries): string {
  const lines = [
    ...values.map(([seconds, value]) => [seconds, value] as const),
    ...histograms.map(([seconds, histogram]) => [seconds, histogramText(histogram)] as const),
  ].sort(([a], [b]) => a - b);
  return [seriesText(metric), ...lines.map(([seconds, shown]) => `  ${timeText(seconds)}  ${shown}`)].join('\n');
}

function timeText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}

/** As PromQL writes it. */
function seriesText(metric: Readonly<Record<string, string>>): string {
  const { __name__: name = '', ...labels } = metric;
  const pairs = Object.entries(labels).map(([label, value]) => `${nameText(label)}=${quoted(value)}`);
  if (name !== '' && !PLAIN_NAME.test(name)) pairs.unshift(quoted(name));
  const shown = PLAIN_NAME.test(name) ? name : '';
  return shown !== '' && pairs.length === 0 ? shown : `${shown}{${pairs.join(', ')}}`;
}

function nameText(label: string): string {
  return PLAIN_NAME.test(label) ? label : quoted(label);
}

function quoted(text: string): string {
  return printable(JSON.stringify(text));
}

/** What comes from a server moves no cursor of a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function histogramText({ count, sum, buckets = [] }: ApiHistogram): string {
  const shown = buckets.map(([rule, lower, upper, inIt]) => {
    const [open, close] = [rule === 1 || rule === 3 ? '[' : '(', rule === 0 || rule === 3 ? ']' : ')'];
    return `${open}${lower},${upper}${close}:${inIt}`;
  });
  return `{${[`count:${count}, sum:${sum}`, ...shown].join(', ')}}`;
}
