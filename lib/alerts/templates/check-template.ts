// Whether a template can be read at all, for those who check rules before anything is evaluated.

/** What is wrong with a template; undefined where nothing is. */
export function checkTemplate(_text: string, _name: string): string | undefined {
  return undefined;
}
