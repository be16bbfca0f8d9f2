// What all instruments have in common: a family, the labels fixed so far, and the binding to their own series that makes
// recording without labels a store at a known place.

import type { Labels } from './labels.js';
import type { LiveFamily, Location } from './live-family.js';
import type { Block, SeriesGroup, SlotHolder } from './series-group.js';

type AnyLabels = Readonly<Record<string, unknown>>;

/** A label set that no metric takes, so that what cannot be merged is dropped and counted; its name is what `onError` is shown. */
const UNFIT: AnyLabels = { '(labels that cannot be read, or are fixed already)': '' };

/** Where nothing is: no offset lies in it. */
const NOWHERE = new Float64Array(0);

export abstract class Instrument<Name extends string = string> implements SlotHolder {
  /** @internal */
  readonly family: LiveFamily;
  /** The labels that this child records under; undefined for the instrument itself. */
  readonly #fixed: AnyLabels | undefined;
  readonly #open: boolean;

  // The hot fields. `group` is where labels given with a recording are looked up first; `values` and `offset` are the
  // place of the series recorded without further labels, and lead nowhere while that series does not exist or expires.
  protected group: SeriesGroup;
  protected values: Float64Array = NOWHERE;
  protected offset = 0;
  #home: Location | undefined;

  /** @internal */
  constructor(family: LiveFamily, fixed?: AnyLabels) {
    this.family = family;
    this.group = family.mainGroup;
    this.#fixed = fixed;
    this.#open = family.labelNames === undefined;
  }

  /** The name, as exposed in classic text. */
  get name(): string {
    return this.family.descriptor.name;
  }

  /**
   * A child: the same instrument with some labels fixed, the rest still to be given with each recording. With all
   * declared labels fixed, recording costs about 2 ns, and the series is shown at zero from now on.
   *
   * Unfit labels give a child whose recordings are dropped and counted. The same labels give the same child, as long
   * as its series exists. A child held over `remove`, `clear` or expiry starts its series anew.
   *
   * @example
   * const gets = requests.labels({ method: 'GET' });
   * gets.increment(1, { status: 200 });
   * // http_requests_total{method="GET",status="200"} 1
   */
  labels<Given extends Name>(labels: Labels<Given>): Instrument<Exclude<Name, Given>> {
    if (this.#fixed === undefined) {
      const known = this.group.holderOf(this.find(labels));
      if (known instanceof Instrument && known.#isFor(labels)) return known as this;
    }
    const fixed = this.#merge(labels) ?? UNFIT;
    const location = this.#isComplete(fixed) ? this.family.locate(fixed) : this.family.peek(fixed);
    const holder = location?.group.holderOf(location.slot);
    if (holder instanceof Instrument && holder.#isFor(fixed)) return holder as this;
    const child = this.child(fixed);
    if (location !== undefined) {
      // Without declared names, more labels may follow: then the series at zero is not recorded by this yet.
      if (this.#open) location.group.hold(location.slot, child);
      else child.#bind(location);
    }
    return child as this;
  }

  /** Removes one series. It is no longer exposed, and starts anew when it is recorded again. Answers whether it was there. */
  remove(labels?: Partial<Labels<Name>>): boolean {
    const full = this.#merge(labels ?? {});
    return full !== undefined && this.family.remove(full);
  }

  /** Removes all series; of a child, all that carry its labels. A metric without labels goes on at zero. */
  clear(): void {
    this.family.clear(this.#fixed);
  }

  /** @internal Takes a value that is kept elsewhere, as a `collect` callback answers it; by default there is nothing to take. */
  assign(_value: unknown, _labels?: Labels): void {}

  /** @internal */
  detach(): void {
    this.values = NOWHERE;
    this.#home = undefined;
  }

  /** @internal */
  moved(): void {
    // Where times are kept, every recording has to be noted, so that none may take the short way.
    if (this.#home === undefined || this.family.keepsTimes) return;
    // Nor while all of them look for active spans.
    const { exemplars } = this.family;
    if (exemplars.looks > 0) return;
    if (this.values === NOWHERE) exemplars.remember(this);
    const { group, slot } = this.#home;
    this.values = (group.blocks[slot >> group.shift] as Block).values;
    this.offset = (slot & group.mask) * group.width;
  }

  /** @internal Recordings take the long way again, which looks for active spans. */
  detour(): void {
    this.values = NOWHERE;
  }

  /** A new instrument of the same kind with these labels fixed. */
  protected abstract child(fixed: AnyLabels): Instrument;

  /** The slot in `group` for labels given with a recording, -1 when they have to be looked at more closely. */
  protected find(labels: unknown): number {
    try {
      return this.group.index.find((this.#fixed === undefined ? labels : this.#merge(labels)) as AnyLabels);
    } catch {
      return -1;
    }
  }

  /** Finds or starts the series for a recording that `find` or the binding did not serve. Undefined when it is dropped. */
  protected locate(labels: unknown): Location | undefined {
    if (labels === undefined) {
      if (this.#home !== undefined) {
        this.moved();
        return this.#home;
      }
      const own = this.family.locate(this.#fixed);
      if (own !== undefined) this.#bind(own);
      return own;
    }
    const full = this.#fixed === undefined ? labels : (this.#merge(labels) ?? UNFIT);
    const location = (this.#open ? this.family.findInGroups(full) : undefined) ?? this.family.locate(full);
    if (this.#open && location !== undefined && this.family.keeps(location.group)) this.group = location.group;
    return location;
  }

  /** The series for a reading, which starts none. */
  protected peek(labels: unknown): Location | undefined {
    return this.family.peek(labels === undefined ? this.#fixed : (this.#merge(labels) ?? UNFIT));
  }

  /** The first number of a series, 0 when there is none. */
  protected readValue(labels: unknown): number {
    const location = this.peek(labels);
    return location === undefined ? 0 : (location.group.rowOf(location.slot)[0] as number);
  }

  /** Drops a recording whose amount cannot be taken. */
  protected refuse(amount: unknown): void {
    const reason =
      typeof amount !== 'number' || Number.isNaN(amount)
        ? 'not_a_number'
        : Number.isFinite(amount) || (amount < 0 && this.family.descriptor.type === 'counter')
          ? 'negative'
          : 'infinite';
    const value =
      typeof amount === 'number' ? String(amount) : `a value of type ${amount === null ? 'null' : typeof amount}`;
    this.family.context.drop(reason, { kind: 'invalid_value', metric: this.name, reason, value });
  }

  #bind({ group, slot }: Location): void {
    if (!this.family.keeps(group)) return;
    this.#home = { group, slot };
    this.moved();
    group.hold(slot, this);
    this.bound(group, slot);
  }

  /** For types that keep more per series than numbers. */
  protected bound(_group: SeriesGroup, _slot: number): void {}

  /** Whether this is the child with just these labels: others may lead to the same series, and are no less, no more. */
  #isFor(labels: AnyLabels): boolean {
    const fixed = this.#fixed ?? {};
    const names = Object.keys(fixed);
    return names.length === Object.keys(labels).length && names.every((name) => Object.is(fixed[name], labels[name]));
  }

  #isComplete(labels: AnyLabels): boolean {
    const names = this.family.labelNames;
    return (
      names !== undefined &&
      Object.keys(labels).length === names.length &&
      names.every((name) => Object.hasOwn(labels, name))
    );
  }

  /** Undefined where the labels cannot be read or fix a label that is fixed already. */
  #merge(labels: unknown): AnyLabels | undefined {
    if (typeof labels !== 'object' || labels === null) return undefined;
    try {
      if (this.#fixed === undefined) return { ...(labels as AnyLabels) };
      for (const name of Object.keys(labels)) if (Object.hasOwn(this.#fixed, name)) return undefined;
      return { ...this.#fixed, ...(labels as AnyLabels) };
    } catch {
      return undefined;
    }
  }
}
