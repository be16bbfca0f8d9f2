// What is recorded: requests to a service, in parallel arrays that are made beforehand and shuffled with a fixed seed, so
// that a loop over them costs about a nanosecond and every run sees the same ones in the same order.

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
const STATUSES = [200, 201, 204, 404, 500];
export const SERIES_PER_ROUTE = METHODS.length * STATUSES.length;
export const LABEL_NAMES = ['method', 'route', 'status'] as const;
export const BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface Requests {
  readonly series: number;
  readonly length: number;
  readonly methods: readonly string[];
  readonly routes: readonly string[];
  readonly statuses: readonly number[];
  /** Durations of 1 ms to 20 s, as many of each order of magnitude. */
  readonly seconds: readonly number[];
}

/** Requests that make up so many series: 1, or a multiple of 20. Each series has as many as any other. */
export function requestsOf(series: number, length = Math.max(series, 10_000)): Requests {
  const random = randomNumbers(series * 31 + 7);
  const routes = routeNames(Math.ceil(series / SERIES_PER_ROUTE));
  const order = shuffled(length, random).map((position) => position % series);
  return {
    series,
    length,
    methods: order.map((one) => METHODS[one % 4]!),
    routes: order.map((one) => routes[Math.floor(one / SERIES_PER_ROUTE)]!),
    statuses: order.map((one) => STATUSES[Math.floor(one / 4) % 5]!),
    seconds: order.map(() => 0.001 * 20_000 ** random()),
  };
}

/** What all cumulative buckets add up to when every duration is observed once. */
export function bucketTotal(seconds: readonly number[]): number {
  return seconds.reduce((total, value) => total + BUCKETS.filter((bound) => value <= bound).length + 1, 0);
}

export const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

/** Numbers in 0..1, always the same ones for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled(length: number, random: () => number): number[] {
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}

/** Keys of an object, because the engine keeps those as it keeps the literals of a program: one of each text. */
function routeNames(count: number): string[] {
  const names: Record<string, true> = {};
  for (let i = 0; i < count; i++) names[`/api/v1/${['users', 'orders', 'carts', 'items'][i % 4]}/${i}/details`] = true;
  return Object.keys(names);
}
