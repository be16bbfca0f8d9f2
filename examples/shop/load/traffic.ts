// What customers do, and how many of them come: the shape of the load, as pure functions. Apart from the generator, which
// only keeps the pace.
import { CATALOGUE } from '../domain/catalogue.js';

export interface Visit {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

const PERIOD_SECONDS = 45;
const RIPPLE_SECONDS = 7;

/** Requests per second at a moment: a wave around `mean` with a ripple on it, between a quarter and 1.75 of the mean. */
export function rateAt(seconds: number, mean: number): number {
  const wave = 0.6 * Math.sin((2 * Math.PI * seconds) / PERIOD_SECONDS);
  const ripple = 0.15 * Math.sin((2 * Math.PI * seconds) / RIPPLE_SECONDS);
  return mean * (1 + wave + ripple);
}

/** Paths that nobody offers, as scanners try them: each is another one, and all of them are one series. */
const SCANNED = ['wp-login.php', '.env', 'admin', 'phpmyadmin', '.git/config'];

/** The next thing that a customer does. `orderId` is an order to ask for, where one is known. */
export function nextVisit(random: () => number, orderId: string | undefined): Visit {
  const luck = random();
  if (luck < 0.4) return { method: 'GET', path: '/products' };
  if (luck < 0.72) return { method: 'GET', path: `/products/${luck < 0.715 ? popular(random) : 'anchor'}` };
  if (luck < 0.9) return { method: 'POST', path: '/orders', body: JSON.stringify({ items: basket(random) }) };
  if (luck < 0.985) return { method: 'GET', path: orderId === undefined ? '/products' : `/orders/${orderId}` };
  if (luck < 0.99) return { method: 'POST', path: '/orders', body: '{"items":[]}' };
  const page = SCANNED[Math.floor(random() * SCANNED.length)] ?? 'admin';
  return { method: 'GET', path: `/${Math.floor(random() * 1e6)}/${page}` };
}

function basket(random: () => number): readonly { readonly product: string; readonly quantity: number }[] {
  const count = 1 + Math.floor(random() * 2);
  return Array.from({ length: count }, () => ({ product: popular(random), quantity: 1 + Math.floor(random() * 3) }));
}

/** Products at the front of the catalogue are wanted more often. */
function popular(random: () => number): string {
  const luck = random();
  return CATALOGUE[Math.floor(luck ** 1.7 * CATALOGUE.length)]?.id ?? 'compass';
}
