// How the API refuses: Prometheus' error types with their status codes, in its words, whatever went wrong inside.

import { describe, type QueryError } from '../../errors.js';
import { notEnabled } from '../language/not-enabled.js';

export type ApiErrorType =
  | 'bad_data'
  | 'not_found'
  | 'method_not_allowed'
  | 'execution'
  | 'canceled'
  | 'internal'
  | 'timeout'
  | 'unavailable';

export interface ApiError {
  readonly type: ApiErrorType;
  readonly message: string;
  /** The methods that there are, where it was the wrong one. */
  readonly allow?: string;
}

export const STATUS_OF: Readonly<Record<ApiErrorType, number>> = {
  bad_data: 400,
  not_found: 404,
  method_not_allowed: 405,
  execution: 422,
  // The client closed the connection: nobody reads it, but access logs do.
  canceled: 499,
  internal: 500,
  timeout: 503,
  unavailable: 503,
};

export function badData(message: string): ApiError {
  return { type: 'bad_data', message };
}

export function invalidParameter(name: string, problem: string): ApiError {
  return badData(`invalid parameter "${name}": ${problem}`);
}

/** @param parameter - The one that the expression came in. */
export function ofQueryError(error: QueryError, parameter: string): ApiError {
  switch (error.kind) {
    case 'parse_error':
      return parseError(parameter, error, error.problem);
    case 'unsupported':
      return parseError(parameter, error, notEnabled(error.feature));
    case 'type_mismatch':
      // Of a range query's own type Prometheus names no place, because the whole expression has it.
      return error.problem.startsWith('invalid expression type')
        ? invalidParameter(parameter, error.problem)
        : parseError(parameter, error, error.problem);
    case 'evaluation_failed':
      return { type: 'execution', message: error.problem };
    case 'limit_exceeded':
      return { type: 'execution', message: describe(error) };
    case 'timed_out':
      return { type: 'timeout', message: describe(error) };
    case 'cancelled':
      return { type: 'canceled', message: describe(error) };
    case 'select_failed':
      return { type: 'internal', message: describe(error) };
  }
}

function parseError(parameter: string, place: { line: number; column: number }, problem: string): ApiError {
  return invalidParameter(parameter, `${place.line}:${place.column}: parse error: ${problem}`);
}
