// Reads the text of a query: limits first, then characters, then grammar, then types. Everything below throws where it gives
// up; here that becomes a value.
import { err, ok, type Result } from 'neverthrow';
import type { QueryError } from '../../errors.js';
import { QueryFailure } from '../evaluation/query-failure.js';
import { limitDepth } from './depth-limit.js';
import type { Expression } from './expression.js';
import { ExpressionReader } from './expression-reader.js';
import { type Place, placeOf } from './place.js';
import { scanTokens } from './scan-tokens.js';
import { syntaxTree } from './syntax-tree.js';
import type { Token } from './token.js';

/** Queries of dashboards have some hundred characters, and those that list all instances by name some hundred thousand. */
export const LONGEST_QUERY = 262_144;

/**
 * Reads a query in PromQL as Prometheus 3.5 does without feature flags, and checks that its parts go together.
 *
 * Errors: `parse_error` with what was found and what could have stood there; `type_mismatch` where an operator, a function
 * or an aggregation gets what it does not take; `unsupported` for what Prometheus has as an experiment; `limit_exceeded`
 * for more than 262 144 characters or 10 000 tokens, or more than 500 operators and parentheses in a row or in each other.
 *
 * Cost: about 0.1 ms for a query of a dashboard, 10 to 40 ns a character for a long one, right or wrong, ten times that where it is
 * all escapes; and for every regular expression what it takes to compile.
 *
 * @example
 * parseExpression('rate(http_requests_total[5m]) * 60').map(printExpression);
 * // Ok('rate(http_requests_total[5m]) * 60')
 */
export function parseExpression(text: string): Result<Expression, QueryError> {
  if (text.length > LONGEST_QUERY) {
    return err({ kind: 'limit_exceeded', limit: 'the length of a query', allowed: LONGEST_QUERY });
  }
  try {
    const { tokens, failure } = scanTokens(text);
    limitDepth(tokens);
    if (failure !== undefined) return err(firstOf(text, tokens, failure));
    const reader = new ExpressionReader(text, tokens);
    const expression = reader.build(syntaxTree(text, tokens));
    return reader.complaint === undefined ? ok(expression) : err(reader.complaint.error);
  } catch (thrown) {
    if (thrown instanceof QueryFailure) return err(thrown.error);
    throw thrown;
  }
}

/** What is wrong with characters is told unless the tokens before them are wrong already, because people read from the start. */
function firstOf(text: string, tokens: readonly Token[], { error }: QueryFailure): QueryError {
  const end = tokens.at(-1) as Token;
  if (error.kind === 'limit_exceeded' || tokens.length === 1) return error;
  try {
    syntaxTree(text, tokens);
    return error;
  } catch (thrown) {
    if (!(thrown instanceof QueryFailure)) throw thrown;
    return isBefore(thrown.error, placeOf(text, end.start)) ? thrown.error : error;
  }
}

function isBefore(error: QueryError, place: Place): boolean {
  if (!('line' in error)) return false;
  return error.line < place.line || (error.line === place.line && error.column < place.column);
}
