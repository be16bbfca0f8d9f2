// What a panel is: which queries it shows and how. Apart from who makes panels and who draws them, so that neither knows the other.
import type { FamilyKind } from './known-family.js';
import type { Unit } from './units.js';

export interface PanelQuery {
  /** PromQL in which `$window` and `$targets` stand for what `expanded` puts there. */
  readonly expression: string;
  /** What its series are called; `{{label}}` is a label's value. Default: all labels. */
  readonly legend?: string;
}

export interface Panel {
  /** Stable: links point to it. */
  readonly id: string;
  readonly title: string;
  /** `heatmap` shows the observations by their size; its one query answers buckets or native histograms. */
  readonly chart: 'lines' | 'heatmap' | 'labels';
  readonly unit: Unit;
  readonly queries: readonly PanelQuery[];
  readonly help: string;
  readonly kind?: FamilyKind;
}
