// Runs a real Alertmanager on the loopback interface, with one webhook as its receiver. It can be killed and started again on
// the same port and with the same data, because what senders do meanwhile is what tests want to see.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Child, startChild } from './child.js';
import { freePort } from './free-port.js';
import { pollUntil } from './poll.js';
import { serverComponent } from './servers.js';

const REQUEST_TIMEOUT_MS = 5_000;

/** An alert as `GET /api/v2/alerts` shows it. */
export interface HeldAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

export interface AlertmanagerOptions {
  /** Where its one receiver, `hook`, sends to. */
  readonly webhookUrl: string;
  /** Further flags, such as `--web.config.file=…`. */
  readonly args?: readonly string[];
  /** Further members of its route, such as `group_by`. */
  readonly route?: Readonly<Record<string, unknown>>;
}

/** An Alertmanager, running or not. */
export class Alertmanager {
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  readonly url: string;
  readonly #port: number;
  readonly #directory: string;
  readonly #args: readonly string[];
  #child: Child | undefined;

  /** Use {@link startAlertmanager}. */
  constructor(port: number, directory: string, args: readonly string[]) {
    this.url = `http://127.0.0.1:${port}`;
    this.#port = port;
    this.#directory = directory;
    this.#args = args;
  }

  /** Starts it, for the first time or again, and waits until it is ready (~0.1 s). */
  async start(): Promise<void> {
    const { path, env } = serverComponent('alertmanager');
    const flags = [
      `--config.file=${join(this.#directory, 'alertmanager.yml')}`,
      `--storage.path=${join(this.#directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${this.#port}`,
      // One of its kind: it must not look for others, nor wait for them.
      '--cluster.listen-address=',
    ];
    // Its templates are found from the root of its unpacked package, `<root>/usr/bin` being where it lies itself.
    const cwd = join(dirname(path), '../..');
    const child = startChild({ path, env, cwd, args: [...flags, ...this.#args] });
    this.#child = child;
    let hasEnded = false;
    void child.ended.then(() => {
      hasEnded = true;
    });
    await pollUntil({ what: 'Alertmanager getting ready', timeoutMs: 20_000, intervalMs: 20 }, async () => {
      // A program that cannot start will not get ready by being asked.
      if (hasEnded) return true;
      const response = await fetch(`${this.url}/-/ready`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
      await response.arrayBuffer();
      return response.ok ? true : undefined;
    });
    if (hasEnded) throw new Error(`Alertmanager ended before it was ready: ${child.stderr().slice(-2_000)}`);
  }

  /** What it holds and has not seen end, sorted by name. */
  async alerts(): Promise<readonly HeldAlert[]> {
    const response = await fetch(`${this.url}/api/v2/alerts`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`It answers ${response.status}: ${await response.text()}`);
    const alerts = (await response.json()) as readonly HeldAlert[];
    return [...alerts].sort((a, b) => (a.labels.alertname ?? '').localeCompare(b.labels.alertname ?? ''));
  }

  /** Ends it as a crash would: what it holds in memory only is lost. */
  async kill(): Promise<void> {
    this.#child?.process.kill('SIGKILL');
    await this.#child?.ended;
  }

  /** Ends it for good, and removes its data. */
  async remove(): Promise<void> {
    await this.#child?.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** With waits of 100 ms for groups, so that what it is told reaches the webhook at once. */
export async function startAlertmanager({
  webhookUrl,
  args = [],
  route = {},
}: AlertmanagerOptions): Promise<Alertmanager> {
  const directory = await mkdtemp(join(tmpdir(), 'telltale-alertmanager-'));
  // JSON is YAML, so that nothing has to be quoted here.
  const configuration = {
    route: { receiver: 'hook', group_wait: '100ms', group_interval: '100ms', repeat_interval: '1h', ...route },
    receivers: [{ name: 'hook', webhook_configs: [{ url: webhookUrl, send_resolved: true }] }],
  };
  await writeFile(join(directory, 'alertmanager.yml'), JSON.stringify(configuration));
  const alertmanager = new Alertmanager(await freePort(), directory, args);
  try {
    await alertmanager.start();
    return alertmanager;
  } catch (error) {
    await alertmanager.remove();
    throw error;
  }
}
