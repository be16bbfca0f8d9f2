// The greatest samples of a group at each step, of all that come: a heap by step with the least of them on top, so that a
// sample that is not among them costs one comparison. All heaps are in one column, as series come by the thousands.

/** Called with the number of a series and its value. */
export type VisitSample = (series: number, value: number) => void;

export class StepHeaps {
  readonly #limits: Float64Array;
  readonly #sizes: Int32Array;
  /** Heap of step s: from `s * capacity` on. */
  #capacity = 1;
  #values: Float64Array;
  #series: Int32Array;

  /** @param limits - By step, how many samples are kept at most. */
  constructor(limits: Float64Array) {
    this.#limits = limits;
    this.#sizes = new Int32Array(limits.length);
    this.#values = new Float64Array(limits.length);
    this.#series = new Int32Array(limits.length);
  }

  add(step: number, series: number, value: number): void {
    const size = this.#sizes[step] as number;
    if (size < (this.#limits[step] as number)) {
      if (size === this.#capacity) this.#grow();
      this.#sizes[step] = size + 1;
      const base = step * this.#capacity;
      this.#set(base + size, series, value);
      this.#moveUp(base, size);
      return;
    }
    if (size === 0) return;
    const base = step * this.#capacity;
    const top = this.#values[base] as number;
    // NaN is less than any number, and no NaN takes the place of another.
    if (top < value || (Number.isNaN(top) && !Number.isNaN(value))) {
      this.#set(base, series, value);
      this.#moveDown(base, size);
    }
  }

  sizeAt(step: number): number {
    return this.#sizes[step] as number;
  }

  /** The samples of a step, the greatest first. */
  visit(step: number, visit: VisitSample): void {
    const base = step * this.#capacity;
    const places = Array.from({ length: this.sizeAt(step) }, (_, i) => base + i);
    places.sort((a, b) => Number(this.#isLess(a, b)) - Number(this.#isLess(b, a)));
    for (const place of places) visit(this.#series[place] as number, this.#values[place] as number);
  }

  #moveUp(base: number, from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isLess(base + at, base + parent)) return;
      this.#swap(base + at, base + parent);
      at = parent;
    }
  }

  #moveDown(base: number, size: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) return;
      if (child + 1 < size && this.#isLess(base + child + 1, base + child)) child++;
      if (!this.#isLess(base + child, base + at)) return;
      this.#swap(base + at, base + child);
      at = child;
    }
  }

  /** NaN is less than itself as well: that decides, as in Prometheus, which of several is the first to go. */
  #isLess(a: number, b: number): boolean {
    const left = this.#values[a] as number;
    return left < (this.#values[b] as number) || Number.isNaN(left);
  }

  #set(place: number, series: number, value: number): void {
    this.#values[place] = value;
    this.#series[place] = series;
  }

  #swap(a: number, b: number): void {
    const [series, value] = [this.#series[a] as number, this.#values[a] as number];
    this.#set(a, this.#series[b] as number, this.#values[b] as number);
    this.#set(b, series, value);
  }

  #grow(): void {
    const [capacity, values, series] = [this.#capacity, this.#values, this.#series];
    const steps = this.#sizes.length;
    this.#capacity = 2 * capacity;
    this.#values = new Float64Array(steps * this.#capacity);
    this.#series = new Int32Array(steps * this.#capacity);
    for (let step = 0; step < steps; step++) {
      const [from, to] = [step * capacity, (step + 1) * capacity];
      this.#values.set(values.subarray(from, to), step * this.#capacity);
      this.#series.set(series.subarray(from, to), step * this.#capacity);
    }
  }
}
