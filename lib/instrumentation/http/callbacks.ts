// Asks what users have given as callbacks. Apart from everything else because of one promise: whatever they do, no request
// fails for being measured.
import type { HttpServerOptions } from './server-options.js';

export function ignores<Request>({ ignore }: HttpServerOptions<Request>, request: Request): boolean {
  if (ignore === undefined) return false;
  try {
    return ignore(request);
  } catch {
    return false;
  }
}

export function routeOption<Request>({ route }: HttpServerOptions<Request>, request: Request): string | undefined {
  if (route === undefined) return undefined;
  try {
    return route(request);
  } catch {
    return undefined;
  }
}
