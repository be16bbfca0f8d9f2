// Between the primary of node:cluster and its workers, over the channel that Node has between them and that the program uses as
// well: messages carry a tag of their own. Reports are binary, and text only where the channel takes nothing else. A member
// looks for a gatherer, joins the one that calls it first, and looks again when that one dismisses it.
import cluster, { type Worker } from 'node:cluster';
import { randomUUID } from 'node:crypto';
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

/** Collectors of one process that are gathered at most: more is no program but a fault. */
const MOST_MEMBERS = 100;

/** Members and gatherers go by ids: a process can have several collectors that join, and a primary one gatherer after the other. */
interface Envelope {
  readonly [TAG]: 'look' | 'join' | 'report' | 'leave' | 'gather' | 'order' | 'dismiss';
  readonly from?: string;
  readonly to?: string;
  /** Of `join`: how the member is named. */
  readonly worker?: string;
  /** Of `report`. */
  readonly data?: string | Uint8Array;
  readonly order?: Order;
  /** Of `gather`: the array shows whether the channel carries binary data. */
  readonly probe?: Uint8Array;
}

/** The gatherer's end. */
export function gatherProcesses(events: WorkerEvents): Carrier {
  const self = randomUUID();
  const links = new Map<Worker, Map<string, WorkerLink>>();
  const gone = new WeakSet<Worker>();
  const heard = new WeakSet<Worker>();
  const call = (worker: Worker) => send(worker, { [TAG]: 'gather', from: self, probe: new Uint8Array(1) });
  const join = (worker: Worker, member: string, name: string) => {
    const members = links.get(worker) ?? new Map<string, WorkerLink>();
    // What a worker said may be read long after its exit, and when it has been given up.
    if (gone.has(worker) || members.has(member) || members.size === MOST_MEMBERS) return;
    const link: WorkerLink = {
      worker: name.slice(0, 200),
      copies: true,
      send: (order) => send(worker, { [TAG]: 'order', from: self, to: member, order }),
    };
    links.set(worker, members.set(member, link));
    events.joined(link);
    if (worker.isDead()) awaitSilence(worker);
  };
  const onMessage = (worker: Worker, message: unknown) => {
    if (!isEnvelope(message)) return;
    heard.add(worker);
    const { [TAG]: kind, from = '', to } = message;
    if (kind === 'look') return call(worker);
    if (to !== self) return;
    if (kind === 'join') return join(worker, from, String(message.worker));
    const link = links.get(worker)?.get(from);
    if (link === undefined) return;
    if (kind === 'report') return events.received(link, opened(message.data));
    if (kind !== 'leave') return;
    links.get(worker)?.delete(from);
    events.left(link);
  };
  const onDisconnect = (worker: Worker) => {
    const members = links.get(worker)?.values() ?? [];
    links.delete(worker);
    gone.add(worker);
    for (const link of members) events.left(link);
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
      for (const worker of [...links.keys()]) {
        send(worker, { [TAG]: 'dismiss', from: self });
        onDisconnect(worker);
      }
    },
  };
}

/** The worker's end. */
export function joinByProcess(worker: string, joining: Joining): Carrier {
  const self = randomUUID();
  let gatherer: string | undefined;
  const post = (envelope: Envelope) => {
    // Without a callback, a channel that closes meanwhile would be an error of the process.
    if (process.connected) process.send?.({ ...envelope, from: self, to: gatherer }, undefined, undefined, () => {});
  };
  const join = ({ from, probe }: Envelope) => {
    gatherer = from;
    post({ [TAG]: 'join', worker });
    const carriesBytes = probe instanceof Uint8Array;
    joining.connected({
      copies: true,
      send: (report) => post({ [TAG]: 'report', data: closed(report, carriesBytes) }),
    });
  };
  const onMessage = (message: unknown) => {
    if (!isEnvelope(message)) return;
    const { [TAG]: kind, from, to, order } = message;
    if (kind === 'gather' && gatherer === undefined) return join(message);
    if (from !== gatherer) return;
    if (kind === 'order' && to === self && order !== undefined) return joining.received(order);
    if (kind !== 'dismiss') return;
    gatherer = undefined;
    joining.disconnected();
    post({ [TAG]: 'look' });
  };
  const onDisconnect = () => joining.disconnected();
  process.on('message', onMessage);
  process.on('disconnect', onDisconnect);
  post({ [TAG]: 'look' });
  return {
    close: () => {
      process.off('message', onMessage);
      process.off('disconnect', onDisconnect);
      if (gatherer !== undefined) post({ [TAG]: 'leave' });
    },
  };
}

function send(worker: Worker, envelope: Envelope): void {
  if (worker.isConnected()) worker.send(envelope as never, undefined, () => {});
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
