// Sums that carry along what rounding took from them (Kahan's, with Knuth's exact error of an addition, which needs no look at
// which of the two is greater), so that one great sample does not swallow the small ones.
// https://en.wikipedia.org/wiki/2Sum

/**
 * What is lost of `sum + term`, with what was lost before. An infinite sum loses NaN, see `totalOf`.
 *
 * Cost: six additions and no branch, because it stands in loops over every sample of every window.
 */
export function lostIn(sum: number, term: number, before: number): number {
  const next = sum + term;
  const added = next - sum;
  return before + (sum - (next - added) + (term - added));
}

/** A sum with what was lost of it. An infinite one has lost nothing that could be given back. */
export function totalOf(sum: number, lost: number): number {
  return Number.isFinite(sum) ? sum + lost : sum;
}

/** For sums that are not in the hottest of loops. One can be used again and again. */
export class KahanSum {
  #sum = 0;
  #lost = 0;

  get total(): number {
    return totalOf(this.#sum, this.#lost);
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
