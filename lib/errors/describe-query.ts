// What to say of queries that were not answered.
import { describeStorage } from './describe-storage.js';
import type { QueryError } from './kinds.js';
import { shorten } from './quoting.js';

export function describeQuery(error: QueryError): string {
  switch (error.kind) {
    case 'parse_error':
      return `The query cannot be read at line ${error.line}, column ${error.column}: ${shorten(error.problem)}. Correct it there.`;
    case 'type_mismatch':
      return `The query has a wrong type at line ${error.line}, column ${error.column}: ${shorten(error.problem)}.`;
    case 'unsupported':
      return `The query uses ${shorten(error.feature)} at line ${error.line}, column ${error.column}, which Prometheus has as an experiment only. Write it without.`;
    case 'evaluation_failed':
      return `The query cannot be answered: ${shorten(error.problem)}.`;
    case 'select_failed':
      return `The query could not read its samples. ${describeStorage(error.cause)}`;
    case 'limit_exceeded':
      return `The query needs more than ${error.limit} allows (${error.allowed}). Ask for fewer series, a shorter range or a longer step; write it shorter; or raise the limit where it is an option.`;
    case 'timed_out':
      return `The query was not answered within ${error.timeoutSeconds} s. Ask for fewer series, a shorter range or a longer step, or allow more time.`;
    case 'cancelled':
      return 'The query was cancelled before it was answered. Ask again if the answer is still wanted.';
  }
}
