// Taking orders: what is sold, what is refused, and what each of them leaves behind in stock and figures.
import { chances, heldWork, linesOf, shopParts } from '../support/shop-parts.js';

const order = { items: [{ product: 'compass', quantity: 2 }] };
const PAID_QUERY = [0.5, 0.5, 0.5, 0.5, 0.5] as const;
const PAYMENT_TIME = [0.5, 0.5, 0.5, 0.5] as const;

describe('OrderService', () => {
  describe('place', () => {
    it('sells what is there, and counts the order and its amount', async () => {
      const { orders, collector, inventory } = shopParts();
      const placed = (await orders.place(order))._unsafeUnwrap();
      expect(placed).toEqual({ id: '1', items: order.items, amountEuros: 69 });
      expect((await orders.order('1'))._unsafeUnwrap()).toEqual(placed);
      expect(inventory.levels()[0]?.items).toBe(398);
      expect(await linesOf(collector, 'orders_total')).toEqual([
        'orders_total{outcome="paid"} 1',
        'orders_total{outcome="rejected"} 0',
        'orders_total{outcome="failed"} 0',
      ]);
      expect(await linesOf(collector, 'order_amount_euros_sum')).toEqual(['order_amount_euros_sum 69']);
      expect(await linesOf(collector, 'payment')).toEqual(
        expect.arrayContaining(['payment_duration_seconds_count 1', 'payments_total{outcome="ok"} 1']),
      );
      expect(await linesOf(collector, 'order_service_calls_total')).toEqual([
        'order_service_calls_total{method="place",outcome="ok"} 1',
        'order_service_calls_total{method="order",outcome="ok"} 1',
      ]);
      expect(await linesOf(collector, 'stock_reservations_total')).toEqual([
        'stock_reservations_total{outcome="ok"} 1',
      ]);
      expect(await linesOf(collector, 'stock_items{product="compass"}')).toEqual([
        'stock_items{product="compass"} 398',
      ]);
    });

    it.each([
      ['nothing', undefined],
      ['null', null],
      ['no list', { items: 'compass' }],
      ['an empty list', { items: [] }],
      ['a list of nothing', { items: [null] }],
      ['too many lines', { items: Array.from({ length: 21 }, () => order.items[0]) }],
      ['a fraction', { items: [{ product: 'compass', quantity: 0.5 }] }],
      ['too much', { items: [{ product: 'compass', quantity: 21 }] }],
      ['a product that is no name', { items: [{ product: 7, quantity: 1 }] }],
    ])('refuses %s as an order', async (_, request) => {
      const { orders, metrics } = shopParts();
      expect((await orders.place(request))._unsafeUnwrapErr().kind).toBe('invalid_order');
      expect(metrics.orders.getValue({ outcome: 'rejected' })).toBe(1);
    });

    it.each(['anchor', '__proto__', 'constructor'])('does not know the product %s', async (product) => {
      const { orders } = shopParts();
      const placed = await orders.place({ items: [{ product, quantity: 1 }] });
      expect(placed._unsafeUnwrapErr().kind).toBe('unknown_product');
    });

    it('says what is sold out', async () => {
      const { orders, inventory } = shopParts();
      inventory.reserve([{ product: 'compass', quantity: 399 }]);
      expect((await orders.place(order))._unsafeUnwrapErr()).toEqual({ kind: 'out_of_stock', product: 'compass' });
    });

    it.each([
      ['declined', 0.02, 'payment_declined', 'rejected'],
      ['not taken because the provider is away', 0.001, 'payment_unavailable', 'failed'],
    ] as const)('puts the items back when the payment is %s', async (_, luck, kind, outcome) => {
      const { orders, inventory, metrics, collector } = shopParts({
        random: chances(...PAID_QUERY, ...PAYMENT_TIME, luck),
      });
      expect((await orders.place(order))._unsafeUnwrapErr().kind).toBe(kind);
      expect(inventory.levels()[0]?.items).toBe(400);
      expect(metrics.orders.getValue({ outcome })).toBe(1);
      expect(await linesOf(collector, 'payment_errors_total')).toEqual([
        `payment_errors_total{error_type="${kind}"} 1`,
      ]);
      expect(await linesOf(collector, 'order_service_errors_total')).toEqual([
        `order_service_errors_total{method="place",error_type="${kind}"} 1`,
      ]);
    });

    it('knows how many orders are being taken', async () => {
      const { sleep, waiting } = heldWork();
      const { orders, collector } = shopParts({ sleep });
      const placed = orders.place(order);
      expect(await linesOf(collector, 'orders_in_flight')).toEqual(['orders_in_flight 1']);
      // Two queries, and the payment between them.
      for (let i = 0; i < 3; i++) {
        while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
        waiting.shift()?.();
      }
      await placed;
      expect(await linesOf(collector, 'orders_in_flight')).toEqual(['orders_in_flight 0']);
    });

    it('loses more payments while the provider is in trouble', async () => {
      const random = () => chances(...PAID_QUERY, ...PAYMENT_TIME, 0.2);
      const calm = shopParts({ random: random(), uptime: () => 10 });
      const trouble = shopParts({ random: random(), uptime: () => 131 });
      expect((await calm.orders.place(order)).isOk()).toBe(true);
      expect((await trouble.orders.place(order))._unsafeUnwrapErr().kind).toBe('payment_unavailable');
    });
  });

  describe('order', () => {
    it('forgets the oldest orders, so that a shop can stay open', async () => {
      const { orders, deliveries } = shopParts();
      for (let i = 0; i <= 5_000; i++) {
        await orders.place({ items: [{ product: 'rope', quantity: 1 }] });
        deliveries.shift()?.();
      }
      expect((await orders.order('1'))._unsafeUnwrapErr()).toEqual({ kind: 'unknown_order' });
      expect((await orders.order('5001')).isOk()).toBe(true);
    });
  });
});
