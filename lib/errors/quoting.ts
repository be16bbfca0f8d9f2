// How error texts quote what others gave: in one place, so that none is flooded by it.

export function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}… (${text.length} characters)`;
}

export function causeText(cause: unknown): string {
  if (cause instanceof Error) return shorten(cause.message || cause.name).replace(/\.$/, '');
  try {
    return shorten(String(cause)).replace(/\.$/, '');
  } catch {
    return 'an unprintable value';
  }
}
