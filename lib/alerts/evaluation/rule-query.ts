// Asks a rule's expression, and templates' queries, for one moment: the answer as samples, whatever its type.
import { err, ok, type Result } from 'neverthrow';
import type { QueryEngine } from '../../query/query-engine.js';
import type { VectorSample } from '../../query/values/query-result.js';
import { queryProblem } from '../query-problem.js';

/** A scalar counts as one sample without labels, as in Prometheus. */
export async function samplesAt(
  engine: QueryEngine,
  expr: string,
  timeMs: number,
): Promise<Result<readonly VectorSample[], string>> {
  const answer = await engine.instant(expr, { time: new Date(timeMs) });
  if (answer.isErr()) return err(queryProblem(answer.error));
  const { value } = answer;
  if (value.type === 'vector') return ok(value.samples);
  if (value.type === 'scalar') return ok([{ labels: {}, value: value.value }]);
  return err('rule result is not a vector or scalar');
}
