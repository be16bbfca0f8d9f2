// Where families come from, as a collector sees it: the one thing that everything which can be attached has in common.
import type { MetricFamily } from './family.js';

export interface FamilySource {
  /** The families as they are now. They, and their blocks, are the reader's to walk until it asks again. */
  collect(): Promise<readonly MetricFamily[]>;
}
