// What ends the reading of a text. Thrown, because it comes from deep inside of loops that have no room for results, and caught
// in the one place where a result is made of it.
import type { ExpositionParseError } from '../../errors.js';
import type { ExpositionLimits } from './limits.js';

export class Fault extends Error {
  readonly error: ExpositionParseError;

  constructor(error: ExpositionParseError) {
    super(error.kind);
    this.error = error;
  }
}

/** Something wrong at a byte of the line that is being read: whoever knows the line makes a `Fault` of it. */
export class LineFault extends Error {
  /** What is wrong as a whole sentence, or the limit that is exceeded. */
  readonly problem: string;
  readonly limit: keyof ExpositionLimits | undefined;
  readonly at: number;

  constructor(problem: string, at: number, limit?: keyof ExpositionLimits) {
    super(problem);
    this.problem = problem;
    this.at = at;
    this.limit = limit;
  }
}

export function limitFault(limit: keyof ExpositionLimits, at: number): LineFault {
  return new LineFault(limit, at, limit);
}

export const SAMPLE_TWICE = 'The same sample of the same series was there before.';

/** Something wrong with the sample of a line, which shows only when all samples of its family are there. */
export function sampleFault(line: number, problem: string): Fault {
  return new Fault({ kind: 'malformed_exposition', line, column: 1, problem });
}
