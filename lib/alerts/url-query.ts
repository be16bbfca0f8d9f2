// Values of parameters in URLs, escaped as Go does it: links are compared as texts, and have to be the same everywhere.

export function urlQuery(text: string): string {
  return new URLSearchParams({ q: text }).toString().slice(2).replaceAll('*', '%2A').replaceAll('%7E', '~');
}
