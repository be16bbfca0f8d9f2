// Where in a query something is wrong, from the words in which the API says so: `1:5: parse error: …`, as Prometheus writes it.

export interface QueryMistake {
  readonly message: string;
  /** Counted from 0; undefined where the API names no place. */
  readonly at?: number;
}

export function readMistake(query: string, message: string): QueryMistake {
  const [, line, column, rest] = /(\d+):(\d+): (parse error: .*)$/s.exec(message) ?? [];
  if (rest === undefined) return { message };
  const lines = query.split('\n').slice(0, Number(line) - 1);
  const before = lines.reduce((sum, text) => sum + text.length + 1, 0);
  return { message: rest, at: Math.min(query.length, before + Number(column) - 1) };
}
