// One metric family with its live values: which series there are, in which group, and what becomes of labels that fit
// none. Instruments record into it; readers see it as a `MetricFamily`.
import type { FamilyDescriptor, MetricFamily, SeriesBlock } from '../model/family.js';
import { isMostRecent, rowWidth } from '../model/family.js';
import type { RecordingContext } from './context.js';
import { OVERFLOW_LABEL } from './definition.js';
import { FamilyExemplars } from './family-exemplars.js';
import {
  type Labelling,
  type LabelProblem,
  type LabelRules,
  type LabelSet,
  type LabelValue,
  labelText,
  readLabels,
} from './labels.js';
import type { SeriesExemplars } from './series-exemplars.js';
import { type Block, SeriesGroup } from './series-group.js';

/** Enough to make a block worth its while, few enough to be encoded in a fraction of a millisecond. */
const MOST_ROWS = 1024;
/** Looking in more groups than this costs more than reading the labels. */
const GROUPS_TRIED = 8;

export interface LiveFamilyOptions {
  readonly descriptor: FamilyDescriptor;
  /** Undefined where recordings may carry any labels. */
  readonly labelNames: readonly string[] | undefined;
  /** Whether recordings may leave some of these names out. */
  readonly partialLabels?: boolean;
  /** Seconds without recording after which a series goes; undefined for never. */
  readonly expireAfter: number | undefined;
  /** Numbers kept per series, where that is not what readers see (a summary's quantiles are worked out when read). */
  readonly width?: number;
  /** Series per block at most, where reading one takes long. */
  readonly mostRows?: number;
  /** Label names that the type writes itself. */
  readonly reservedLabels?: readonly string[];
  /** What keeps the exemplars of one series, where that is not the last one per number of its row. */
  readonly newExemplars?: (() => SeriesExemplars) | undefined;
  /** For the collector's own metrics, to which the limit on series does not apply. */
  readonly internal?: boolean;
  /** Where recordings are written in another vocabulary than the labels that readers see. */
  readonly labelling?: Labelling | undefined;
  /** Series at most, where that is not the collector's limit. */
  readonly maxSeries?: number | undefined;
  /** Whether to keep the least and the greatest observation of each series. */
  readonly keepsExtremes?: boolean | undefined;
}

/** Where a series is. */
export interface Location {
  readonly group: SeriesGroup;
  readonly slot: number;
}

export class LiveFamily implements MetricFamily {
  readonly descriptor: FamilyDescriptor;
  readonly labelNames: readonly string[] | undefined;
  readonly context: RecordingContext;
  readonly expireAfter: number | undefined;
  /** Whether it is kept when each series was last recorded. */
  readonly keepsTimes: boolean;
  readonly exemplars: FamilyExemplars;
  readonly labelling: Labelling | undefined;
  /** Of the declared names, else of the series without labels: where recordings look first. */
  readonly mainGroup: SeriesGroup;
  readonly #groups = new Map<string, SeriesGroup>();
  readonly #rules: LabelRules;
  readonly #width: number;
  readonly #mostRows: number;
  readonly #limit: number;
  readonly #keepsExtremes: boolean;
  readonly #parts: LiveFamily[] = [];
  #observedNegative = false;
  /** Of all groups together; the overflow series is not counted. */
  #count = 0;
  #overflow: SeriesGroup | undefined;
  #overflowTold = false;
  #lastExpiry = Number.NEGATIVE_INFINITY;
  /** Whether the series without labels is shown whenever there is no other. */
  #showsPlain = false;
  /** That series, as long as it was not recorded. */
  #plain: Location | undefined;

  constructor(context: RecordingContext, options: LiveFamilyOptions) {
    const { descriptor, labelNames, expireAfter, internal = false, labelling, maxSeries } = options;
    this.context = context;
    this.descriptor = descriptor;
    this.labelNames = labelNames;
    this.expireAfter = expireAfter;
    this.keepsTimes = expireAfter !== undefined || isMostRecent(descriptor);
    this.exemplars = new FamilyExemplars(descriptor, context, options.newExemplars);
    this.#width = options.width ?? rowWidth(descriptor);
    this.#mostRows = options.mostRows ?? MOST_ROWS;
    this.#limit = internal ? Number.POSITIVE_INFINITY : (maxSeries ?? context.maxSeriesPerMetric);
    this.labelling = labelling;
    this.#keepsExtremes = options.keepsExtremes ?? false;
    this.#rules = {
      declared: labelNames,
      partial: options.partialLabels,
      names: context.names,
      reserved: options.reservedLabels ?? [],
      defaults: context.defaultLabels,
      maxValueLength: context.maxLabelValueLength,
    };
    this.mainGroup = this.#groupOf({ names: labelNames ?? [], keys: labelling && [] });
    context.memory.changed();
  }

  get observedNegative(): boolean {
    return this.#observedNegative || this.#parts.some((part) => part.observedNegative);
  }

  set observedNegative(hasObserved: boolean) {
    this.#observedNegative = hasObserved;
  }

  /** Has readers see the series of another family of the same descriptor as well. Their labels have to be others. */
  addPart(part: LiveFamily): void {
    this.#parts.push(part);
    this.context.memory.changed();
  }

  /**
   * Finds the series for any labels, starting it when it is new. Undefined when the labels are refused, which is
   * counted and told. Off the hot path: callers look in a group's index first.
   */
  locate(labels: unknown): Location | undefined {
    const set = this.#read(labels);
    if (set === undefined) return undefined;
    const found = this.#find(set);
    if (found !== undefined) {
      if (this.#isPlain(found.group, found.slot)) this.#plain = undefined;
      return found;
    }
    if (this.#plain !== undefined) this.drop(this.#plain.group, this.#plain.slot);
    if (this.#count < this.#limit || this.#expireForRoom()) return this.#start(set);
    const overflow = this.overflow();
    this.#tellOverflow();
    return overflow;
  }

  /**
   * Finds a series without reading the labels one by one. For recordings without declared names that take turns between
   * a few shapes; a miss says nothing.
   */
  findInGroups(labels: unknown): Location | undefined {
    let tried = 0;
    try {
      for (const group of this.#groups.values()) {
        const slot = group.index.find(labels as Readonly<Record<string, unknown>>);
        if (slot >= 0) return { group, slot };
        if (++tried === GROUPS_TRIED) return undefined;
      }
    } catch {
      // Labels that cannot be read are refused where they are read one by one.
    }
    return undefined;
  }

  /** Whether a group's series are their own: what is in the overflow series is looked up anew every time. */
  keeps(group: SeriesGroup): boolean {
    return group !== this.#overflow;
  }

  /** The series that takes what goes over the limit. */
  overflow(): Location {
    if (this.#overflow === undefined) {
      this.#overflow = this.#newGroup([OVERFLOW_LABEL]);
      this.#startIn(this.#overflow, ['true']);
    }
    return { group: this.#overflow, slot: 0 };
  }

  /** Finds the series for these labels without starting one or complaining. */
  peek(labels: unknown): Location | undefined {
    const set = this.#parse(labels);
    const found = 'names' in set ? this.#find(set) : undefined;
    return found !== undefined && this.#hasExpired(found) ? undefined : found;
  }

  /** Shows the series without labels at zero, until another one starts in its place. */
  showPlain(): void {
    this.#showsPlain = true;
    if (this.#count === 0 && this.mainGroup.names.length === 0) this.#plain = this.#start({ names: [], values: [] });
  }

  /** Starts the series with these labels at zero, unless they are only a part of a label set. */
  startAtZero(labels: unknown): void {
    const set = this.#parse(labels);
    if ('names' in set && this.#find(set) === undefined) this.locate(labels);
  }

  /** Notes that a series was recorded; one that had expired by then starts anew. Only where times are kept. */
  touch(group: SeriesGroup, slot: number): void {
    const { recordedAt } = group.blocks[slot >> group.shift] as Block;
    if (recordedAt === undefined) return;
    const now = this.context.clock.monotonic();
    const row = slot & group.mask;
    const { expireAfter } = this;
    if (expireAfter !== undefined && now - (recordedAt[row] as number) >= expireAfter) this.startAnew(group, slot);
    recordedAt[row] = now;
  }

  remove(labels: unknown): boolean {
    const location = this.peek(labels);
    if (location === undefined) return false;
    this.drop(location.group, location.slot);
    if (this.#showsPlain) this.showPlain();
    return true;
  }

  /** Removes the series at a place. */
  removeAt({ group, slot }: Location): void {
    this.drop(group, slot);
  }

  /** Removes all series that carry these labels, so all of them for none. */
  clear(labels: Readonly<Record<string, unknown>> = {}): void {
    const wanted = Object.entries(labels)
      .map(([name, value]) => [name, labelText(value as LabelValue)] as const)
      // In a set without declared names, an empty value or a default one has no column.
      .filter(
        ([name, text]) => this.labelNames !== undefined || (text !== '' && this.#rules.defaults.get(name) !== text),
      );
    for (const group of [...this.#groups.values()]) {
      const columns = wanted.map(([name, value]) => [group.names.indexOf(name), value] as const);
      for (const slot of [...group.slots()]) {
        const values = group.valuesOf(slot);
        if (columns.every(([column, value]) => values[column] === value)) this.drop(group, slot);
      }
    }
    if (wanted.length === 0) {
      this.#overflow = undefined;
      this.#overflowTold = false;
      this.observedNegative = false;
    }
    if (this.#showsPlain) this.showPlain();
  }

  /** Removes the series that were not recorded for `expireAfter` seconds. */
  expire(): void {
    if (this.expireAfter === undefined) return;
    const now = this.context.clock.monotonic();
    this.#lastExpiry = now;
    const deadline = now - this.expireAfter;
    for (const group of [...this.#groups.values()]) {
      for (const slot of group.slotsRecordedUntil(deadline)) {
        if (!this.#isPlain(group, slot)) this.drop(group, slot);
      }
    }
    if (this.#showsPlain) this.showPlain();
  }

  *blocks(): Generator<SeriesBlock> {
    for (const { block } of this.walk()) yield block;
  }

  /** All groups, that of the overflow series last, and then those of the parts. */
  groups(): readonly SeriesGroup[] {
    const own = [...this.#groups.values(), ...(this.#overflow === undefined ? [] : [this.#overflow])];
    return this.#parts.length === 0 ? own : [...own, ...this.#parts.flatMap((part) => part.groups())];
  }

  /** The blocks with where they are. */
  protected *walk(): Generator<{ group: SeriesGroup; block: SeriesBlock; firstSlot: number }> {
    for (const group of this.groups()) {
      for (const { block, firstSlot } of group.walk()) yield { group, block, firstSlot };
    }
  }

  /** The places of a group's series that went since the last call, for whoever watches them to give back in time. */
  takeRetired(group: SeriesGroup): number[] {
    const slots = group.takeRetired();
    for (const slot of slots) this.released(group, slot);
    return slots;
  }

  /** For types that keep more per series than numbers. */
  protected started(_group: SeriesGroup, _slot: number): void {}
  /** Nobody needs what there is of a removed series any more. */
  protected released(_group: SeriesGroup, _slot: number): void {}
  protected startAnew(group: SeriesGroup, slot: number): void {
    group.startAnew(slot, this.context.clock.now());
  }
  protected drop(group: SeriesGroup, slot: number): void {
    group.remove(slot);
    this.#count--;
    // Whoever watches takes up the last of it first.
    if (!this.context.memory.isWatched) this.released(group, slot);
    if (this.#isPlain(group, slot)) this.#plain = undefined;
    // Names that callers made up come and go as well: an empty group is not kept, but for the one looked in first.
    if (group.count === 0 && group !== this.mainGroup) this.#groups.delete(keyOf(group.names));
  }

  #read(labels: unknown): LabelSet | undefined {
    const set = this.#parse(labels);
    if ('names' in set) return set;
    const metric = this.descriptor.name;
    if (set.reason === 'label_mismatch') {
      const expected =
        this.labelNames === undefined ? 'of any valid, unreserved names' : this.labelNames.join(', ') || 'none';
      this.context.drop('label_mismatch', { kind: 'label_mismatch', metric, expected, given: set.given });
    } else {
      this.context.drop('invalid_label_value', {
        kind: 'invalid_label_value',
        metric,
        label: set.label,
        rule: set.rule,
      });
    }
    return undefined;
  }

  #parse(labels: unknown): LabelSet | LabelProblem {
    return this.labelling === undefined ? readLabels(labels, this.#rules) : this.labelling.read(labels, this.#rules);
  }

  #find(set: LabelSet): Location | undefined {
    const group = this.#groups.get(keyOf(set.names));
    const slot = group?.slotOf(set.values) ?? -1;
    return slot >= 0 ? { group: group as SeriesGroup, slot } : undefined;
  }

  /** Of two vocabularies for the same labels, recordings in the first one are found faster. */
  #groupOf({ names, keys }: Pick<LabelSet, 'names' | 'keys'>): SeriesGroup {
    const key = keyOf(names);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = this.#newGroup(names, keys);
      this.#groups.set(key, group);
    }
    return group;
  }

  #newGroup(names: readonly string[], keys?: readonly string[]): SeriesGroup {
    const constant = new Map([...this.#rules.defaults, ...(this.labelling?.constantLabels ?? [])]);
    return new SeriesGroup({
      names,
      keys,
      keepsExtremes: this.#keepsExtremes,
      width: this.#width,
      mostRows: this.#mostRows,
      accumulates: this.descriptor.type === 'counter' || this.descriptor.type === 'histogram',
      constantLabels: [...constant].filter(([name]) => !names.includes(name)),
      keepsTimes: this.keepsTimes,
      memory: this.context.memory,
    });
  }

  #start(set: LabelSet): Location {
    this.#count++;
    return this.#startIn(this.#groupOf(set), set.values);
  }

  #startIn(group: SeriesGroup, values: readonly LabelValue[]): Location {
    const { clock } = this.context;
    // Until it is recorded, a series that does not expire was never recorded.
    const recordedAt = this.expireAfter === undefined ? Number.NEGATIVE_INFINITY : clock.monotonic();
    const slot = group.add(values, clock.now(), recordedAt);
    this.started(group, slot);
    return { group, slot };
  }

  #tellOverflow(): void {
    if (this.#overflowTold) return;
    const error = { kind: 'cardinality_exceeded', metric: this.descriptor.name, limit: this.#limit } as const;
    this.#overflowTold = this.context.tell(error);
  }

  /** At the limit, looks for expired series, at most once a second. */
  #expireForRoom(): boolean {
    if (this.expireAfter === undefined || this.context.clock.monotonic() - this.#lastExpiry < 1) return false;
    this.expire();
    return this.#count < this.#limit;
  }

  #isPlain(group: SeriesGroup, slot: number): boolean {
    return this.#plain?.group === group && this.#plain.slot === slot;
  }

  #hasExpired({ group, slot }: Location): boolean {
    if (this.expireAfter === undefined || this.#isPlain(group, slot)) return false;
    const recordedAt = (group.blocks[slot >> group.shift] as Block).recordedAt?.[slot & group.mask] as number;
    return this.context.clock.monotonic() - recordedAt >= this.expireAfter;
  }
}

/** Names are valid and hence without U+0000, whatever the rule. */
function keyOf(names: readonly string[]): string {
  return names.join('\0');
}
