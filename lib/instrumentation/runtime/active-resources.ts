// What keeps the event loop alive, counted by type: libuv's handles and requests, and the runtime's resources. The first two
// have no documented source; where the runtime no longer has them, their metrics are left out.
import type { MetricsCollector } from '../../collector.js';
import type { Part } from '../process/part.js';

interface Undocumented {
  readonly _getActiveHandles?: () => readonly object[];
  readonly _getActiveRequests?: () => readonly object[];
}

const classOf = (one: object): string => one.constructor?.name || 'unknown';

/** The types of all that are there now; undefined where the runtime does not tell. */
type Source = { readonly what: string; readonly byWhat: string; readonly types: (() => readonly string[]) | undefined };

function sources(): readonly Source[] {
  const { _getActiveHandles: handles, _getActiveRequests: requests } = process as Undocumented;
  return [
    {
      what: 'handles',
      byWhat: 'libuv handles grouped by handle type. Every handle type is C++ class name.',
      types: handles && (() => handles.call(process).map(classOf)),
    },
    {
      what: 'requests',
      byWhat: 'libuv requests grouped by request type. Every request type is C++ class name.',
      types: requests && (() => requests.call(process).map(classOf)),
    },
    {
      what: 'resources',
      byWhat: 'resources that are currently keeping the event loop alive, grouped by async resource type.',
      types: process.getActiveResourcesInfo && (() => process.getActiveResourcesInfo()),
    },
  ];
}

export function activeResources(collector: MetricsCollector): Part {
  const told = sources().flatMap(({ what, byWhat, types }) => {
    if (types === undefined) return [];
    const byType = collector.gauge(`nodejs_active_${what}`, {
      description: `Number of active ${byWhat}`,
      labelNames: ['type'],
    });
    const total = collector.gauge(`nodejs_active_${what}_total`, {
      description: `Total number of active ${what}.`,
      labelNames: [],
    });
    return [{ byType, total, types, shown: new Map<string, number>() }];
  });
  return {
    instruments: told.flatMap(({ byType, total }) => [byType, total]),
    read() {
      for (const { byType, total, types, shown } of told) {
        const now = types();
        total.set(now.length);
        const counts = new Map<string, number>();
        for (const type of now) counts.set(type, (counts.get(type) ?? 0) + 1);
        for (const type of shown.keys()) if (!counts.has(type)) byType.remove({ type });
        shown.clear();
        for (const [type, count] of counts) {
          byType.set(count, { type });
          shown.set(type, count);
        }
      }
    },
  };
}
