// Asks an engine the three kinds of questions that the live view has: one number, one number for each label set, a curve. A
// question that cannot be answered is a mistake in the view, so it is thrown and not shown as nothing.
import { describe } from 'telltale';
import type { QueryEngine, QueryResult, VectorSample } from 'telltale/query';

/** How far the curves go back. */
const CURVE_SECONDS = 120;

export interface BoardOptions {
  readonly engine: QueryEngine;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly uptimeSeconds: () => number;
}

export class Board {
  readonly uptimeSeconds: () => number;
  readonly #engine: QueryEngine;
  readonly #now: () => number;

  constructor({ engine, now, uptimeSeconds }: BoardOptions) {
    this.#engine = engine;
    this.#now = now;
    this.uptimeSeconds = uptimeSeconds;
  }

  async vector(query: string): Promise<readonly VectorSample[]> {
    const result = await this.#answer(query, this.#engine.instant(query, { time: this.#now() / 1000 }));
    return result.type === 'vector' ? result.samples : [];
  }

  /** Undefined where there is nothing to answer from yet. */
  async number(query: string): Promise<number | undefined> {
    return (await this.vector(query))[0]?.value;
  }

  /** One value for each second, the newest last. */
  async curve(query: string): Promise<readonly number[]> {
    const end = this.#now() / 1000;
    const result = await this.#answer(query, this.#engine.range(query, { start: end - CURVE_SECONDS, end, step: 1 }));
    return result.type === 'matrix' ? [...(result.series[0]?.values ?? [])] : [];
  }

  async #answer(query: string, asked: ReturnType<QueryEngine['instant']>): Promise<QueryResult> {
    const answer = await asked;
    if (answer.isOk()) return answer.value;
    throw new Error(`${query}: ${describe(answer.error)}`);
  }
}
