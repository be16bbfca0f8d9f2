// What templates do with texts: titles, hosts and ports, and what markup and scripts escape.
import { isIP } from 'node:net';

/** The first letter of every word; the others stay. */
export function title(text: string): string {
  return text.replace(/[\p{L}\p{N}\p{M}_]+/gu, (word) => {
    const [first = ''] = word;
    return first.toUpperCase() + word.slice(first.length);
  });
}

export function stripPort(hostPort: string): string {
  return splitPort(hostPort)?.host ?? hostPort;
}

/** Leaves the first part of a name, and IP addresses as they are. */
export function stripDomain(hostPort: string): string {
  const { host, port } = splitPort(hostPort) ?? { host: hostPort, port: '' };
  if (isIP(host) !== 0) return hostPort;
  const name = host.split('.')[0] ?? '';
  return port === '' ? name : `${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function splitPort(hostPort: string): { host: string; port: string } | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(hostPort) ?? [];
  return port === undefined ? undefined : { host: bracketed ?? plain ?? '', port };
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'\0]/g, (each) => HTML.get(each) ?? each);
}

const HTML: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['\0', '\uFFFD'],
]);

/** For strings in scripts. */
export function escapeScript(text: string): string {
  return text.replace(/[\\'"<>&=]|\p{Cc}/gu, (each) =>
    /[\\'"]/.test(each) ? `\\${each}` : `\\u${each.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}
