// One whole frame as it stands on the screen, and how it gives way to a smaller one.
import { frame } from '../../../../examples/shop/view/frame.js';
import { plainLine, summaryLines } from '../../../../examples/shop/view/plain.js';
import { paint, widthOf } from '../../../../examples/shop/view/text.js';
import { figures } from '../support/figures.js';

const options = { metricsUrl: 'http://127.0.0.1:9464', shopUrl: 'http://127.0.0.1:8080', load: 'running' };
const shown = (columns: number, rows: number) =>
  frame(figures, { ...options, columns, rows }).map((line) => paint(line, false).trimEnd());

describe('frame', () => {
  it('shows everything that there is to see', () => {
    expect(shown(120, 40)).toEqual([
      ' telltale  ·  an order service, watched from inside                                                open for 1 min 23 s',
      '',
      ' requests                                                              ▄▆██    182 /s   12 345 in all, 14 in flight',
      ' error rate                                                            ▁▁█▃     0.8 %   97 failed in all',
      ' p95                                                                    ▅██     84 ms   p50 12 ms, p99 140 ms',
      '',
      ' process      31 % CPU, 91 MB in memory, event loop p99 11 ms',
      ' db pool      ████████████████████████  6 of 6 connections busy, 2 queries waiting',
      ' orders       98 765.40 € from 2 103 paid, 61 rejected, 9 failed',
      ' errors       payment_declined 61 · pool_exhausted 9',
      ' alerts       PaymentsUnavailable firing  31% of payments find nobody there, and 1 more',
      '',
      ' stock                                             routes                       per s     p50     p95',
      ' compass      ██████████████░░░░░░░░░░   96        GET  /products         200    73.2   12 ms   34 ms',
      ' sextant      ░░░░░░░░░░░░░░░░░░░░░░░░ sold out    POST /orders           502     0.2  100 ms  1.25 s',
      '',
      ' open    http://127.0.0.1:9464/dashboard   metrics /metrics   json /metrics.json /live.json',
      ' shop    http://127.0.0.1:8080/products   load running   Ctrl-C ends it',
    ]);
  });

  it('stacks its tables where they cannot stand side by side', () => {
    const lines = shown(90, 40);
    expect(lines.findIndex((line) => line.startsWith(' routes'))).toBeGreaterThan(
      lines.findIndex((line) => line.startsWith(' stock')),
    );
  });

  it.each([
    [120, 40],
    [80, 24],
    [40, 12],
    [10, 5],
    [1, 1],
  ])('never leaves a terminal of %d columns and %d rows', (columns, rows) => {
    const lines = frame(figures, { ...options, columns, rows });
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(widthOf(line)).toBeLessThan(columns);
  });

  it('names as many errors as fit', () => {
    const line = (columns: number) => shown(columns, 40).find((text) => text.startsWith(' errors'));
    expect([line(60), line(34)]).toEqual([
      ' errors       payment_declined 61 · pool_exhausted 9',
      ' errors       payment_declined 61',
    ]);
  });

  it('keeps its footer when rows are few', () => {
    expect(shown(80, 8).at(-1)).toContain('Ctrl-C ends it');
  });
});

describe('plainLine', () => {
  it('says the same in one line', () => {
    expect(plainLine(figures)).toBe(
      ' 1 min 23 s  182 requests/s  0.8 % errors  p50 12 ms  p95 84 ms  p99 140 ms  14 in flight  pool 6/6  lowest stock sextant 0',
    );
  });
});

describe('summaryLines', () => {
  it('says what a run came to', () => {
    expect(summaryLines({ figures, sent: 12_345, ranSeconds: 83, samplesStored: 321 })).toEqual([
      'The shop was open for 1 min 23 s and answered 12 345 requests, 149 per second.',
      'Failed: 97 (0.8 %). Orders: 2 103 paid, 61 rejected, 9 failed. Sold: 98 765.40 €.',
      'Errors: payment_declined 61, pool_exhausted 9.',
      'Slowest: POST /orders 502 with a p95 of 1.25 s.',
      'The load sent 12 345 requests. The last collection stored 321 samples.',
    ]);
  });

  it('has something to say when nothing happened', () => {
    const nothing = { ...figures, requests: 0, failures: 0, errors: [], routes: [] };
    const [first, second, ...more] = summaryLines({
      figures: nothing,
      sent: undefined,
      ranSeconds: 0,
      samplesStored: 0,
    });
    expect([first, more]).toEqual(['The shop was open for 0 s and answered 0 requests, 0 per second.', []]);
    expect(second).toContain('Failed: 0 (0.0 %)');
  });
});
