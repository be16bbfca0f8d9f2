// Between the threads of one process. They find each other on a broadcast channel, in whatever order they start; then each
// worker hands the gatherer a port of its own, which closes by itself when the worker ends.
import { BroadcastChannel, MessageChannel, type MessagePort, postMessageToThread, threadId } from 'node:worker_threads';
import type { Carrier, WorkerEvents, WorkerLink } from './link.js';
import { CHANNEL, type Order, type Report, TAG } from './protocol.js';
import type { Joining } from './worker-end.js';

interface Handover {
  readonly [TAG]: 'join';
  readonly worker: string;
  readonly port: MessagePort;
}

/** The gatherer's end. */
export function gatherThreads(events: WorkerEvents): Carrier {
  const channel = new BroadcastChannel(CHANNEL);
  const ports = new Set<MessagePort>();
  const call = () => channel.postMessage({ gatherer: threadId });
  channel.onmessage = ({ data }: { data?: unknown }) => {
    if (data === 'join') call();
  };
  const onHandover = (message: unknown) => {
    if (!isHandover(message)) return;
    const { port, worker } = message;
    const link: WorkerLink = { worker, copies: false, send: (order) => port.postMessage(order) };
    ports.add(port);
    port.on('message', (report) => events.received(link, report));
    port.on('messageerror', (cause) => events.received(link, cause));
    port.on('close', () => {
      ports.delete(port);
      events.left(link);
    });
    // Whether the process goes on is not for metrics to decide.
    port.unref();
    events.joined(link);
  };
  process.on('workerMessage', onHandover);
  channel.unref();
  call();
  return {
    close: () => {
      process.off('workerMessage', onHandover);
      channel.close();
      for (const port of ports) port.close();
    },
  };
}

/** The worker's end. */
export function joinByThread(worker: string, joining: Joining): Carrier {
  const channel = new BroadcastChannel(CHANNEL);
  let isClosed = false;
  let current: MessagePort | undefined;
  channel.onmessage = ({ data }: { data?: { readonly gatherer?: unknown } }) => {
    // The gatherer calls everybody whenever somebody asks.
    if (typeof data?.gatherer !== 'number' || current !== undefined) return;
    const { port1, port2 } = new MessageChannel();
    current = port1;
    port1.on('message', (order: Order) => joining.received(order));
    port1.on('close', () => {
      current = undefined;
      joining.disconnected();
      // Another gatherer may be there, which called while this one still listened.
      if (!isClosed) channel.postMessage('join');
    });
    port1.unref();
    const handover: Handover = { [TAG]: 'join', worker, port: port2 };
    postMessageToThread(data.gatherer, handover, [port2]).then(
      () => joining.connected({ copies: false, send: (report: Report) => port1.postMessage(report) }),
      () => port1.close(),
    );
  };
  channel.unref();
  channel.postMessage('join');
  return {
    close: () => {
      isClosed = true;
      channel.close();
      current?.close();
    },
  };
}

function isHandover(message: unknown): message is Handover {
  if (typeof message !== 'object' || message === null) return false;
  const { [TAG]: kind, worker, port } = message as Partial<Handover>;
  return kind === 'join' && typeof worker === 'string' && typeof port?.postMessage === 'function';
}
