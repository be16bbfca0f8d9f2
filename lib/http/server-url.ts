// Where a server that listens on a host and port can be reached from this machine: for the server itself, and for whoever has to
// write its address down before it listens.

/** Without a path and without a slash at its end. */
export function serverUrl(host: string, port: number): string {
  return `http://${reachable(host)}:${port}`;
}

/** Listening on all addresses is no address to connect to. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
