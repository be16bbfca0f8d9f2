// Flushing when the process is told to end: once, within a time limit, and without swallowing the signal, because whether the
// process ends is not for a metrics library to decide.

/** On which events to flush. */
export type ExitEvent = 'SIGTERM' | 'SIGINT' | 'beforeExit';

export const EXIT_EVENTS: readonly ExitEvent[] = ['SIGTERM', 'SIGINT', 'beforeExit'];

/**
 * Calls `flush` at the first of these events. When nobody else listens to a signal, it is sent again afterwards, so that the
 * process ends by it as it would have without the hook; a signal that comes while the flush runs does so at once.
 *
 * @returns Takes the hooks away again.
 */
export function onExit(events: readonly ExitEvent[], flush: (event: ExitEvent) => PromiseLike<unknown>): () => void {
  let flushing = false;
  const remove = () => {
    for (const [event, listener] of listeners) process.removeListener(event, listener);
  };
  const signalled = (signal: NodeJS.Signals) => {
    // Who listens once is gone from the list when the flush is over, and may still be at it.
    const isTaken = process.rawListeners(signal).some((one) => 'listener' in one);
    const end = () => (isTaken ? remove() : endBy(signal));
    if (flushing) return end();
    flushing = true;
    void flush(signal as ExitEvent).then(end, end);
  };
  const endBy = (signal: NodeJS.Signals) => {
    remove();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const drained = () => {
    if (flushing) return;
    flushing = true;
    void flush('beforeExit').then(remove, remove);
  };
  const listeners = events.map((event) => [event, event === 'beforeExit' ? drained : signalled] as const);
  // Ahead of the others, to see those who listen once.
  for (const [event, listener] of listeners)
    process.prependListener(event as NodeJS.Signals, listener as NodeJS.SignalsListener);
  return remove;
}
