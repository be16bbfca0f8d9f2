// The family of a summary: each series has a sliding window instead of a row of numbers; the row that readers see is
// worked out when the family is read.
import type { SeriesBlock } from '../model/family.js';
import { CoarseClock } from './coarse-clock.js';
import type { RecordingContext } from './context.js';
import { LiveFamily, type LiveFamilyOptions } from './live-family.js';
import type { SeriesGroup } from './series-group.js';
import { Octaves, SlidingWindow, type WindowOptions } from './sliding-window.js';

/** Time may be this share of a window's age out of date; see `CoarseClock`. */
const TIME_ERROR = 0.01;
/** Working out the quantiles of a series takes microseconds, so that readers pause after this many. */
const MOST_ROWS = 64;

/** Of all observations ever. */
interface Totals {
  readonly sum: number;
  readonly count: number;
}

export class SummaryFamily extends LiveFamily {
  readonly quantiles: readonly number[];
  readonly #windowOptions: WindowOptions;
  readonly #windows = new WeakMap<SeriesGroup, (SlidingWindow | undefined)[]>();
  /** What series observed before they started anew while somebody reads their totals from outside. */
  readonly #carried = new WeakMap<SlidingWindow, Totals>();

  constructor(context: RecordingContext, options: LiveFamilyOptions & { maxAge: number; maxSamples: number }) {
    super(context, { ...options, width: 0, mostRows: MOST_ROWS });
    this.quantiles = options.descriptor.type === 'summary' ? options.descriptor.quantiles : [];
    this.#windowOptions = {
      maxAgeSeconds: options.maxAge,
      maxSamples: options.maxSamples,
      clock: new CoarseClock(context.clock, options.maxAge * TIME_ERROR),
      octaves: new Octaves(),
    };
  }

  /** The window of a series. */
  windowAt(group: SeriesGroup, slot: number): SlidingWindow {
    return this.#windows.get(group)?.[slot] as SlidingWindow;
  }

  /** What a series observed in all, before it started anew as well. */
  totalsAt(group: SeriesGroup, slot: number): Totals {
    const window = this.windowAt(group, slot);
    const { sum, count } = this.#carried.get(window) ?? { sum: 0, count: 0 };
    return { sum: sum + window.totalSum, count: count + window.totalCount };
  }

  override *blocks(): Generator<SeriesBlock> {
    for (const { group, block, firstSlot } of this.walk()) yield this.#withQuantiles(group, block, firstSlot);
  }

  protected override started(group: SeriesGroup, slot: number): void {
    const windows = this.#windows.get(group) ?? [];
    this.#windows.set(group, windows);
    windows[slot] = new SlidingWindow(this.#windowOptions);
  }

  protected override startAnew(group: SeriesGroup, slot: number): void {
    super.startAnew(group, slot);
    const totals = this.totalsAt(group, slot);
    this.started(group, slot);
    if (this.context.memory.isWatched) this.#carried.set(this.windowAt(group, slot), totals);
  }

  protected override released(group: SeriesGroup, slot: number): void {
    const windows = this.#windows.get(group);
    if (windows !== undefined) windows[slot] = undefined;
  }

  /** What the window says of the quantiles, in their order. */
  protected quantilesOf(window: SlidingWindow): ArrayLike<number> {
    return window.read(this.quantiles).quantiles;
  }

  #withQuantiles(group: SeriesGroup, block: SeriesBlock, firstSlot: number): SeriesBlock {
    const count = this.quantiles.length;
    const width = count + 2;
    const values = new Float64Array(block.size * width);
    for (let row = 0; row < block.size; row++) {
      if (block.live?.[row] === 0) continue;
      const window = this.windowAt(group, firstSlot + row);
      if (count > 0) values.set(this.quantilesOf(window), row * width);
      values[row * width + count] = window.totalSum;
      values[row * width + count + 1] = window.totalCount;
    }
    return { ...block, width, values };
  }
}
