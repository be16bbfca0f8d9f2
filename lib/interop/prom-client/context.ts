// What the instruments behind all facades share. There are no limits on series, because prom-client has none and a program
// that was moved must not lose any; what cannot be recorded is refused by the facades before it gets here.
import type { Clock } from '../../clock.js';
import type { RecordingContext } from '../../instruments/context.js';
import type { LiveFamilyOptions } from '../../instruments/live-family.js';
import { SeriesMemory } from '../../instruments/series-memory.js';
import type { FamilyDescriptor } from '../../model/family.js';

// Windows follow the wall clock, as prom-client's do, so that tests which move `Date` move them.
const wallClock: Clock = { now: () => Date.now(), monotonic: () => Date.now() / 1000 };
/** For summaries without a window. */
const stillClock: Clock = { now: () => Date.now(), monotonic: () => 0 };

export const recordingContext: RecordingContext = {
  clock: wallClock,
  names: 'classic',
  maxSeriesPerMetric: Number.POSITIVE_INFINITY,
  maxLabelValueLength: Number.POSITIVE_INFINITY,
  defaultLabels: new Map(),
  memory: new SeriesMemory(),
  spans: undefined,
  // Only exemplars with names that no reader takes come to this: the recording counts, and they are left out.
  drop: () => {},
  tell: () => true,
};

export const unwindowedContext: RecordingContext = { ...recordingContext, clock: stillClock };

/** A family whose recordings may leave labels out. */
export function familyOptions(descriptor: FamilyDescriptor, labelNames: readonly string[]): LiveFamilyOptions {
  return { descriptor, labelNames: [...new Set(labelNames)], partialLabels: true, expireAfter: undefined };
}
