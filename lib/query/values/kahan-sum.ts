// Sums that carry along what rounding took from them (Kahan's, with Neumaier's care for terms greater than the sum), so that
// one great sample does not swallow the small ones. https://en.wikipedia.org/wiki/Kahan_summation_algorithm

/** What is lost of `sum + term`, with what was lost before. An infinite sum has lost nothing that could be given back. */
export function lostIn(sum: number, term: number, before: number): number {
  const next = sum + term;
  if (next === Number.POSITIVE_INFINITY || next === Number.NEGATIVE_INFINITY) return 0;
  return before + (Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum);
}

/** For sums that are not in the hottest of loops. One can be used again and again. */
export class KahanSum {
  #sum = 0;
  #lost = 0;

  get total(): number {
    return this.#sum + this.#lost;
  }

  add(term: number): void {
    this.#lost = lostIn(this.#sum, term, this.#lost);
    this.#sum += term;
  }

  clear(): void {
    this.#sum = 0;
    this.#lost = 0;
  }
}
