// Where merged series live. Apart from the families, because the blocks of workers lead to the same places.
import type { SeriesGroup } from '../instruments/series-group.js';

/** The merged series that share their label names. */
export interface MergedGroup {
  readonly series: SeriesGroup;
  /** By slot: how many workers have the series now. */
  readonly holders: number[];
}
