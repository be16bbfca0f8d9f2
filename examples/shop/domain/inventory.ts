// How many items of each product there are, and the deliveries that fill the shelves again. The
// stock gauge asks it, and who wants to know about deliveries passes a listener.
import { err, ok, type Result } from 'neverthrow';
import { Counted } from 'telltale/decorators';
import { CATALOGUE } from './catalogue.js';

export interface OrderItem {
  readonly product: string;
  readonly quantity: number;
}

export interface OutOfStock {
  readonly kind: 'out_of_stock';
  readonly product: string;
}

export interface StockLevel {
  readonly product: string;
  readonly items: number;
  readonly capacity: number;
}

export interface InventoryOptions {
  /** Runs `deliver` later. Given, so that tests decide when a delivery arrives. */
  readonly schedule?: (deliver: () => void, delayMs: number) => void;
  readonly onDelivery?: (product: string, items: number) => void;
}

/** Below this share of a full shelf, a delivery is ordered. */
const REORDER_RATIO = 0.25;
const DELIVERY_MS = 4_000;

export class Inventory {
  readonly #items = new Map(CATALOGUE.map(({ id, capacity }) => [id, capacity]));
  readonly #ordered = new Set<string>();
  readonly #schedule: NonNullable<InventoryOptions['schedule']>;
  readonly #onDelivery: NonNullable<InventoryOptions['onDelivery']>;

  constructor({ schedule = scheduleWithTimer, onDelivery = () => {} }: InventoryOptions = {}) {
    this.#schedule = schedule;
    this.#onDelivery = onDelivery;
  }

  levels(): readonly StockLevel[] {
    return CATALOGUE.map(({ id, capacity }) => ({ product: id, items: this.#items.get(id) ?? 0, capacity }));
  }

  /** Takes all items off the shelves, or none of them. */
  @Counted({ name: 'stock_reservations_total', description: 'Attempts to take the items of an order off the shelves.' })
  reserve(items: readonly OrderItem[]): Result<void, OutOfStock> {
    const wanted = new Map<string, number>();
    for (const { product, quantity } of items) wanted.set(product, (wanted.get(product) ?? 0) + quantity);
    for (const [product, quantity] of wanted) {
      if ((this.#items.get(product) ?? 0) < quantity) return err({ kind: 'out_of_stock', product });
    }
    for (const [product, quantity] of wanted) this.#change(product, -quantity);
    return ok(undefined);
  }

  /** Puts items of an order that came to nothing back. */
  release(items: readonly OrderItem[]): void {
    for (const { product, quantity } of items) this.#change(product, quantity);
  }

  #change(product: string, by: number): void {
    const items = (this.#items.get(product) ?? 0) + by;
    this.#items.set(product, items);
    if (items >= capacityOf(product) * REORDER_RATIO || this.#ordered.has(product)) return;
    this.#ordered.add(product);
    this.#schedule(() => this.#deliver(product), DELIVERY_MS);
  }

  #deliver(product: string): void {
    this.#ordered.delete(product);
    const missing = capacityOf(product) - (this.#items.get(product) ?? 0);
    this.#items.set(product, capacityOf(product));
    this.#onDelivery(product, missing);
  }
}

function capacityOf(product: string): number {
  return CATALOGUE.find(({ id }) => id === product)?.capacity ?? 0;
}

// A delivery that is under way must not keep a shop open that is closing.
function scheduleWithTimer(deliver: () => void, delayMs: number): void {
  setTimeout(deliver, delayMs).unref();
}
