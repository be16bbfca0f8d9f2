// `npm start`: opens the shop, sends customers to it, shows what is measured, and ends in good order: by Ctrl-C, by SIGTERM,
// after `--seconds`, or because whoever reads its output has left. Exit codes: 0 ended well, 1 could not start, 2 usage.
import type { Alert } from 'telltale/alerts';
import { LoadProcess } from './load/load-process.js';
import { HELP, readOptions, type ShopOptions } from './options.js';
import { openShop, type Shop } from './shop.js';
import { LiveView } from './view/live-view.js';
import { summaryLines } from './view/plain.js';

const EXIT = { couldNotStart: 1, usage: 2, impatient: 130 } as const;
const SAME_SIGNAL_MS = 500;

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.isErr()) return fail(options.error, EXIT.usage);
  if (options.value === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const end = new EndOfRun();
  const shop = await openShop(options.value, tellOfAlerts);
  if (shop.isErr()) return fail(shop.error, EXIT.couldNotStart);
  await run(shop.value, options.value, end);
  return 0;
}

async function run(shop: Shop, { rate, requests, seconds }: ShopOptions, end: EndOfRun): Promise<void> {
  const startedAt = performance.now();
  const out = process.stdout;
  if (!out.isTTY) {
    say(
      `dashboard ${shop.metricsUrl}/dashboard`,
      `metrics   ${shop.metricsUrl}/metrics`,
      `shop      ${shop.shopUrl}/products`,
    );
  }
  let loadState = 'running';
  const load = new LoadProcess({ url: shop.shopUrl, rate, requests });
  const view = new LiveView({
    out,
    colours: out.isTTY && !process.env.NO_COLOR,
    read: () => shop.figures(),
    frame: () => ({ metricsUrl: shop.metricsUrl, shopUrl: shop.shopUrl, load: loadState }),
  });
  void load.started.then(() => end.in(seconds));
  void load.ended.then((report) => {
    if (loadState === 'stopping') return;
    loadState = report === undefined ? 'gone' : `ended after ${report.sent} requests`;
    if (!out.isTTY) say(`load      ${loadState}`);
  });

  await end.reached;
  loadState = 'stopping';
  const report = await load.stop();
  await view.close();
  const { figures, samplesStored } = await shop.close();
  const ranSeconds = (performance.now() - startedAt) / 1000;
  say(...summaryLines({ figures, sent: report?.sent, ranSeconds, samplesStored }));
}

/** A terminal shows them with everything else. */
function tellOfAlerts(alerts: readonly Alert[]): void {
  if (process.stdout.isTTY) return;
  for (const { labels, annotations, state } of alerts) {
    say(`alert     ${labels.alertname} ${state}${state === 'firing' ? `: ${annotations.summary}` : ''}`);
  }
}

/** The moment at which the run is to end, whatever the reason. Once it has come, another Ctrl-C ends the process at once. */
class EndOfRun {
  readonly reached: Promise<void>;
  #resolve: () => void = () => {};
  #reachedAt: number | undefined;

  constructor() {
    this.reached = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    process.on('SIGINT', () => this.#signalled()).on('SIGTERM', () => this.#signalled());
    // `npm start | head` closes the pipe: nobody reads any more.
    process.stdout.on('error', () => this.#reach());
  }

  in(seconds: number | undefined): void {
    if (seconds !== undefined) setTimeout(() => this.#reach(), seconds * 1000).unref();
  }

  #signalled(): void {
    // npm hands on a Ctrl-C that the terminal has sent to this process, too: both are the same one.
    if (this.#reachedAt !== undefined && performance.now() - this.#reachedAt > SAME_SIGNAL_MS) {
      process.exit(EXIT.impatient);
    }
    this.#reach();
  }

  #reach(): void {
    this.#reachedAt ??= performance.now();
    this.#resolve();
  }
}

function say(...lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

function fail(message: string, exitCode: number): number {
  process.stderr.write(`${message}\n`);
  return exitCode;
}

process.exitCode = await main(process.argv.slice(2));
