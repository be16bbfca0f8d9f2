// Reading metrics that callers fill themselves: one that fails or hangs costs itself and no other, and whoever runs the
// process is told once.

const LONGEST_MS = 5000;
const warned = new Set<string>();
/** More names than any program has; beyond them, failures go untold. */
const MOST_WARNINGS = 1000;

/** What reading each of them answers, in their order, without those that fail or take more than 5 s. */
export async function collected<M extends { readonly name: string }, R>(
  metrics: readonly M[],
  read: (metric: M) => Promise<R>,
): Promise<R[]> {
  // All are begun before there is a timer, because some of them count the timers of the process.
  const begun = metrics.map((metric) => ({ name: metric.name, reading: read(metric) }));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took more than ${LONGEST_MS / 1000} s.`)), LONGEST_MS);
  });
  // Nobody may be waiting for it.
  late.catch(() => {});
  try {
    const results = await Promise.all(begun.map(({ name, reading }) => settled(name, Promise.race([reading, late]))));
    return results.filter((result) => result !== undefined).map(({ value }) => value);
  } finally {
    clearTimeout(timer);
  }
}

async function settled<R>(metric: string, reading: Promise<R>): Promise<{ readonly value: R } | undefined> {
  try {
    return { value: await reading };
  } catch (cause) {
    warn(metric, cause);
    return undefined;
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
