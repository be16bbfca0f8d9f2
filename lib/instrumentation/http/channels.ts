// Subscribes to several diagnostics channels at once. A subscriber that throws would be an uncaught exception of the
// process: here it is nothing, because no request may fail for being measured.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Answers what ends all subscriptions. */
export function subscribeAll<Message>(subscribers: Readonly<Record<string, (message: Message) => void>>): () => void {
  const subscribed = Object.entries(subscribers).map(([name, take]) => {
    const listener = (message: unknown): void => {
      try {
        take(message as Message);
      } catch {}
    };
    subscribe(name, listener);
    return () => void unsubscribe(name, listener);
  });
  return () => {
    for (const stop of subscribed) stop();
  };
}
