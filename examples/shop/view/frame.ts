// Lays out one frame of the live view: a pure function from figures to lines, made to fit the terminal. What does not fit
// is left out from the bottom up, the footer last.
import { bar, countText, durationText, shareText, sparkline, timeText } from './charts.js';
import type { Figures } from './figures.js';
import { beside, clip, type Line, padded, type Style, span } from './text.js';

export interface FrameOptions {
  readonly columns: number;
  readonly rows: number;
  readonly metricsUrl: string;
  readonly shopUrl: string;
  /** What the load is doing at the moment: `running`, `ended` … */
  readonly load: string;
}

const NAME_COLUMNS = 13;
const VALUE_COLUMNS = 44;
const STOCK_COLUMNS = 50;
const TWO_COLUMNS_FROM = 104;
const MOST_ROUTES = 9;

export function frame(figures: Figures, options: FrameOptions): readonly Line[] {
  const { columns, rows } = options;
  const stock = stockBlock(figures);
  const routes = routesBlock(figures);
  const tables = columns >= TWO_COLUMNS_FROM ? beside(stock, STOCK_COLUMNS, routes) : [...stock, [], ...routes];
  const body = [
    title(figures, columns),
    [],
    ...curves(figures, columns - 2),
    [],
    processLine(figures),
    poolLine(figures),
    ordersLine(figures),
    errorsLine(figures, columns - 2),
    alertsLine(figures),
    [],
    ...tables,
  ];
  const footer = footerOf(options);
  const shown = [...body.slice(0, Math.max(0, rows - footer.length)), ...footer].slice(0, rows);
  return shown.map((line) => clip([span(' '), ...line], columns - 1));
}

function title({ uptimeSeconds }: Figures, columns: number): Line {
  const right = `open for ${timeText(uptimeSeconds)}`;
  const left: Line = [span('telltale', 'title'), span('  ·  an order service, watched from inside', 'dim')];
  return [...padded(left, Math.max(0, columns - 3 - right.length)), span(right, 'dim')];
}

interface Curve {
  readonly name: string;
  readonly values: readonly number[];
  readonly style: Style;
  readonly now: string;
  readonly beside: string;
}

function curves({ history, responseTime, ...figures }: Figures, columns: number): readonly Line[] {
  const { p50, p95, p99 } = responseTime;
  const all: readonly Curve[] = [
    {
      name: 'requests',
      values: history.requestsPerSecond,
      style: 'calm',
      now: `${countText(figures.requestsPerSecond)} /s`,
      beside: `${countText(figures.requests)} in all, ${countText(figures.inFlight)} in flight`,
    },
    {
      name: 'error rate',
      values: history.failuresPerSecond,
      style: 'bad',
      now: shareText(figures.failureRatio),
      beside: `${countText(figures.failures)} failed in all`,
    },
    {
      name: 'p95',
      values: history.p95,
      style: 'warn',
      now: durationText(p95),
      beside: `p50 ${durationText(p50)}, p99 ${durationText(p99)}`,
    },
  ];
  const width = Math.max(10, columns - NAME_COLUMNS - VALUE_COLUMNS);
  return all.map((curve) => [
    span(curve.name.padEnd(NAME_COLUMNS)),
    span(sparkline(curve.values, width), curve.style),
    span(`  ${curve.now.padStart(8)}`, 'bold'),
    span(`   ${curve.beside}`, 'dim'),
  ]);
}

function processLine({ process: { cpuRatio, residentBytes, eventLoopP99 } }: Figures): Line {
  return [
    span('process'.padEnd(NAME_COLUMNS)),
    span(`${countText(cpuRatio * 100)} % CPU`, 'bold'),
    span(`, ${countText(residentBytes / 1e6)} MB in memory, event loop p99 ${durationText(eventLoopP99)}`, 'dim'),
  ];
}

function poolLine({ pool }: Figures): Line {
  const [filled, empty] = bar(pool.active / pool.size, 24);
  const style: Style = pool.waiting > 0 ? 'bad' : pool.active === pool.size ? 'warn' : 'good';
  return [
    span('db pool'.padEnd(NAME_COLUMNS)),
    span(filled, style),
    span(empty, 'dim'),
    span(`  ${pool.active} of ${pool.size}`, 'bold'),
    span(` connections busy, ${countText(pool.waiting)} queries waiting`, 'dim'),
  ];
}

function ordersLine({ orders }: Figures): Line {
  return [
    span('orders'.padEnd(NAME_COLUMNS)),
    span(`${countText(orders.euros, 2)} €`, 'bold'),
    span(` from ${countText(orders.paid)} paid, ${countText(orders.rejected)} rejected, `, 'dim'),
    span(`${countText(orders.failed)} failed`, orders.failed > 0 ? 'plain' : 'dim'),
  ];
}

function errorsLine({ errors }: Figures, columns: number): Line {
  let text = '';
  for (const { type, count } of errors) {
    const longer = `${text}${text === '' ? '' : ' · '}${type} ${countText(count)}`;
    if (NAME_COLUMNS + longer.length > columns) break;
    text = longer;
  }
  return [span('errors'.padEnd(NAME_COLUMNS)), span(errors.length === 0 ? 'none so far' : text, 'dim')];
}

/** The first of them; the dashboard has all. */
function alertsLine({ alerts: [first, ...others] }: Figures): Line {
  const name = span('alerts'.padEnd(NAME_COLUMNS));
  if (first === undefined) return [name, span('none', 'dim')];
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  const style: Style = first.state === 'firing' ? 'bad' : 'warn';
  return [name, span(`${first.name} ${first.state}`, style), span(`  ${first.summary}${more}`, 'dim')];
}

function stockBlock({ stock }: Figures): readonly Line[] {
  const heading: Line = [span('stock', 'bold')];
  return [
    heading,
    ...stock.map(({ product, items, capacity }): Line => {
      const ratio = items / capacity;
      const [filled, empty] = bar(ratio, 24);
      const style: Style = ratio > 0.5 ? 'good' : ratio > 0.2 ? 'warn' : 'bad';
      const left = items === 0 ? span(' sold out', 'bad') : span(countText(items).padStart(5), 'plain');
      return [span(product.padEnd(NAME_COLUMNS)), span(filled, style), span(empty, 'dim'), left];
    }),
  ];
}

function routesBlock({ routes }: Figures): readonly Line[] {
  const heading: Line = [span('routes'.padEnd(27), 'bold'), span('  per s     p50     p95', 'dim')];
  return [
    heading,
    ...routes.slice(0, MOST_ROUTES).map(({ method, route, statusCode, requestsPerSecond, p50, p95 }): Line => {
      const status: Style = statusCode.startsWith('5') ? 'bad' : statusCode.startsWith('4') ? 'warn' : 'good';
      return [
        span(`${method.padEnd(5)}${route.padEnd(16)}  `),
        span(statusCode.padEnd(4), status),
        span(requestsPerSecond.toFixed(1).padStart(7)),
        span(durationText(p50).padStart(8), 'dim'),
        span(durationText(p95).padStart(8), 'dim'),
      ];
    }),
  ];
}

function footerOf({ metricsUrl, shopUrl, load }: FrameOptions): readonly Line[] {
  return [
    [],
    [
      span('open    ', 'dim'),
      span(`${metricsUrl}/dashboard`, 'bold'),
      span('   metrics ', 'dim'),
      span('/metrics'),
      span('   json ', 'dim'),
      span('/metrics.json /live.json'),
    ],
    [
      span('shop    ', 'dim'),
      span(`${shopUrl}/products`),
      span('   load ', 'dim'),
      span(load),
      span('   Ctrl-C ', 'dim'),
      span('ends it'),
    ],
  ];
}
