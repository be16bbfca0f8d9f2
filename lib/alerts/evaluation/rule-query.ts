// Asks a rule's expression, and templates' queries, for one moment: the answer as samples, whatever its type.
import { err, ok, type Result } from 'neverthrow';
import { describe, type QueryError } from '../../errors.js';
import type { QueryEngine } from '../../query/query-engine.js';
import type { VectorSample } from '../../query/values/query-result.js';

/** A scalar counts as one sample without labels, as in Prometheus. */
export async function samplesAt(
  engine: QueryEngine,
  expr: string,
  timeMs: number,
): Promise<Result<readonly VectorSample[], string>> {
  const answer = await engine.instant(expr, { time: new Date(timeMs) });
  if (answer.isErr()) return err(problemOf(answer.error));
  const { value } = answer;
  if (value.type === 'vector') return ok(value.samples);
  if (value.type === 'scalar') return ok([{ labels: {}, value: value.value }]);
  return err('rule result is not a vector or scalar');
}

function problemOf(error: QueryError): string {
  return error.kind === 'evaluation_failed' ? error.problem : describe(error);
}
