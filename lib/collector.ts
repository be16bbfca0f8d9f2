// MetricsCollector: define metrics, record through them, read them, store them, shut down. It joins the rooms of the
// house and has no mechanism of its own: values live in lib/instruments, texts in lib/exposition, history in a storage. It is
// long because all that users call stands here with what it promises; what stands behind it is in lib/collector/.
import { err, type Result, ResultAsync } from 'neverthrow';
import { GuardedStorage } from '../storage/delivery/guarded-storage.js';
import { MemoryStorage } from '../storage/memory/memory-storage.js';
import { type Clock, systemClock } from './clock.js';
import { type Attachment, Attachments } from './collector/attachments.js';
import { Collection } from './collector/collection.js';
import { type AnyDefinition, Definitions } from './collector/definitions.js';
import { onExit } from './collector/exit-hooks.js';
import {
  type CollectingOptions,
  type CollectorOptions,
  collectingOptions,
  defaultLabelsOf,
  limitsOf,
  nameRuleOf,
  prefixOf,
  spansOf,
} from './collector/options.js';
import { type Collecting, PeriodicCollection } from './collector/periodic.js';
import { Reporter } from './collector/reporter.js';
import { Restoration } from './collector/restoration.js';
import { shutDown } from './collector/shutdown.js';
import { defineStorageMetrics } from './collector/storage-metrics.js';
import { type CollectError, MetricDefinitionError, type MetricsError, type StorageError } from './errors.js';
import {
  type EncodeOptions,
  type Escaping,
  type ExpositionFormat,
  type ExpositionTextFormat,
  encodeFamilies,
  encodeToString,
} from './exposition/index.js';
import type { DropReason, RecordingContext } from './instruments/context.js';
import type { Counter } from './instruments/counter.js';
import {
  type ForeignOptions,
  type GaugeOptions,
  type HistogramOptions,
  type Recipe,
  recipes,
  type StateSetOptions,
  type SummaryOptions,
} from './instruments/create.js';
import {
  checkSeconds,
  type FixedWithin,
  type InstrumentOptions,
  type Observed,
  type Rest,
} from './instruments/definition.js';
import type { Gauge } from './instruments/gauge.js';
import type { Histogram } from './instruments/histogram.js';
import type { Info } from './instruments/info.js';
import type { Instrument } from './instruments/instrument.js';
import type { Labelling, Labels } from './instruments/labels.js';
import type { LiveFamily } from './instruments/live-family.js';
import { SeriesMemory } from './instruments/series-memory.js';
import type { StateSet } from './instruments/state-set.js';
import type { Summary } from './instruments/summary.js';
import type { Attachable } from './interop/sources/source-of.js';
import type { MetricFamily, Snapshot } from './model/family.js';
import type { NameRule } from './model/names.js';
import { type MetricSample, samplesOf } from './model/samples.js';
import { takeSnapshot } from './model/snapshot.js';
import type { MetricsStorage } from './model/storage.js';

/** How names beyond the classic rule are shown. */
export type ExposeOptions = Pick<EncodeOptions, 'escaping'>;

/** What `collect` may be for an instrument: a callback that runs before every reading, 5 s at most. */
export interface Collectable<I, Rest extends string> {
  readonly collect?: (instrument: I) => Observed<Rest> | Promise<Observed<Rest>>;
}

/** What becomes of a collector's own families before readers see them. */
export type FamilyView = (own: readonly LiveFamily[]) => Promise<readonly MetricFamily[]>;

/**
 * The metrics of a process, or of a part of it. Defining throws a `MetricDefinitionError`, recording never throws, and
 * what does I/O answers a `ResultAsync`.
 *
 * @example
 * const metrics = new MetricsCollector();
 * metrics.counter('jobs_total', { description: 'Jobs done' }).increment();
 * console.log(await metrics.expose());
 * // # HELP jobs_total Jobs done
 * // # TYPE jobs_total counter
 * // jobs_total 1
 */
export class MetricsCollector {
  readonly storage: MetricsStorage;
  readonly clock: Clock;
  readonly #names: NameRule;
  readonly #reporter: Reporter;
  readonly #collection: Collection;
  readonly #definitions: Definitions;
  readonly #dropped: Counter<'reason'>;
  readonly #collectErrors: Counter<'family'>;
  readonly #guarded: GuardedStorage;
  readonly #restoration: Restoration;
  readonly #collecting = new Set<Collecting>();
  readonly #memory = new SeriesMemory();
  readonly #attachments: Attachments;
  #view: FamilyView | undefined;
  #shutdown: ResultAsync<void, CollectError | StorageError> | undefined;

  /** @throws MetricDefinitionError where an option is invalid. */
  constructor(options: CollectorOptions = {}) {
    const {
      clock = systemClock,
      onError,
      strict = false,
      collectTimeoutSeconds = 5,
      storageTimeoutSeconds = 60,
    } = options;
    checkSeconds('collectTimeoutSeconds', collectTimeoutSeconds);
    checkSeconds('storageTimeoutSeconds', storageTimeoutSeconds);
    this.clock = clock;
    this.#names = nameRuleOf(options);
    const limits = limitsOf(options);
    this.storage = options.storage ?? new MemoryStorage({ clock });
    this.#reporter = new Reporter({
      clock,
      onError,
      strict,
      count: (reason) => this.#dropped.increment(1, { reason }),
    });
    const context: RecordingContext = {
      clock,
      names: this.#names,
      ...limits,
      memory: this.#memory,
      defaultLabels: defaultLabelsOf(options, limits),
      spans: spansOf(options, clock),
      drop: (reason, error) => this.#reporter.drop(reason, error),
      tell: (error) => this.#reporter.tell(error),
    };
    this.#definitions = new Definitions(prefixOf(options), context);
    this.#dropped = this.counter('telltale_dropped_recordings_total', {
      description:
        'Recordings that changed nothing because their amount or labels could not be taken, and exemplars that were left out.',
      labelNames: ['reason'],
    });
    this.#collectErrors = this.counter('telltale_collect_errors_total', {
      description: 'Readings that went without a family because its collect callback failed or took too long.',
      labelNames: ['family'],
    });
    this.#guarded = new GuardedStorage(this.storage, { clock, timeoutSeconds: storageTimeoutSeconds });
    this.#collection = new Collection(collectTimeoutSeconds, (error) => {
      this.#collectErrors.increment(1, { family: error.metric });
      this.#reporter.tell(error);
    });
    this.#attachments = new Attachments(this, {
      timeoutSeconds: collectTimeoutSeconds,
      clock: this.clock,
      tell: (error) => this.#reporter.tell(error),
    });
    defineStorageMetrics(this, () => this.#guarded.statistics());
    this.#restoration = new Restoration({
      storage: this.#guarded,
      families: () => this.inPlace.families(),
      tell: (error) => this.#reporter.tell(error),
    });
  }

  /**
   * Gets or creates a counter.
   *
   * @throws MetricDefinitionError `invalid_metric_name`, `invalid_label_name`, `reserved_label`, `invalid_unit`,
   *   `invalid_option`, or `family_conflict` when the name is taken by something that differs from what is asked for.
   */
  counter<const Name extends string = string, const Fixed extends string = never>(
    name: string,
    options?: InstrumentOptions<Name, Fixed> &
      FixedWithin<Name, Fixed> &
      Collectable<Counter<Rest<Name, Fixed>>, Rest<Name, Fixed>>,
  ): Counter<Rest<Name, Fixed>> {
    return this.#define(recipes.counter, name, options as AnyDefinition) as Counter<Rest<Name, Fixed>>;
  }

  /** Gets or creates a gauge. Throws as `counter` does. */
  gauge<const Name extends string = string, const Fixed extends string = never>(
    name: string,
    options?: GaugeOptions<Name, Fixed> &
      FixedWithin<Name, Fixed> &
      Collectable<Gauge<Rest<Name, Fixed>>, Rest<Name, Fixed>>,
  ): Gauge<Rest<Name, Fixed>> {
    return this.#define(recipes.gauge, name, options as AnyDefinition) as Gauge<Rest<Name, Fixed>>;
  }

  /** Gets or creates a histogram. Throws as `counter` does, and `invalid_buckets`. */
  histogram<const Name extends string = string, const Fixed extends string = never>(
    name: string,
    options?: HistogramOptions<Name, Fixed> &
      FixedWithin<Name, Fixed> &
      Collectable<Histogram<Rest<Name, Fixed>>, never>,
  ): Histogram<Rest<Name, Fixed>> {
    return this.#define(recipes.histogram, name, options as AnyDefinition) as Histogram<Rest<Name, Fixed>>;
  }

  /** Gets or creates a summary. Throws as `counter` does, and `invalid_quantiles`. */
  summary<const Name extends string = string, const Fixed extends string = never>(
    name: string,
    options?: SummaryOptions<Name, Fixed> & FixedWithin<Name, Fixed> & Collectable<Summary<Rest<Name, Fixed>>, never>,
  ): Summary<Rest<Name, Fixed>> {
    return this.#define(recipes.summary, name, options as AnyDefinition) as Summary<Rest<Name, Fixed>>;
  }

  /** Shows facts as labels of a series with the value 1; its name ends in `_info`. Asking again replaces the facts. */
  info<const Name extends string>(
    name: string,
    labels: Labels<Name>,
    options: Pick<InstrumentOptions, 'description'> = {},
  ): Info<Name> {
    const full = typeof name === 'string' && !name.endsWith('_info') ? `${name}_info` : name;
    this.#definitions.checkFixedValues(labels);
    const info = this.#define(recipes.info, full, { ...options, labelNames: Object.keys(labels) }) as Info<Name>;
    (info as Info).set(labels as Labels);
    return info;
  }

  /** Gets or creates a set of named states. Throws as `counter` does. */
  stateSet<const State extends string, const Name extends string = string, const Fixed extends string = never>(
    name: string,
    options: StateSetOptions<State, Name, Fixed> & FixedWithin<Name, Fixed>,
  ): StateSet<State, Rest<Name, Fixed>> {
    return this.#define(recipes.stateset, name, options as AnyDefinition) as StateSet<State, Rest<Name, Fixed>>;
  }

  /**
   * Calls back before every reading, to record several instruments from one look at something; for a single one, `collect`
   * is simpler. The same limits hold: 5 s at most, and a failure leaves out all of these instruments and no others.
   *
   * What comes back takes the callback away. Instruments that nothing else collects are left out of readings from then on,
   * because their last values would pass for present ones; they come back with the next callback for them.
   *
   * @example
   * const collecting = metrics.collectTogether([used, free], async () => {
   *   const { bsize, blocks, bfree } = await statfs('/');
   *   used.set((blocks - bfree) * bsize);
   *   free.set(bfree * bsize);
   * });
   * collecting.remove();
   */
  collectTogether(
    instruments: readonly { readonly name: string }[],
    callback: () => void | Promise<void>,
  ): { remove(): void } {
    const names = instruments.map(({ name }) => name);
    return { remove: this.#collection.addShared(names, callback) };
  }

  /** @internal As `collectTogether`, for instruments that others record as well: a failure is told and leaves none of them out. */
  collectBeside(
    instruments: readonly { readonly name: string }[],
    callback: () => void | Promise<void>,
    failed: (error: CollectError) => void,
  ): { remove(): void } {
    const names = instruments.map(({ name }) => name);
    return { remove: this.#collection.addShared(names, callback, failed) };
  }

  /** @internal An instrument that is recorded in a vocabulary of its own. Throws as `counter` does. */
  definePart<T extends 'counter' | 'gauge' | 'histogram'>(
    type: T,
    name: string,
    options: HistogramOptions & ForeignOptions & { readonly labelling: Labelling },
  ): { counter: Counter; gauge: Gauge; histogram: Histogram }[T] {
    return this.#definitions.definePart(recipes[type], name, options) as never;
  }

  /**
   * Shows the families of something else with the collector's own, to every reader: scrapes, snapshots, storages. It can be
   *
   * - a registry of prom-client, or of its successor `@prometheus-io/client`;
   * - a metric reader or producer of OpenTelemetry's SDK with cumulative temporality, its `PrometheusExporter` for instance;
   * - another collector, or whatever has a `collect` that answers families;
   * - a URL, alone or with `{ url, auth, headers, tls, timeoutSeconds, limits }`, which every reading scrapes: text 0.0.4 or
   *   OpenMetrics. Redirects to other servers are not followed.
   *
   * They come as they are: prefix, default labels and limits are those of the source. Where two have a family of one name, the
   * collector's own is shown, then that of the source which was attached first; the other is left out, and `onError` hears of
   * it once (`family_conflict`).
   *
   * All sources are read at once, each for 5 s at most (`collectTimeoutSeconds`). One that fails is left out of the reading,
   * told (`source_failed`, `source_timed_out`), and counted in `telltale_source_errors_total{source}`, by the `name` given here.
   *
   * @throws MetricDefinitionError `invalid_option` for what is none of these, and for a collector that reads this one itself.
   * @example
   * import { register } from 'prom-client';
   * const attachment = metrics.attach(register, { name: 'prom-client' });
   * await metrics.expose();
   * // … http_requests_total 3, as prom-client counted it
   * attachment.remove();
   */
  attach(source: Attachable, { name }: { readonly name?: string } = {}): Attachment {
    return this.#attachments.attach(source, name);
  }

  /**
   * Runs the `collect` callbacks and answers the live families, without those whose callback failed, and then those of all
   * that is attached.
   */
  async collect(): Promise<readonly MetricFamily[]> {
    this.#attachments.lookForUnread();
    return this.#attachments.isEmpty ? this.#collectViewed() : this.#attachments.join(this.#collectViewed());
  }

  /** @internal What `collect` answers where nobody else's families are read through this collector. */
  async collectOwn(): Promise<readonly LiveFamily[]> {
    await this.#restoration.done;
    const failed = await this.#collection.run();
    const families: LiveFamily[] = [];
    for (const { instrument, descriptor } of this.#definitions.all()) {
      if (failed.has(descriptor.name)) continue;
      instrument.family.expire();
      families.push(instrument.family);
    }
    return families;
  }

  /** @internal Has readers see what `view` makes of the own families, from now on. */
  readThrough(view: FamilyView | undefined): void {
    this.#view = view;
  }

  /** @internal The families with their series in place, and the memory that these are in. */
  get inPlace(): { readonly memory: SeriesMemory; families(): LiveFamily[]; readonly isAsked: boolean } {
    return {
      memory: this.#memory,
      families: () => [...this.#definitions.all()].map(({ instrument }) => instrument.family),
      isAsked: this.#collection.hasForeign,
    };
  }

  /** All metrics at one moment, immutable. Gives up the thread while it copies. */
  async snapshot(): Promise<Snapshot> {
    return takeSnapshot(await this.collect(), this.clock.now());
  }

  /** Every exposed sample as an object. For readers that want few of many, a storage's `select` costs less. */
  async getAllMetrics(): Promise<readonly MetricSample[]> {
    return [...samplesOf(await this.snapshot())];
  }

  /** All samples as JSON. What JSON has no number for is a string: `"NaN"`, `"+Inf"`, `"-Inf"`. */
  async exportJson(): Promise<string> {
    return JSON.stringify(await this.getAllMetrics(), (_, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? nonFiniteText(value) : value,
    );
  }

  /**
   * The exposition as one string, of text. For many series, `exposeStream` and the HTTP handler need a fraction of the memory.
   *
   * It is what a scraper gets that asks for nothing in particular: names beyond the classic rule have underscores in place of
   * what is not allowed, unless `escaping` says otherwise.
   *
   * @example
   * await metrics.expose('prometheus', { escaping: 'allow-utf-8' });
   * // {"http.requests","http.route"="/"} 1
   */
  async expose(format: ExpositionTextFormat = 'prometheus', options: ExposeOptions = {}): Promise<string> {
    const escaping = this.escapingFor(options.escaping);
    return encodeToString(await this.collect(), format, { escaping });
  }

  /**
   * The exposition piece by piece, giving up the thread in between. Pieces stay valid.
   *
   * `protobuf` gives delimited messages of `io.prometheus.client.MetricFamily`, the one format with native histograms. A piece
   * there is no message: put them together before they are decoded.
   */
  async *exposeStream(
    format: ExpositionFormat = 'prometheus',
    { escaping }: ExposeOptions = {},
  ): AsyncGenerator<Uint8Array, void, undefined> {
    yield* encodeFamilies(await this.collect(), { format, escaping: this.escapingFor(escaping) });
  }

  /** Stores a snapshot; answers the number of samples stored. A family whose `collect` failed is left out and told to `onError`. */
  collectAndStore(): ResultAsync<number, CollectError | StorageError> {
    return new ResultAsync(this.#collectAndStore());
  }

  /**
   * Collects and stores every `intervalSeconds`, without drift and never twice at a time. While the target fails, that is
   * told to `onError`, attempts in between are made after 1, 2, 4 … seconds, and after 5 failures in a row it is left alone
   * for 10 s at first and 5 min at most (`telltale_storage_circuit_state`). Does not keep the process alive.
   *
   * With `flushOn`, what is collected is stored and the storage closed when the process is told to end; the signal has its
   * effect afterwards.
   *
   * @throws MetricDefinitionError `invalid_option` unless the interval is above 0 and the events are known.
   * @example
   * metrics.startCollecting({ intervalSeconds: 15, flushOn: ['SIGTERM', 'SIGINT', 'beforeExit'] });
   */
  startCollecting(options: CollectingOptions = {}): Collecting {
    const { intervalSeconds, flushOn } = collectingOptions(options);
    // After the end there is nothing to start; what stop() answers says so.
    if (this.#shutdown !== undefined) return { stop: () => this.collectAndStore() };
    const skipped = this.counter('telltale_collections_skipped_total', {
      description: 'Periodic collections left out because the one before was still being stored when they were due.',
      labelNames: [],
    });
    const periodic = new PeriodicCollection({
      intervalSeconds,
      clock: systemClock,
      store: () => this.collectAndStore(),
      flush: () => {
        this.#guarded.retryNow();
        return this.collectAndStore();
      },
      tell: (error) => this.#reporter.tell(error),
      skipped: (count) => skipped.increment(count),
    });
    const forget = flushOn.length === 0 ? () => {} : onExit(flushOn, async () => this.shutdown());
    const collecting: Collecting = {
      stop: () => {
        const stopped = periodic.stop();
        // Until then, a shutdown waits for the last write before it closes the storage.
        void stopped.then(() => this.#collecting.delete(collecting));
        forget();
        return stopped;
      },
    };
    this.#collecting.add(collecting);
    return collecting;
  }

  /**
   * Stops what collects, stores once more where something did, and closes the storage. Out of time it answers
   * `storage_timed_out`, and has still closed what it could. Recording goes on without effect on any storage.
   */
  shutdown({
    timeoutSeconds = 10,
  }: {
    readonly timeoutSeconds?: number;
  } = {}): ResultAsync<void, CollectError | StorageError> {
    this.#shutdown ??= shutDown({ collecting: [...this.#collecting], storage: this.#guarded, timeoutSeconds });
    return this.#shutdown;
  }

  /** Tells `onError`, at most once a second per kind. For parts of telltale that work beside the collector. */
  onError(error: MetricsError): void {
    this.#reporter.tell(error);
  }

  /** @internal How names are to be escaped where they can need it: where all are classic, they need not be looked at. */
  escapingFor(asked: Escaping = 'underscores'): Escaping {
    return this.#names === 'classic' && this.#view === undefined && this.#attachments.isEmpty ? 'allow-utf-8' : asked;
  }

  /** @internal A recording by name that cannot even find its metric. */
  dropUndefined(error: unknown): void {
    if (!(error instanceof MetricDefinitionError)) throw error;
    const reason: DropReason = error.kind === 'family_conflict' ? 'family_conflict' : 'invalid_metric_name';
    this.#reporter.drop(reason, error.detail);
  }

  async #collectViewed(): Promise<readonly MetricFamily[]> {
    const own = await this.collectOwn();
    return this.#view === undefined ? own : this.#view(own);
  }

  async #collectAndStore(): Promise<Result<number, CollectError | StorageError>> {
    try {
      const snapshot = await this.snapshot();
      return await this.#guarded.write(snapshot);
    } catch (cause) {
      return err({ kind: 'collect_failed', metric: 'the snapshot', cause });
    }
  }

  #define(recipe: Recipe, given: string, options: AnyDefinition | undefined): Instrument {
    const instrument = this.#definitions.define(recipe, given, options);
    const collect = options?.collect;
    if (collect !== undefined)
      this.#collection.add({ metric: instrument.name, labels: options?.labels, instrument }, collect);
    // Undefined while the collector's own metrics are defined, of which nothing is restored.
    this.#restoration?.restore(instrument.family);
    return instrument;
  }
}

function nonFiniteText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
