// What is wrong with a query, in the words that Prometheus has in rule errors and templates.

import { describe, type QueryError } from '../errors.js';
import { notEnabled } from '../query/language/not-enabled.js';

export function queryProblem(error: QueryError): string {
  switch (error.kind) {
    case 'parse_error':
    case 'type_mismatch':
      return `${error.line}:${error.column}: parse error: ${error.problem}`;
    case 'unsupported':
      return `${error.line}:${error.column}: parse error: ${notEnabled(error.feature)}`;
    case 'evaluation_failed':
      return error.problem;
    default:
      return describe(error);
  }
}
