// What a row of the benchmark table is: an operation, the figure of each library, and what is asked of ours. Rows know
// nothing of printing, and printing knows nothing of how a figure came about.

export type Library = 'telltale' | 'prom-client' | 'OpenTelemetry' | 'sketches-js' | 'Prometheus' | 'by hand';

export type Figures = Readonly<Partial<Record<Library, number>>>;

/** What telltale's figure has to be: so many times below another's, at most a share of it, or at most a number. */
export type Target =
  | { readonly kind: 'faster'; readonly than: Library; readonly times: number }
  | { readonly kind: 'share'; readonly than: Library; readonly atMost: number }
  | { readonly kind: 'limit'; readonly atMost: number };

export interface Row {
  /** Also the name of the file in `notes/` that tells what was tried where a target is missed. */
  readonly id: string;
  readonly title: string;
  /** Nanoseconds or bytes, per operation. */
  readonly unit: 'ns' | 'bytes';
  /** None for a row that is shown for information. */
  readonly targets: readonly Target[];
  /** Whether it is run for a moment before the first row is measured; see `rehearse`. */
  readonly rehearsed: boolean;
  measure(effort: Effort): Promise<Figures>;
}

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly roundMs: number;
}

export interface Result {
  readonly row: Row;
  readonly figures: Figures;
}

export const fullEffort: Effort = { rounds: 11, warmUpMs: 150, roundMs: 15 };
export const quickEffort: Effort = { rounds: 3, warmUpMs: 60, roundMs: 6 };
export const rehearsalEffort: Effort = { rounds: 1, warmUpMs: 20, roundMs: 2 };

export const faster = (than: Library, times: number): Target => ({ kind: 'faster', than, times });
export const share = (than: Library, atMost: number): Target => ({ kind: 'share', than, atMost });
export const limit = (atMost: number): Target => ({ kind: 'limit', atMost });

/** Undefined where a figure is missing. */
export function isMet(target: Target, figures: Figures): boolean | undefined {
  const own = figures.telltale;
  if (own === undefined) return undefined;
  if (target.kind === 'limit') return own <= target.atMost;
  const other = figures[target.than];
  if (other === undefined) return undefined;
  return target.kind === 'faster' ? other >= own * target.times : own <= other * target.atMost;
}

/** A row of which every target is met; undefined for a row without targets. */
export function verdictOf({ row, figures }: Result): boolean | undefined {
  if (row.targets.length === 0) return undefined;
  return row.targets.every((target) => isMet(target, figures) === true);
}
