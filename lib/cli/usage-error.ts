// A call of a command that makes no sense: told in a sentence, with where to read more, and exit code 2.

export class UsageError extends Error {
  /** What to show below the message. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}
