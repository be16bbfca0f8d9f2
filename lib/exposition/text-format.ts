// What a text format is to the encoder: the few things that differ between classic text and OpenMetrics. Everything else,
// the hot loops above all, is written once.
import type { MetricFamily } from '../model/family.js';
import type { SeriesLines } from './series-lines.js';

/** How a text format shows families. */
export interface TextFormat {
  /** The comment lines above the samples. */
  header(family: MetricFamily): string;
  lines(family: MetricFamily): SeriesLines;
  /** What stands between two families; nothing unless given. */
  readonly between?: string;
  /** Whether families without series are shown, too. */
  readonly showsEmpty?: boolean;
  /** What stands behind the last family. */
  readonly end: string;
}
