// What the page may load, run and ask. Apart from the route because it is the line of defence behind `textContent`: even if
// markup got into the page, nothing in it would run, and nothing could be sent anywhere.

/** A Content-Security-Policy for the page, which may ask its own origin and those given. */
export function contentPolicy(origins: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${["'self'", ...origins].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // No text becomes markup or code in this page, whatever a library tries.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** The origin of an absolute http(s) URL; undefined for anything else, and for hosts with signs that end a part of a policy. */
export function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host, origin } = new URL(url);
  const isWeb = protocol === 'http:' || protocol === 'https:';
  return isWeb && /^[\w.:[\]-]+$/.test(host) ? origin : undefined;
}
