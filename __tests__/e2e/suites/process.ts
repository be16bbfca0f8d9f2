// The shop as a real process, from its start to each of its ends: by time, by signal, by Ctrl-C in a terminal, by a reader
// that leaves, by a start that fails.
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { HELP } from '../../../examples/shop/options.js';
import { pollUntil } from '../../support/poll.js';
import { npmStart, npmStartInTerminal, type ShopProcess, startShop } from '../support/shop-process.js';

const LINE = /\d+ s {2}\d+ requests\/s/;
const SUMMARY = /was open for .* and answered ([\d ]+) requests/;

/** The shop answered exactly what the load sent: nothing was lost in the end. */
function expectDrained(shop: ShopProcess): void {
  const [, answered] = SUMMARY.exec(shop.output()) ?? [];
  const [, sent] = /The load sent ([\d ]+) requests/.exec(shop.output()) ?? [];
  expect(answered).toMatch(/[1-9]/);
  expect(answered).toBe(sent);
}

export function describeProcess(): void {
  describe('npm start', suite);
}

const hasTerminal = existsSync('/usr/bin/script') && process.platform === 'linux';

/** All that has to be seen running first starts at once, because each of them takes two seconds to say something. */
function startAll() {
  return {
    interrupted: startShop('--port', '0'),
    terminated: startShop('--port', '0'),
    throughNpm: npmStart('--port', '0'),
    inTerminal: hasTerminal ? npmStartInTerminal('--port', '0') : undefined,
    unread: startShop('--port', '0'),
    killed: startShop('--port', '0'),
  };
}

function suite(): void {
  let shops: ReturnType<typeof startAll>;

  beforeAll(() => {
    shops = startAll();
  });

  afterAll(() => Promise.all(Object.values(shops).map((shop) => shop?.child.stop())));

  it('offers help', async () => {
    const shop = startShop('--help');
    expect(await shop.end()).toBe(0);
    expect(shop.output()).toBe(HELP);
  });

  it('ends by itself after the given seconds, with a summary', async () => {
    const shop = startShop('--port', '0', '--seconds', '1.5');
    expect(await shop.end()).toBe(0);
    expect(shop.child.stderr()).toBe('');
    expect(shop.output()).toMatch(
      /^dashboard http:\/\/127\.0\.0\.1:\d+\/dashboard\nmetrics {3}http:\/\/127\.0\.0\.1:\d+\/metrics\nshop {6}http:\/\/127\.0\.0\.1:\d+/,
    );
    expectDrained(shop);
  });

  it.each([
    ['SIGINT', 'interrupted'],
    ['SIGTERM', 'terminated'],
  ] as const)('drains and exits with 0 on %s', async (signal, name) => {
    const shop = shops[name];
    await shop.match(LINE);
    expect(await shop.end(signal)).toBe(0);
    expectDrained(shop);
  });

  it('lets npm exit with 0, too, when it is interrupted', async () => {
    const shop = shops.throughNpm;
    await shop.match(LINE);
    expect(await shop.end('SIGINT')).toBe(0);
    expectDrained(shop);
  });

  (hasTerminal ? it : it.skip)('shows a live view in a terminal, and gives it back on Ctrl-C', async () => {
    const shop = shops.inTerminal as ShopProcess;
    await shop.match(/POST \/orders/);
    expect(await shop.end({ key: '\x03' })).toBe(0);
    const [, view = ''] = shop.output().split('\x1b[?1049h');
    const [frames = '', after] = view.split('\x1b[?1049l');
    expect(frames).toMatch(/stock.*compass.*█/s);
    expect(frames).toContain('\x1b[1;36mtelltale\x1b[0m');
    expect(frames).not.toContain('\x1b[2J');
    expect(after).toMatch(SUMMARY);
    expectDrained(shop);
  });

  it('ends when nobody reads its output any more', async () => {
    const shop = shops.unread;
    await shop.match(LINE);
    shop.child.process.stdout.destroy();
    expect(await shop.end()).toBe(0);
    expect(shop.child.stderr()).toBe('');
  });

  it('says in one sentence that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const shop = startShop('--port', String(port));
    expect(await shop.end()).toBe(1);
    expect(shop.child.stderr()).toBe(
      `Port ${port} on 127.0.0.1 is taken by another program. Stop that program or choose another port. For instance: npm start -- --port 0\n`,
    );
    expect(shop.output()).toBe('');
    other.close();
  });

  it('says in one sentence what is wrong with its arguments', async () => {
    const shop = startShop('--second', '3');
    expect(await shop.end()).toBe(2);
    expect(shop.child.stderr()).toBe('There is no option --second. See --help.\n');
  });

  (process.platform === 'linux' ? it : it.skip)('leaves no load behind, be it killed', async () => {
    const shop = shops.killed;
    await shop.match(LINE);
    const { pid } = shop.child;
    const load = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    expect(load).toMatch(/^\d+$/);
    await shop.end('SIGKILL');
    await pollUntil({ what: 'The end of the load', timeoutMs: 20_000 }, async () =>
      existsSync(`/proc/${load}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${load}/status`, 'utf8'))
        ? undefined
        : true,
    );
  });
}
