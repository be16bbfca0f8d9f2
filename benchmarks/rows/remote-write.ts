// What it costs to send a snapshot by remote write: to a receiver in another process on the same machine, which takes
// everything at once, so that what is measured is the sender.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { MetricsCollector } from 'telltale';
import { RemoteWriteStorage } from 'telltale/storage';
import type { ReceivedText, ReceiverReady } from '../children/write-receiver.js';
import { type FilledFamily, filledCollector } from '../filled-family.js';
import { median } from '../harness/median.js';
import { type Effort, type Figures, limit, type Row } from '../harness/row.js';
import { requestsOf } from '../workload.js';

const SERIES = 100_000;
/** With the default of 2000 samples each. */
const REQUESTS = SERIES / 2000;
const WARM_UP_WRITES = 5;

interface Sending {
  /** Nanoseconds of processor time, of all threads. */
  readonly cpu: number;
  /** Nanoseconds from the write until the receiver has everything. */
  readonly duration: number;
  /** Nanoseconds between two turns of the event loop, at most. */
  readonly gap: number;
}

class Sender {
  readonly #child: ChildProcess;
  readonly #storage: RemoteWriteStorage;
  readonly #family: FilledFamily<MetricsCollector>;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#storage = new RemoteWriteStorage({ url: `http://127.0.0.1:${port}/api/v1/write` });
    this.#family = filledCollector('counter', requestsOf(SERIES)).recordAll();
  }

  static async start(): Promise<Sender> {
    const child = fork(new URL('../children/write-receiver.js', import.meta.url));
    const [{ port }] = (await once(child, 'message')) as [ReceiverReady];
    return new Sender(child, port);
  }

  /** Takes a snapshot, which is not measured, and sends it, which is. */
  async send(): Promise<Sending> {
    this.#family.recordSome();
    const snapshot = await this.#family.library.snapshot();
    const probe = probeGaps();
    const before = process.cpuUsage();
    const startedAt = performance.now();
    await this.#storage.write(snapshot);
    while (this.#storage.statistics()[0]?.queued !== 0) await delay(1);
    const duration = (performance.now() - startedAt) * 1e6;
    const { user, system } = process.cpuUsage(before);
    return { cpu: (user + system) * 1000, duration, gap: probe() };
  }

  /** @throws Error unless the receiver has got every series of the last snapshot, with everything that was recorded. */
  async check(): Promise<void> {
    this.#child.send(REQUESTS);
    const [{ text }] = (await once(this.#child, 'message')) as [ReceivedText];
    this.#family.checkText(text);
  }

  async close(): Promise<void> {
    await this.#storage.close();
    this.#child.kill();
    await once(this.#child, 'exit');
  }
}

/** Answers the longest gap so far. A probe by timer, once a millisecond: one in every turn would itself cost much of a processor. */
function probeGaps(): () => number {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  return () => {
    clearInterval(timer);
    return longest * 1e6;
  };
}

async function measured({ rounds }: Effort, figure: (sending: Sending) => number): Promise<Figures> {
  const sender = await Sender.start();
  for (let i = 0; i < WARM_UP_WRITES; i++) await sender.send();
  const figures: number[] = [];
  for (let round = 0; round < rounds; round++) {
    figures.push(figure(await sender.send()));
    await sender.check();
  }
  await sender.close();
  return { telltale: median(figures) };
}

export const remoteWriteRows: readonly Row[] = [
  {
    id: 'remote-write-cpu',
    title: 'remote write of 100k series, processor time',
    unit: 'ns',
    rehearsed: false,
    targets: [limit(150e6)],
    measure: (effort) => measured(effort, ({ cpu }) => cpu),
  },
  {
    id: 'remote-write-rate',
    title: 'remote write until a receiver has it (per sample)',
    unit: 'ns',
    rehearsed: false,
    targets: [],
    measure: (effort) => measured(effort, ({ duration }) => duration / SERIES),
  },
  {
    id: 'remote-write-gap',
    title: 'longest event-loop gap while 100k series are sent',
    unit: 'ns',
    rehearsed: false,
    targets: [limit(10e6)],
    measure: (effort) => measured(effort, ({ gap }) => gap),
  },
];
