// The worker's side of the story: tells what became of a collector's series since the last time. Numbers are read in place
// where memory is shared; series that came and went are found by comparing, block by block, so that recording knows of nothing.
import type { MetricsCollector } from '../collector.js';
import type { LiveFamily } from '../instruments/live-family.js';
import { NativeFamily } from '../instruments/native/native-family.js';
import type { SeriesGroup } from '../instruments/series-group.js';
import { isMostRecent } from '../model/family.js';
import { Pace } from '../model/pace.js';
import { BlockState } from './block-state.js';
import { changesOf, isApart, toldApart } from './families-apart.js';
import { MOST_ROWS_PER_REPORT, type NumberNews, type Report } from './protocol.js';
import { type Draft, hasNews } from './report-draft.js';
import type { ToldApart } from './told-apart.js';

interface GroupState {
  readonly id: number;
  readonly family: FamilyState;
  readonly blocks: BlockState[];
  /** Where series have more than numbers. */
  readonly told: ToldApart | undefined;
}

interface FamilyState {
  readonly id: number;
  readonly family: LiveFamily;
  groups: Map<SeriesGroup, GroupState>;
  toldNegative: boolean;
}

/** Places of removed series that may still be read. */
interface Waiting {
  readonly sequence: number;
  readonly group: SeriesGroup;
  readonly slots: number[];
}

export interface ExporterOptions {
  readonly metrics: MetricsCollector;
  /** Whether numbers are sent instead of being read in place. */
  readonly copies: boolean;
  /** Takes a report; never throws. */
  readonly send: (report: Report) => void;
}

/** One per listener: it starts with everything that there is. */
export class Exporter {
  readonly #options: ExporterOptions;
  readonly #families = new Map<LiveFamily, FamilyState>();
  readonly #waiting: Waiting[] = [];
  #groupIds = 0;
  #sequence = 0;

  constructor(options: ExporterOptions) {
    this.#options = options;
  }

  /** Tells which series came and went, and their numbers where these are sent. */
  reportSeries(): void {
    const draft = this.#begin();
    if (this.#options.copies) draft.numbers.push(...this.#changedNumbers());
    this.#sendSeries(draft);
  }

  /** Tells all that changed, at once: for the moment before the end, when there is no later. */
  reportNow(): void {
    this.reportSeries();
    for (const news of this.#apart(() => false)) this.#tell(news);
  }

  /** Tells all that changed, and gives up the thread in between: windows and native histograms take microseconds each. */
  async report(): Promise<void> {
    this.reportSeries();
    const pace = new Pace();
    for (const news of this.#apart(() => pace.look())) {
      this.#tell(news);
      if (pace.look()) await pace.pause();
    }
  }

  /** As `report`, and ends the answer to a question; `collected` are the families whose collect callbacks worked. */
  async answer(question: number, collected: Iterable<LiveFamily>): Promise<void> {
    await this.report();
    const seen = new Set(collected);
    const leftOut = [...this.#families.values()].filter(({ family }) => !seen.has(family)).map(({ id }) => id);
    this.#send({ ...this.#begin(), answers: question, leftOut });
  }

  /** Uses places of removed series again that were told in reports up to this one. */
  acknowledge(sequence: number): void {
    while (this.#waiting[0] !== undefined && this.#waiting[0].sequence <= sequence) {
      const { group, slots } = this.#waiting.shift() as Waiting;
      group.reuse(slots);
    }
  }

  /** Nobody listens any more: gives back all places that waited. */
  forget(): void {
    this.acknowledge(Number.POSITIVE_INFINITY);
  }

  #begin(): Draft {
    const { metrics, copies } = this.#options;
    return {
      kind: 'report',
      sequence: 0,
      clockOffset: Number(process.hrtime.bigint()) / 1e9 - metrics.clock.monotonic(),
      isAsked: copies || metrics.inPlace.isAsked || this.#hasApart(),
      numbers: [],
      families: [],
      groups: [],
      blocks: [],
      firstNumbers: [],
      windows: [],
      natives: [],
      exemplars: [],
      observedNegative: [],
      answers: undefined,
      leftOut: [],
    };
  }

  #hasApart(): boolean {
    return this.#options.metrics.inPlace.families().some(isApart);
  }

  #send(draft: Draft): void {
    draft.sequence = ++this.#sequence;
    this.#options.send(draft as Report);
  }

  /** Sends a report of these parts, unless there are none. */
  #tell(parts: Partial<Report> | undefined): void {
    if (parts !== undefined) this.#send({ ...this.#begin(), ...(parts as Partial<Draft>) });
  }

  /** Sends a draft with all news of series, in as many reports as they need. */
  #sendSeries(first: Draft): void {
    let draft = first;
    let rows = 0;
    const retired: [SeriesGroup, number[]][] = [];
    for (const family of this.#options.metrics.inPlace.families()) {
      const state = this.#stateOf(family, draft);
      const groups = family.groups();
      this.#tellVanished(state, groups, draft);
      for (const group of groups) {
        const { blocks, told } = this.#groupStateOf(state, group, draft);
        for (const block of blocks) {
          rows += this.#tellBlock(block, told, draft);
          if (rows < MOST_ROWS_PER_REPORT) continue;
          this.#send(draft);
          draft = this.#begin();
          rows = 0;
        }
        const slots = family.takeRetired(group);
        if (slots.length > 0) retired.push([group, slots]);
      }
    }
    if (hasNews(draft)) this.#send(draft);
    // What was told last, or before, is all that anybody may be reading of them.
    for (const [group, slots] of retired) this.#waiting.push({ sequence: this.#sequence, group, slots });
  }

  #stateOf(family: LiveFamily, draft: Draft): FamilyState {
    let state = this.#families.get(family);
    if (state === undefined) {
      state = { id: this.#families.size, family, groups: new Map(), toldNegative: false };
      this.#families.set(family, state);
      const bucketLimits = family instanceof NativeFamily ? family.bucketLimits : undefined;
      const { descriptor, labelNames } = family;
      draft.families.push({ id: state.id, descriptor, labelNames, bucketLimits });
    }
    if (family.observedNegative && !state.toldNegative) {
      state.toldNegative = true;
      draft.observedNegative.push(state.id);
    }
    return state;
  }

  #groupStateOf(family: FamilyState, group: SeriesGroup, draft: Draft): GroupState {
    let state = family.groups.get(group);
    if (state === undefined) {
      const id = this.#groupIds++;
      state = { id, family, blocks: [], told: toldApart(family.family, group, id) };
      family.groups.set(group, state);
      const { names, constantLabels: constants, mask } = group;
      const width = isApart(family.family) ? 0 : group.width;
      draft.groups.push({ id: state.id, family: family.id, names, constants, width, capacity: mask + 1 });
    }
    for (let b = state.blocks.length; b < group.blocks.length; b++) {
      const { copies } = this.#options;
      const tellsTimes = isMostRecent(family.family.descriptor);
      const width = isApart(family.family) ? 0 : group.width;
      state.blocks.push(new BlockState({ group, groupId: state.id, index: b, width, copies, tellsTimes }));
    }
    return state;
  }

  #tellBlock(block: BlockState, told: ToldApart | undefined, draft: Draft): number {
    if (told !== undefined) this.#tellLast(told, block.leavingSlots());
    const news = block.seriesNews();
    if (news === undefined) return 0;
    draft.blocks.push(news);
    const numbers = block.numbersOf(news.placed);
    if (numbers !== undefined) draft.firstNumbers.push(numbers);
    return news.placed.length + news.removed.length;
  }

  /** What is left to tell of series that are told to be gone next. */
  #tellLast(told: ToldApart, slots: readonly number[]): void {
    const changed = slots.filter((slot) => told.hasChanged(slot));
    if (changed.length > 0) this.#tell(told.newsOf(changed));
    told.forget(slots);
  }

  /** Groups that were made for label names which nobody uses any more. */
  #tellVanished(state: FamilyState, groups: readonly SeriesGroup[], draft: Draft): void {
    if (groups.length === state.groups.size && groups.every((group) => state.groups.has(group))) return;
    for (const [group, { blocks, told }] of state.groups) {
      if (groups.includes(group)) continue;
      state.groups.delete(group);
      for (const block of blocks) {
        if (told !== undefined) this.#tellLast(told, [...block.toldSlots()]);
        const news = block.allGone();
        if (news !== undefined) draft.blocks.push(news);
      }
    }
  }

  *#changedNumbers(): Generator<NumberNews> {
    for (const { groups } of this.#families.values()) {
      for (const { blocks } of groups.values()) {
        for (const block of blocks) {
          const news = block.changedNumbers();
          if (news !== undefined) yield news;
        }
      }
    }
  }

  /** What changed of what series have besides numbers in place; undefined where there is nothing but time for a pause. */
  *#apart(isPauseDue: () => boolean): Generator<Partial<Report> | undefined> {
    for (const { groups } of this.#families.values()) {
      for (const { blocks, told } of groups.values()) {
        for (const block of blocks) {
          const news = block.newExemplars();
          if (news !== undefined) yield { exemplars: [news] };
        }
        if (told !== undefined) yield* changesOf(blocks, told, isPauseDue);
      }
    }
  }
}
