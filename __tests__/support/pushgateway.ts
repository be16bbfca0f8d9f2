// Starts a real, empty Pushgateway on a free port of the loopback interface. Separate from the other servers because each
// suite that can upset it (an invalid push blocks later ones) starts its own: it is ready in 50 ms.
import { listeningPort, startChild } from './child.js';
import { serverComponent } from './servers.js';

export interface Pushgateway {
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** The text that a Prometheus would scrape from it. */
  metrics(): Promise<string>;
  /** The samples of this name in that text, without labels that are empty. */
  samples(name: string): Promise<readonly PushedSample[]>;
  stop(): Promise<void>;
}

export interface PushedSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** @param args - Further flags, such as `--web.config.file=…`. */
export async function startPushgateway(args: readonly string[] = []): Promise<Pushgateway> {
  const { path, env } = serverComponent('pushgateway');
  const child = startChild({
    path,
    env,
    args: ['--web.listen-address=127.0.0.1:0', '--persistence.file=', ...args],
  });
  const port = await listeningPort(child);
  const url = `http://127.0.0.1:${port}`;
  const metrics = async () => (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
  return {
    url,
    port,
    pid: child.pid,
    metrics,
    samples: async (name) => samplesOf(await metrics(), name),
    stop: () => child.stop(),
  };
}

/** Reads the one form of the classic text that the gateway itself writes. */
function samplesOf(text: string, name: string): readonly PushedSample[] {
  const found: PushedSample[] = [];
  for (const line of text.split('\n')) {
    const [, sample, block = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (sample !== name) continue;
    const pairs = [...block.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', escaped = '']) => {
      return [label, escaped.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character))] as const;
    });
    const labels = Object.fromEntries(pairs.filter(([, text]) => text !== ''));
    found.push({ labels, value: Number(value.replace('Inf', 'Infinity')) });
  }
  return found;
}
