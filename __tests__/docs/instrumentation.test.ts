// The page about instrumentation is complete: its tables name every metric there is with its type and its labels, and every
// public function is told about. That its examples run is tested with those of the other pages.
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createPool } from 'generic-pool';
import { MetricsCollector } from 'telltale';
import * as instrumentation from 'telltale/instrumentation';
import { root } from '../setup/run-command.js';

const page = readFileSync(join(root, 'docs/instrumentation.md'), 'utf8');

/** All that is defined when everything is measured, as `name type labels`. */
function defined(): string[] {
  const collector = new MetricsCollector();
  const types = ['counter', 'gauge', 'histogram'] as const;
  const spies = types.map((type) => ({ type, spy: jest.spyOn(collector, type) }));
  const options = { collector, name: 'one' };
  const pool = createPool({ create: async () => ({}), destroy: async () => {} });
  const measuring = [
    instrumentation.expressMetrics({ collector }),
    instrumentation.instrumentHttpClient({ collector }),
    instrumentation.instrumentTcpServer(createServer(), options),
    instrumentation.instrumentProcess({ collector }),
    instrumentation.instrumentCache(new Map(), options),
    instrumentation.instrumentPool(pool, options),
    instrumentation.instrumentCircuitBreaker(
      Object.assign(new EventEmitter(), { opened: false, halfOpen: false }),
      options,
    ),
    instrumentation.instrumentQueue([], options),
    instrumentation.instrumentRateLimiter(new Map(), { ...options, method: 'get' }),
    instrumentation.countLogs({ collector }),
  ];
  instrumentation.countEvictions(options);
  for (const one of measuring) one.remove();
  return spies.flatMap(({ type, spy }) =>
    spy.mock.calls.map(([name, given]) => `${name} ${type} ${(given?.labelNames ?? []).join(', ')}`.trim()),
  );
}

/** What the rows of the tables say, in the same way. */
function told(): string[] {
  const rows = [...page.matchAll(/^\| (`[^|]*) \| (counter|gauge|histogram) \| ([^|]*?) ?\| \S/gm)];
  return rows.flatMap(([, names = '', type, labels]) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name]) => `${name} ${type} ${labels}`.trim()),
  );
}

/** As a heading is addressed on the pages that show Markdown. */
const anchorOf = (heading: string): string => `#${heading.toLowerCase().replaceAll(' ', '-')}`;

describe('docs/instrumentation.md', () => {
  it('names every metric with its type and labels', () => {
    expect(told().toSorted()).toEqual(defined().toSorted());
  });

  it('tells about every public function', () => {
    const functions = Object.keys(instrumentation);
    expect(functions.length).toBeGreaterThan(0);
    expect(functions.filter((name) => !new RegExp(`\\b${name}\\(|\`${name}\``).test(page))).toEqual([]);
  });

  it('begins with links to all its sections', () => {
    const sections = [...page.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => `[${heading}](${anchorOf(heading)})`);
    expect(page.match(/\[[^\]]+\]\(#[^)]*\)/g)).toEqual(sections);
  });
});
