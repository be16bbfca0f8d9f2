// Whether a request wants gzip. Apart from the negotiation of formats, which belongs to the exposition: compressing is
// a matter of HTTP.

/**
 * Reads `Accept-Encoding` as RFC 9110, section 12.5.3 has it: gzip must be named, or covered by `*`, with a weight above
 * zero that is not below the one of `identity`. Whatever cannot be read counts as not accepted.
 */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const weights = new Map<string, number>();
  for (const part of (acceptEncoding ?? '').split(',')) {
    const [coding = '', ...parameters] = part.split(';');
    weights.set(coding.trim().toLowerCase(), weightOf(parameters));
  }
  const gzip = weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0;
  return gzip > 0 && gzip >= (weights.get('identity') ?? 0);
}

function weightOf(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=');
    if (name.trim().toLowerCase() !== 'q') continue;
    const weight = value.trim();
    return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight) : 0;
  }
  return 1;
}
