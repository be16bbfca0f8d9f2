// Runs one `eval` of a test script against an engine, in the same ways as Prometheus' own tests do: an instant query also as
// the middle step of a range query, and with its selectors fixed by `@` at other times.
import type { Result } from 'neverthrow';
import { type QueryError, describe as sentenceOf } from '../../../lib/errors.js';
import { parseExpression } from '../../../lib/query/language/parse-expression.js';
import { printExpression } from '../../../lib/query/language/print-expression.js';
import type { QueryEngine } from '../../../lib/query/query-engine.js';
import type { QueryResult, VectorSample } from '../../../lib/query/values/query-result.js';
import { problemsOf, valueProblems } from './check-result.js';
import { fixedAt } from './fixed-in-time.js';
import type { EvalCommand } from './script.js';

const MINUTE_MS = 60_000;

export interface Outcome {
  readonly problems: readonly string[];
  /** The engine refused the expression because it is experimental. */
  readonly isUnsupported: boolean;
}

export async function runCommand(engine: QueryEngine, command: EvalCommand): Promise<Outcome> {
  const { endMs, stepMs, startMs } = command;
  if (endMs !== undefined && stepMs !== undefined) {
    const query = engine.range(command.expression, { start: startMs / 1000, end: endMs / 1000, step: stepMs / 1000 });
    return outcomeOf(command, await query);
  }
  const first = outcomeOf(command, await engine.instant(command.expression, { time: startMs / 1000 }));
  if (first.problems.length > 0 || first.isUnsupported) return first;
  const problems = await asMiddleStep(engine, { command, expression: command.expression, timeMs: startMs });
  for (const [expression, timeMs] of fixedCases(command)) {
    const result = await engine.instant(expression, { time: timeMs / 1000 });
    const found = outcomeOf(command, result).problems.map((problem) => `${expression} at ${timeMs} ms: ${problem}`);
    problems.push(...found, ...(await asMiddleStep(engine, { command, expression, timeMs })));
  }
  return { problems, isUnsupported: false };
}

function outcomeOf(command: EvalCommand, result: Result<QueryResult, QueryError>): Outcome {
  if (result.isErr()) return failedOutcome(command, result.error);
  const problems = command.failure === undefined ? problemsOf(command, result.value) : ['expected a failure'];
  return { problems, isUnsupported: false };
}

function failedOutcome({ failure }: EvalCommand, error: QueryError): Outcome {
  if (error.kind === 'unsupported') return { problems: [], isUnsupported: true };
  const text = 'problem' in error ? error.problem : sentenceOf(error);
  if (failure === undefined) return { problems: [`failed: ${text}`], isUnsupported: false };
  const problems = failure.matches(text) ? [] : [`expected the failure "${failure.source}", got "${text}"`];
  return { problems, isUnsupported: false };
}

/** Expression and time of each; none where the answer varies with the time. */
function fixedCases({ expression, startMs }: EvalCommand): (readonly [string, number])[] {
  const parsed = parseExpression(expression);
  const fixed = parsed.isOk() ? fixedAt(parsed.value, startMs) : undefined;
  if (fixed === undefined) return [];
  const text = printExpression(fixed);
  const times = startMs === 0 ? [-1000, 0, 1000] : [-10 * startMs, 0, Math.floor(startMs / 5), startMs, 10 * startMs];
  return times.map((timeMs) => [text, timeMs] as const);
}

async function asMiddleStep(
  engine: QueryEngine,
  { command, expression, timeMs }: { command: EvalCommand; expression: string; timeMs: number },
): Promise<string[]> {
  if (command.string !== undefined || command.failure !== undefined || command.isOrdered) return [];
  const window = { start: (timeMs - MINUTE_MS) / 1000, end: (timeMs + MINUTE_MS) / 1000, step: MINUTE_MS / 1000 };
  const result = await engine.range(expression, window);
  if (result.isErr()) {
    // A range query cannot answer a matrix, as an instant query can.
    return result.error.kind === 'type_mismatch' ? [] : [`as a range query: ${sentenceOf(result.error)}`];
  }
  const middle = middleOf(result.value, timeMs);
  const [only] = middle;
  const notes = { warnings: result.value.warnings, infos: result.value.infos };
  const value: QueryResult =
    command.scalar === undefined
      ? { type: 'vector', timestampMs: timeMs, samples: middle, ...notes }
      : { type: 'scalar', timestampMs: timeMs, value: only?.value ?? Number.NaN, ...notes };
  return valueProblems(command, value).map((problem) => `${expression} as the middle of a range: ${problem}`);
}

function middleOf(result: QueryResult, timeMs: number): VectorSample[] {
  if (result.type !== 'matrix') throw new Error(`A range query answered a ${result.type}.`);
  return result.series.flatMap(({ labels, timestampsMs, values, histograms }) => {
    const at = timestampsMs.indexOf(timeMs);
    if (at < 0) return [];
    const histogram = histograms?.[at];
    const value = values[at] as number;
    return [histogram === undefined ? { labels, value } : { labels, value, histogram }];
  });
}
