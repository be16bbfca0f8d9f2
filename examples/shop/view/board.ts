// Asks what the live view has to know: of an engine one number, one number for each label set, a curve; and which alerts there
// are. A question that cannot be answered is a mistake in the view, so it is thrown and not shown as nothing.
import { describe } from 'telltale';
import type { Alert } from 'telltale/alerts';
import type { QueryEngine, QueryResult, VectorSample } from 'telltale/query';

/** How far the curves go back. */
const CURVE_SECONDS = 120;

export interface BoardOptions {
  readonly engine: QueryEngine;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly uptimeSeconds: () => number;
  /** What goes on at the moment. */
  readonly alerts: () => readonly Alert[];
}

export class Board {
  readonly uptimeSeconds: () => number;
  readonly #engine: QueryEngine;
  readonly #now: () => number;
  readonly #alerts: () => readonly Alert[];

  constructor({ engine, now, uptimeSeconds, alerts }: BoardOptions) {
    this.#alerts = alerts;
    this.#engine = engine;
    this.#now = now;
    this.uptimeSeconds = uptimeSeconds;
  }

  /** Those that fire come first. */
  alerts(): readonly { readonly name: string; readonly state: string; readonly summary: string }[] {
    const known = this.#alerts().map(({ labels, annotations, state }) => ({
      name: labels.alertname ?? '',
      state,
      summary: annotations.summary ?? '',
    }));
    return known.sort((a, b) => (a.state < b.state ? -1 : a.state > b.state ? 1 : a.name < b.name ? -1 : 1));
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
