// The data of one panel: a sliding table for each of its queries, and what of them is shown. Apart from the card because fetching
// knows no elements.
import { err, ok, type Result } from 'neverthrow';
import { expanded } from '../panels/expression.js';
import type { Panel } from '../panels/panel.js';
import { type Labels, SeriesTable, type StepWindow } from '../panels/series-table.js';
import { bucketsOf, numbersOf, type Problem, type QueryApi } from './query-api.js';

export interface NamedSeries {
  readonly key: string;
  readonly labels: Labels;
  readonly legend: string | undefined;
  readonly values: Float64Array;
}

export interface Asking {
  readonly window: StepWindow;
  readonly rateWindow: string;
  /** A matcher of the targets that are shown, or nothing for all. */
  readonly targets: string;
}

/** An expression of a panel as it is asked. */
export function askedExpression(expression: string, { rateWindow, targets }: Asking): string {
  return expanded(expression, { window: rateWindow, targets });
}

export class PanelData {
  readonly #panel: Panel;
  readonly #tables: readonly SeriesTable[];
  #asked: readonly string[] = [];

  constructor(panel: Panel) {
    this.#panel = panel;
    this.#tables = panel.queries.map(() => new SeriesTable());
  }

  get tables(): readonly SeriesTable[] {
    return this.#tables;
  }

  get series(): readonly NamedSeries[] {
    return this.#tables.flatMap((table, index) => {
      const legend = this.#panel.queries[index]?.legend;
      return table.series.map(({ key, labels, values }) => ({ key: `${index}${key}`, labels, legend, values }));
    });
  }

  /** Asks for what is missing; after a failure everything is asked for anew, so that no hole stays. */
  async refresh(api: QueryApi, asking: Asking): Promise<Result<void, Problem>> {
    const { window } = asking;
    const expressions = this.#panel.queries.map(({ expression }) => askedExpression(expression, asking));
    const isSame = expressions.every((expression, index) => expression === this.#asked[index]);
    if (!isSame) for (const table of this.#tables) table.clear();
    this.#asked = expressions;
    const answers = await Promise.all(
      expressions.map(async (expression, index) => {
        const table = this.#tables[index] as SeriesTable;
        const startS = table.advance(window);
        const span = { startS, endS: window.endS, stepS: window.stepS };
        const answer = await api.range(expression, span);
        if (answer.isErr()) return answer.error;
        table.take(this.#panel.chart === 'heatmap' ? bucketsOf(answer.value) : numbersOf(answer.value), startS);
        return undefined;
      }),
    );
    const problem = answers.find((answer) => answer !== undefined);
    if (problem === undefined) return ok();
    for (const table of this.#tables) table.clear();
    return err(problem);
  }
}
