// What the shop sells. Constant data apart from the rest, because the load generator and the tests name products too.

export interface Product {
  readonly id: string;
  readonly title: string;
  readonly priceEuros: number;
  /** How many of them find room on the shelf. */
  readonly capacity: number;
}

export const CATALOGUE: readonly Product[] = [
  { id: 'compass', title: 'Bearing compass', priceEuros: 34.5, capacity: 400 },
  { id: 'rope', title: 'Mooring rope', priceEuros: 12.8, capacity: 400 },
  { id: 'chart', title: 'Sea chart', priceEuros: 18.5, capacity: 300 },
  { id: 'lantern', title: 'Storm lantern', priceEuros: 42, capacity: 300 },
  { id: 'ensign', title: 'Ensign', priceEuros: 24, capacity: 200 },
  { id: 'sailcloth', title: 'Sailcloth', priceEuros: 64, capacity: 200 },
  { id: 'barometer', title: 'Barometer', priceEuros: 79.9, capacity: 150 },
  { id: 'sextant', title: 'Sextant', priceEuros: 189, capacity: 100 },
];

const byId = new Map(CATALOGUE.map((product) => [product.id, product]));

export function findProduct(id: string): Product | undefined {
  return byId.get(id);
}
