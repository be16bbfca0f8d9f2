// Between the primary of node:cluster and its workers, over the channel that Node has between them and that the program uses as
// well: messages carry a tag of their own. Reports are binary, and text only where the channel takes nothing else.
import cluster, { type Worker } from 'node:cluster';
import { deserialize, serialize } from 'node:v8';
import type { Carrier, WorkerEvents, WorkerLink } from './link.js';
import { type Order, type Report, TAG } from './protocol.js';
import type { Joining } from './worker-end.js';

/** Longer reports are refused unread. One has 4096 series at most, and the numbers of all. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The channel says that it is closed once everything that was sent has been read; but now and then, when a worker was killed in
 * the middle of a message, it never does. A worker that has exited is gone in any case once nothing was read for so long.
 */
const LINGER_MS = 200;

interface Envelope {
  readonly [TAG]: 'join' | 'report' | Order;
  readonly worker?: string;
  readonly data?: string | Uint8Array;
}

/** The gatherer's end. */
export function gatherProcesses(events: WorkerEvents): Carrier {
  const links = new Map<Worker, WorkerLink>();
  const gone = new WeakSet<Worker>();
  const heard = new WeakSet<Worker>();
  const call = (worker: Worker) => send(worker, { kind: 'gather', probe: new Uint8Array(1) });
  const onMessage = (worker: Worker, message: unknown) => {
    if (!isEnvelope(message)) return;
    heard.add(worker);
    if (message[TAG] === 'join') {
      // What a worker said may be read long after its exit, and when it has been given up.
      if (gone.has(worker)) return;
      if (!links.has(worker)) {
        const link = linkTo(worker, String(message.worker).slice(0, 200));
        links.set(worker, link);
        events.joined(link);
        if (worker.isDead()) awaitSilence(worker);
      }
      return call(worker);
    }
    const link = links.get(worker);
    if (link !== undefined) events.received(link, opened(message.data));
  };
  const onDisconnect = (worker: Worker) => {
    const link = links.get(worker);
    links.delete(worker);
    gone.add(worker);
    if (link !== undefined) events.left(link);
  };
  const awaitSilence = (worker: Worker) => {
    heard.delete(worker);
    // Once the time is over, channels are read one more time: on a busy machine, timers may be all that there was a turn for.
    const listen = () => setImmediate(() => (heard.has(worker) ? awaitSilence : onDisconnect)(worker)).unref();
    setTimeout(listen, LINGER_MS).unref();
  };
  const onExit = (worker: Worker) => {
    if (links.has(worker)) awaitSilence(worker);
  };
  cluster.on('message', onMessage);
  cluster.on('disconnect', onDisconnect);
  cluster.on('exit', onExit);
  for (const worker of Object.values(cluster.workers ?? {})) {
    if (worker !== undefined) call(worker);
  }
  return {
    close: () => {
      cluster.off('message', onMessage);
      cluster.off('disconnect', onDisconnect);
      cluster.off('exit', onExit);
      for (const [worker, link] of links) {
        links.delete(worker);
        events.left(link);
      }
    },
  };
}

/** The worker's end. */
export function joinByProcess(worker: string, joining: Joining): Carrier {
  const post = (envelope: Envelope) => {
    // Without a callback, a channel that closes meanwhile would be an error of the process.
    if (process.connected) process.send?.(envelope, undefined, undefined, () => {});
  };
  let isConnected = false;
  const onMessage = (message: unknown) => {
    if (!isEnvelope(message) || typeof message[TAG] !== 'object') return;
    const order = message[TAG];
    if (order.kind !== 'gather') return joining.received(order);
    if (!isConnected) {
      isConnected = true;
      // One more time: the gatherer may not have been there at the first.
      post({ [TAG]: 'join', worker });
      const carriesBytes = order.probe instanceof Uint8Array;
      joining.connected({
        copies: true,
        send: (report) => post({ [TAG]: 'report', data: closed(report, carriesBytes) }),
      });
    }
  };
  const onDisconnect = () => joining.disconnected();
  process.on('message', onMessage);
  process.on('disconnect', onDisconnect);
  post({ [TAG]: 'join', worker });
  return {
    close: () => {
      process.off('message', onMessage);
      process.off('disconnect', onDisconnect);
    },
  };
}

function linkTo(worker: Worker, name: string): WorkerLink {
  return { worker: name, copies: true, send: (order) => send(worker, order) };
}

function send(worker: Worker, order: Order): void {
  if (worker.isConnected()) worker.send({ [TAG]: order } as never, undefined, () => {});
}

function closed(report: Report, carriesBytes: boolean): string | Uint8Array {
  const bytes = serialize(report);
  return carriesBytes ? bytes : bytes.toString('base64');
}

/** What cannot be read is garbage like any other, and is judged where reports are. */
function opened(data: unknown): unknown {
  const size = typeof data === 'string' || data instanceof Uint8Array ? data.length : Number.POSITIVE_INFINITY;
  if (size > MOST_BYTES) return undefined;
  try {
    return deserialize(typeof data === 'string' ? Buffer.from(data, 'base64') : (data as Uint8Array));
  } catch {
    return undefined;
  }
}

function isEnvelope(message: unknown): message is Envelope {
  return typeof message === 'object' && message !== null && Object.hasOwn(message, TAG);
}
