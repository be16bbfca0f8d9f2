// The page about HTTP instrumentation keeps its word: its example exposes what it shows, and its tables name all metrics there
// are.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import { MetricsCollector } from 'telltale';
import { expressMetrics, instrumentHttpClient } from 'telltale/instrumentation';
import { afterTest, fetchRaw, serve } from '../../http/support/connections.js';
import { settled } from './support/recorded.js';

const page = readFileSync(join(__dirname, '../../../docs/instrumentation-http.md'), 'utf8');
const blockAfter = (text: string): string => page.slice(page.indexOf(text)).split('```')[1] as string;
const linesOf = (block: string): string[] => block.trim().split('\n');

describe('the page about HTTP instrumentation', () => {
  it('shows what its example exposes', async () => {
    const metrics = new MetricsCollector();
    const app = express();
    app.use(expressMetrics({ collector: metrics }));
    app.get('/users/:id', (request, response) => response.send(`user ${request.params.id}`));
    // The example is what runs here.
    const [, ...example] = linesOf(blockAfter('## Servers'));
    const source = readFileSync(__filename, 'utf8');
    expect(example.filter((line) => !source.includes(line))).toEqual([]);
    await fetchRaw(`${await serve(app)}/users/7`);
    await settled(metrics);
    const exposed = linesOf(await metrics.expose());
    expect(linesOf(blockAfter('After `GET'))).toHaveLength(4);
    expect(linesOf(blockAfter('After `GET')).filter((line) => !exposed.includes(line))).toEqual([]);
  });

  it('names every metric with its type', async () => {
    const metrics = new MetricsCollector();
    expressMetrics({ collector: metrics });
    const client = instrumentHttpClient({ collector: metrics });
    afterTest(() => client.remove());
    const families = await metrics.collect();
    const defined = families
      .map(({ descriptor }) => descriptor)
      .filter(({ name }) => name.startsWith('http_'))
      .map(({ name, type }) => `${name} ${type}`);
    const told = [...page.matchAll(/^\| `(http_\w+)` \| (\w+) \|/gm)].map(([, name, type]) => `${name} ${type}`);
    expect(told.toSorted()).toEqual(defined.toSorted());
  });
});
