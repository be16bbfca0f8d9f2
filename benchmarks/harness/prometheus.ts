// A real Prometheus to measure beside, where scripts/fetch-servers.mjs has brought one: empty, on a free port, and gone with
// its data afterwards.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { serverComponent } from './server-component.js';

export interface RunningPrometheus {
  readonly url: string;
  stop(): Promise<void>;
}

/** Undefined where there is none; it has to be fetched first. */
export async function startPrometheus(): Promise<RunningPrometheus | undefined> {
  const component = serverComponent('prometheus');
  if (component === undefined) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'telltale-benchmark-'));
  writeFileSync(join(directory, 'prometheus.yml'), '{}');
  const child = spawn(component.path, flags(directory), {
    env: component.env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const url = `http://127.0.0.1:${await portOf(child)}`;
  await ready(url);
  return {
    url,
    stop: async () => {
      process.off('exit', kill);
      kill();
      await once(child, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const flags = (directory: string): readonly string[] => [
  `--config.file=${join(directory, 'prometheus.yml')}`,
  `--storage.tsdb.path=${join(directory, 'data')}`,
  '--web.listen-address=127.0.0.1:0',
  '--web.enable-remote-write-receiver',
];

/** Which port it was given stands in its log. */
function portOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-10_000);
      const port = /Listening on".*?address=127\.0\.0\.1:(\d+)/.exec(log)?.[1];
      if (port !== undefined) resolve(port);
    });
    child.once('exit', () => reject(new Error(`Prometheus ended before it listened: ${log}`)));
  });
}

async function ready(url: string): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(50);
  }
  throw new Error('Prometheus did not get ready within 20 s.');
}
