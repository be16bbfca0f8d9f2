// What the texts under /proc/self say, as numbers: pure, and strict, so that a text in another form is nothing instead of a
// wrong number. Source: proc(5), https://docs.kernel.org/filesystems/proc.html

/** A number of kilobytes in /proc/self/status, in bytes. */
export function statusBytes(text: string, field: string): number | undefined {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text);
  return found === null ? undefined : Number(found[1]) * 1024;
}

/** A count of bytes in /proc/self/io. */
export function ioBytes(text: string, field: string): number | undefined {
  const found = new RegExp(`^${field}: (\\d+)$`, 'm').exec(text);
  return found === null ? undefined : Number(found[1]);
}

/** The soft limit of open files in /proc/self/limits; infinite where there is none. */
export function maxOpenFiles(text: string): number | undefined {
  const found = /^Max open files\s+(\d+|unlimited)\s/m.exec(text);
  if (found === null) return undefined;
  return found[1] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(found[1]);
}

export interface NetworkBytes {
  readonly received: number;
  readonly transmitted: number;
}

/** Received and transmitted bytes of /proc/self/net/dev, all interfaces together but the loopback one. */
export function networkBytes(text: string): NetworkBytes | undefined {
  let received = 0;
  let transmitted = 0;
  let interfaces = 0;
  for (const line of text.split('\n')) {
    const colon = line.lastIndexOf(':');
    if (colon < 0) continue;
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    const [inBytes = Number.NaN] = fields;
    const outBytes = fields[8] ?? Number.NaN;
    if (!Number.isFinite(inBytes) || !Number.isFinite(outBytes)) return undefined;
    interfaces++;
    if (line.slice(0, colon).trim() === 'lo') continue;
    received += inBytes;
    transmitted += outBytes;
  }
  return interfaces === 0 ? undefined : { received, transmitted };
}
