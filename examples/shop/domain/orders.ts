// What the shop does: lists products, takes orders, finds them again. Calls, times and errors of all that are one decorator;
// what an order means for the business is recorded by hand; what HTTP makes of the outcome is none of its concern.
import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow';
import { Monitored, TrackInFlight } from 'telltale/decorators';
import type { ShopMetrics } from '../metrics.js';
import { CATALOGUE, findProduct, type Product } from './catalogue.js';
import type { Database, DatabaseError } from './database.js';
import type { Inventory, OrderItem, OutOfStock } from './inventory.js';
import type { PaymentError, Payments } from './payments.js';

export interface Order {
  readonly id: string;
  readonly items: readonly OrderItem[];
  readonly amountEuros: number;
}

export interface UnknownProduct {
  readonly kind: 'unknown_product';
}
export interface UnknownOrder {
  readonly kind: 'unknown_order';
}
export interface InvalidOrder {
  readonly kind: 'invalid_order';
  readonly problem: string;
}
export type ShopError = DatabaseError | PaymentError | OutOfStock | UnknownProduct | UnknownOrder | InvalidOrder;

/** How each error counts for the business: whether the customer or the shop is the reason. */
const OUTCOMES = {
  invalid_order: 'rejected',
  unknown_product: 'rejected',
  unknown_order: 'rejected',
  out_of_stock: 'rejected',
  payment_declined: 'rejected',
  payment_unavailable: 'failed',
  pool_exhausted: 'failed',
  query_failed: 'failed',
} as const satisfies Record<ShopError['kind'], 'rejected' | 'failed'>;

const MAX_QUANTITY = 20;
const MAX_ITEMS = 20;
/** Old orders are forgotten, so that the shop can stay open for weeks. */
const ORDERS_KEPT = 5_000;

export interface OrderServiceParts {
  readonly metrics: ShopMetrics;
  readonly database: Database;
  readonly inventory: Inventory;
  readonly payments: Payments;
}

@Monitored()
export class OrderService {
  readonly #parts: OrderServiceParts;
  readonly #orders = new Map<string, Order>();
  #lastId = 0;

  constructor(parts: OrderServiceParts) {
    this.#parts = parts;
    for (const outcome of ['paid', 'rejected', 'failed']) parts.metrics.orders.labels({ outcome });
  }

  products(): ResultAsync<readonly Product[], ShopError> {
    return this.#parts.database.query('list_products', () => CATALOGUE);
  }

  product(id: string): ResultAsync<Product, ShopError> {
    return this.#parts.database
      .query('find_product', () => findProduct(id))
      .andThen((product) => (product === undefined ? errAsync(unknownProduct) : okAsync(product)));
  }

  order(id: string): ResultAsync<Order, ShopError> {
    return this.#parts.database
      .query('find_order', () => this.#orders.get(id))
      .andThen((order) => (order === undefined ? errAsync(unknownOrder) : okAsync(order)));
  }

  /** Takes an order as a customer sent it: whatever it is, nothing is taken for granted. */
  @TrackInFlight({ name: 'orders_in_flight', description: 'Orders that are being taken.' })
  place(request: unknown): ResultAsync<Order, ShopError> {
    const { metrics } = this.#parts;
    return parseItems(request)
      .asyncAndThen((items) => this.#sell(items))
      .andTee((order) => {
        metrics.orders.increment(1, { outcome: 'paid' });
        metrics.orderAmount.observe(order.amountEuros);
      })
      .orTee((error) => metrics.orders.increment(1, { outcome: OUTCOMES[error.kind] }));
  }

  #sell(items: readonly OrderItem[]): ResultAsync<Order, ShopError> {
    const { database, inventory, payments } = this.#parts;
    const reserved = inventory.reserve(items);
    if (reserved.isErr()) return errAsync(reserved.error);
    return database
      .query('insert_order', () => this.#newOrder(items))
      .andThen((order) => payments.charge(order.amountEuros).map(() => order))
      .andThen((order) => database.query('mark_paid', () => this.#keep(order)))
      .orTee(() => inventory.release(items));
  }

  #newOrder(items: readonly OrderItem[]): Order {
    const amountEuros = items.reduce((sum, { product, quantity }) => sum + priceOf(product) * quantity, 0);
    this.#lastId += 1;
    return { id: String(this.#lastId), items, amountEuros: Math.round(amountEuros * 100) / 100 };
  }

  #keep(order: Order): Order {
    this.#orders.set(order.id, order);
    const [oldest] = this.#orders.keys();
    if (this.#orders.size > ORDERS_KEPT && oldest !== undefined) this.#orders.delete(oldest);
    return order;
  }
}

const unknownProduct: UnknownProduct = { kind: 'unknown_product' };
const unknownOrder: UnknownOrder = { kind: 'unknown_order' };

function priceOf(product: string): number {
  return findProduct(product)?.priceEuros ?? 0;
}

function parseItems(request: unknown): Result<readonly OrderItem[], InvalidOrder | UnknownProduct> {
  const items = (request as { readonly items?: unknown } | null | undefined)?.items;
  if (!Array.isArray(items) || items.length === 0 || items.length > MAX_ITEMS) {
    return invalid(`"items" is a list of 1 to ${MAX_ITEMS} entries.`);
  }
  const parsed: OrderItem[] = [];
  for (const item of items as readonly (Partial<OrderItem> | null)[]) {
    const { product, quantity = 0 } = item ?? {};
    if (typeof product !== 'string' || !Number.isInteger(quantity) || quantity < 1 || quantity > MAX_QUANTITY) {
      return invalid(`Each item has a "product" and a "quantity" of 1 to ${MAX_QUANTITY}.`);
    }
    if (findProduct(product) === undefined) return err(unknownProduct);
    parsed.push({ product, quantity });
  }
  return ok(parsed);
}

function invalid(problem: string): Result<never, InvalidOrder> {
  return err({ kind: 'invalid_order', problem });
}
