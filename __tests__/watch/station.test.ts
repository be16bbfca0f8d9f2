// What a station tells whoever runs it, of rules and of those who are to hear of alerts.
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTarget } from '../../lib/watch/scraping/target.js';
import { openStation, type Station, type StationOptions } from '../../lib/watch/station.js';
import { freePort } from '../support/free-port.js';
import { pollUntil } from '../support/poll.js';

jest.setTimeout(60_000);

describe('the news of a station', () => {
  let folder = '';
  let rulesFile = '';
  let news: string[] = [];
  let station: Station | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'telltale-station-'));
    rulesFile = join(folder, 'rules.yml');
    news = [];
  });
  afterEach(async () => {
    await station?.close();
    await rm(folder, { recursive: true });
  });

  async function open(options: Partial<StationOptions> = {}): Promise<void> {
    const targets = [parseTarget(`127.0.0.1:${await freePort()}`)._unsafeUnwrap()];
    const onNews = (sentence: string) => news.push(sentence);
    const given = { targets, intervalSeconds: 1, host: '127.0.0.1', port: 0, rulesFile, onNews, ...options };
    station = (await openStation(given))._unsafeUnwrap();
  }

  const told = (text: string) =>
    pollUntil({ what: `News of ${text}`, timeoutMs: 20_000 }, async () => news.find((one) => one.includes(text)));

  const ruleFile = (rule: string) => `groups: [{ name: g, interval: 1s, rules: [${rule}] }]`;

  it('has every text of the rule file, taken or not', async () => {
    await writeFile(rulesFile, ruleFile('{ record: a, expr: up }'));
    await open();
    const replace = async (text: string) => {
      await writeFile(`${rulesFile}.new`, text);
      await rename(`${rulesFile}.new`, rulesFile);
    };
    await replace(ruleFile('{ record: a, expr: "up +" }'));
    expect(await told('unexpected end of input')).toContain(`${rulesFile} is invalid at line 1, column`);
    await replace(ruleFile('{ record: a, expr: up, unless: x }'));
    await told('unless');
    await replace(ruleFile('{ record: a, expr: up }, { record: b, expr: up }'));
    await told('2 rules are in force');
    await rm(rulesFile);
    await told('cannot be read');
    await replace(ruleFile('{ record: c, expr: up }'));
    await told('1 rule is in force');
  });

  it('names each Alertmanager that cannot be told', async () => {
    await writeFile(rulesFile, ruleFile('{ alert: Always, expr: vector(1) }'));
    const ports = [await freePort(), await freePort()];
    await open({ alertmanagerUrls: ports.map((port) => `http://127.0.0.1:${port}`) });
    for (const port of ports) await told(`could not tell http://127.0.0.1:${port}`);
  });
});
