// Which moment of the data each step of a query looks at: `offset` moves it, `@` has all steps look at the same one.
import type { At } from '../language/expression.js';
import type { Steps } from '../values/steps.js';
import type { QueryRun } from './query-run.js';

/** Step i looks at `firstMs + i * strideMs`. */
export interface Moments {
  readonly firstMs: number;
  /** 0 where all steps look at one moment. */
  readonly strideMs: number;
  /** What the last step looks at. */
  readonly lastMs: number;
  readonly count: number;
}

interface Modified {
  readonly offsetMs: number;
  readonly at?: At;
}

export function momentsOf({ offsetMs, at }: Modified, { startMs, stepMs, count }: Steps, run: QueryRun): Moments {
  if (at === undefined) {
    const firstMs = startMs - offsetMs;
    return { firstMs, strideMs: stepMs, lastMs: firstMs + (count - 1) * stepMs, count };
  }
  const momentMs = (at === 'start' ? run.startMs : at === 'end' ? run.endMs : at) - offsetMs;
  return { firstMs: momentMs, strideMs: 0, lastMs: momentMs, count };
}
