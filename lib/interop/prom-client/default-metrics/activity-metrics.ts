// Default metrics of what keeps the event loop busy: resources, handles and requests, by type and in total.
import { type DefaultMetricsOptions, gaugesFor } from './definition.js';

/** Undocumented, and present in every Node there is. */
const inner = process as unknown as {
  readonly _getActiveHandles?: () => unknown[];
  readonly _getActiveRequests?: () => unknown[];
};

interface Activity {
  readonly name: string;
  /** Help of the gauge by type, and of the total. */
  readonly help: readonly [byType: string, total: string];
  /** Answers the type of each. */
  readonly read: () => readonly string[];
}

export function processResources(options: DefaultMetricsOptions): void {
  const help =
    'Number of active resources that are currently keeping the event loop alive, grouped by async resource type.';
  const read = () => process.getActiveResourcesInfo();
  define(options, { name: 'nodejs_active_resources', help: [help, 'Total number of active resources.'], read });
}

export function processHandles(options: DefaultMetricsOptions): void {
  if (inner._getActiveHandles === undefined) return;
  const help = 'Number of active libuv handles grouped by handle type. Every handle type is C++ class name.';
  const read = () => classesOf(inner._getActiveHandles?.() ?? []);
  define(options, { name: 'nodejs_active_handles', help: [help, 'Total number of active handles.'], read });
}

export function processRequests(options: DefaultMetricsOptions): void {
  if (inner._getActiveRequests === undefined) return;
  const help = 'Number of active libuv requests grouped by request type. Every request type is C++ class name.';
  const read = () => classesOf(inner._getActiveRequests?.() ?? []);
  define(options, { name: 'nodejs_active_requests', help: [help, 'Total number of active requests.'], read });
}

function define(options: DefaultMetricsOptions, { name, help, read }: Activity): void {
  const { gauge, labels } = gaugesFor(options);
  const byType = gauge(name, help[0], {
    labelNames: ['type'],
    collect: () => {
      const counts = new Map<string, number>();
      for (const type of read()) counts.set(type, (counts.get(type) ?? 0) + 1);
      // What is over is not shown at zero.
      byType.reset();
      for (const [type, count] of counts) byType.set({ type, ...labels }, count);
    },
  });
  const total = gauge(`${name}_total`, help[1], { collect: () => total.set(labels, read().length) });
}

function classesOf(objects: readonly unknown[]): string[] {
  return objects.map((object) => (object as { constructor?: { name?: string } } | null)?.constructor?.name ?? 'Object');
}
