// What every instrument of a collector shares: its clock, its limits, and where refused recordings are counted and told.
import type { Clock } from '../clock.js';
import type { MetricsError, RecordingError } from '../errors.js';
import type { NameRule } from '../model/names.js';
import type { SeriesMemory } from './series-memory.js';
import type { SpanLooks } from './span-looks.js';

/** The `reason` label of `telltale_dropped_recordings_total`. */
export type DropReason =
  | 'negative'
  | 'not_a_number'
  | 'infinite'
  | 'label_mismatch'
  | 'invalid_label_value'
  | 'invalid_metric_name'
  | 'family_conflict'
  | 'invalid_exemplar';

export interface RecordingContext {
  readonly clock: Clock;
  readonly names: NameRule;
  readonly maxSeriesPerMetric: number;
  readonly maxLabelValueLength: number;
  readonly defaultLabels: ReadonlyMap<string, string>;
  readonly memory: SeriesMemory;
  /** Where exemplars are taken from active spans as well. */
  readonly spans: SpanLooks | undefined;
  /** Counts a recording that changed nothing, or an exemplar that was left out, and tells `onError`. Throws in strict mode only. */
  drop(reason: DropReason, error: RecordingError): void;
  /** Tells `onError` of something that lost nothing. False when it is not its turn, and may be told again. */
  tell(error: MetricsError): boolean;
}
