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
  stop(): Promise<void>;
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
  return {
    url,
    port,
    pid: child.pid,
    metrics: async () => (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) })).text(),
    stop: () => child.stop(),
  };
}
