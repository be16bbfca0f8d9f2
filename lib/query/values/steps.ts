// The moments that a query is evaluated at: one for an instant query, a grid for a range query.

export interface Steps {
  readonly startMs: number;
  /** 1 where there is one step only. Greater than 0. */
  readonly stepMs: number;
  /** At least 1. */
  readonly count: number;
}

export function stepTimeMs({ startMs, stepMs }: Steps, step: number): number {
  return startMs + step * stepMs;
}
