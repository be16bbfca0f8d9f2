// Shelves: what is taken, what is put back, and when they are filled again.
import { Inventory } from '../../../../examples/shop/domain/inventory.js';

const itemsOf = (inventory: Inventory, product: string) =>
  inventory.levels().find((level) => level.product === product)?.items;

describe('Inventory', () => {
  describe('reserve', () => {
    it('takes all items of an order off the shelves', () => {
      const inventory = new Inventory();
      const reserved = inventory.reserve([
        { product: 'rope', quantity: 3 },
        { product: 'rope', quantity: 2 },
        { product: 'chart', quantity: 1 },
      ]);
      expect(reserved.isOk()).toBe(true);
      expect([itemsOf(inventory, 'rope'), itemsOf(inventory, 'chart')]).toEqual([395, 299]);
    });

    it('takes nothing when one product is short, counting all its lines together', () => {
      const inventory = new Inventory({ schedule: () => {} });
      const reserved = inventory.reserve([
        { product: 'rope', quantity: 3 },
        { product: 'sextant', quantity: 51 },
        { product: 'sextant', quantity: 50 },
      ]);
      expect(reserved._unsafeUnwrapErr()).toEqual({ kind: 'out_of_stock', product: 'sextant' });
      expect([itemsOf(inventory, 'rope'), itemsOf(inventory, 'sextant')]).toEqual([400, 100]);
    });

    it('orders one delivery when a shelf gets empty, which fills it', () => {
      const deliveries: (() => void)[] = [];
      const delivered: [string, number][] = [];
      const inventory = new Inventory({
        schedule: (deliver) => deliveries.push(deliver),
        onDelivery: (product, items) => delivered.push([product, items]),
      });
      inventory.reserve([{ product: 'sextant', quantity: 78 }]);
      inventory.reserve([{ product: 'sextant', quantity: 2 }]);
      expect(deliveries).toHaveLength(1);
      deliveries[0]?.();
      expect(delivered).toEqual([['sextant', 80]]);
      expect(itemsOf(inventory, 'sextant')).toBe(100);
    });
  });

  describe('release', () => {
    it('puts items back', () => {
      const inventory = new Inventory();
      inventory.reserve([{ product: 'rope', quantity: 3 }]);
      inventory.release([{ product: 'rope', quantity: 3 }]);
      expect(itemsOf(inventory, 'rope')).toBe(400);
    });
  });
});
