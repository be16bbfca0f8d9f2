// A call of a command that makes no sense: told in a sentence, with where to read more, and exit code 2.

/** Node's words for arguments that it does not take, as whole sentences. */
export function argumentMistake(error: unknown, hint: string): UsageError {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  const option = /'(?:-\w, )?(--?[^\s']+)/.exec(message)?.[1] ?? '';
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return new UsageError(`There is no option ${option}.`, hint);
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE': {
      const problem = message.includes('does not take') ? 'takes no value' : 'needs a value';
      return new UsageError(`The option ${option} ${problem}.`, hint);
    }
    default:
      return new UsageError(message, hint);
  }
}

export class UsageError extends Error {
  /** What to show below the message. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}
