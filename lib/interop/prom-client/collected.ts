// Reading metrics that callers fill themselves: one that fails or hangs costs itself and no other, and whoever runs the
// process is told once.

const LONGEST_MS = 5000;
const warned = new Set<string>();
/** More names than any program has; beyond them, failures go untold. */
const MOST_WARNINGS = 1000;

export interface Collected {
  readonly name: string;
  readonly isCollected?: boolean;
}

/** What reading answers; undefined where it fails or takes more than 5 s. */
export async function collected<T>(
  { name, isCollected = true }: Collected,
  read: () => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  if (!isCollected) return { value: await read() };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took more than ${LONGEST_MS / 1000} s.`)), LONGEST_MS);
  });
  try {
    return { value: await Promise.race([read(), late]) };
  } catch (cause) {
    warn(name, cause);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function warn(metric: string, cause: unknown): void {
  if (warned.has(metric) || warned.size >= MOST_WARNINGS) return;
  warned.add(metric);
  const reason = cause instanceof Error ? cause.message : String(cause);
  process.emitWarning(`The metric ${metric} is left out because its collect function failed: ${reason}`, {
    type: 'TelltaleWarning',
    code: 'TELLTALE_COLLECT_FAILED',
  });
}
