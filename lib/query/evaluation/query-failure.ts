// How a part of the evaluation gives up: thrown inside the engine, where results would have to pass through every sink of
// every series, and caught at its edge, which answers the error as a value.
import type { QueryError } from '../../errors.js';

export class QueryFailure extends Error {
  readonly error: QueryError;

  constructor(error: QueryError) {
    super(error.kind);
    this.error = error;
  }
}
