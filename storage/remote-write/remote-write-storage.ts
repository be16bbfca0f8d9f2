// Sends snapshots to whatever takes Prometheus remote write: Prometheus itself, Mimir, Thanos, VictoriaMetrics. Writing puts a
// snapshot into a queue; one sender empties it, so that the samples of a series arrive in their order.
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { StorageError } from '../../lib/errors.js';
import { escapedSnapshot } from '../../lib/exposition/escaped-families.js';
import type { Snapshot } from '../../lib/model/family.js';
import { countSamples, countStoredSamples } from '../../lib/model/samples.js';
import type { MetricsStorage, StorageStatistics } from '../../lib/model/storage.js';
import { HttpTarget } from '../delivery/http-target.js';
import { type RemoteWriteOptions, type RemoteWriteSettings, remoteWriteSettings } from './remote-write-options.js';
import { Sender } from './sender.js';
import { SeriesLayouts } from './series-layout.js';
import { type QueuedSnapshot, SnapshotQueue } from './snapshot-queue.js';
import { type WriteRequest, writeRequests } from './write-requests.js';

/** After how long a target that took no native histograms is tried again: it may have been started anew with other settings. */
const HISTOGRAMS_AGAIN_MS = 600_000;

/**
 * A storage whose target takes Prometheus remote write 1.0.
 *
 * - `write` answers as soon as the snapshot is queued; it is encoded while it is sent. Errors of the target go to `onError`
 *   and into the figures.
 * - A request that fails is sent again, the same bytes, until the target takes it: on network errors, time-outs, 5xx and 429,
 *   after growing pauses, and as late as `Retry-After` asks for. Any other refusal is final: its samples are counted as
 *   dropped, and the rest goes on.
 * - A series that was in the snapshot before and is not in this one gets a stale marker, so that queries stop showing it at
 *   once. Closing writes none: a service that restarts goes on with the same series.
 * - Native histograms go in requests of their own, behind the samples of the same snapshot. Prometheus takes them when it runs with
 *   `--enable-feature=native-histograms`. One that does not says so: that is told to `onError`, and they are left out for ten
 *   minutes, until it is tried again. VictoriaMetrics steps over them.
 * - Samples that have a time of their own (`SeriesBlock.timestampsMs`) are sent with it, each once, and without a marker at their
 *   end; one that is more than an hour before its snapshot or ten minutes ahead is left out.
 * - A queue over its limit gives up its oldest snapshots. `close` sends what is queued, within its time.
 *
 * The process may end while the storage waits for its target; close it first to wait for what is queued.
 *
 * @throws MetricDefinitionError `invalid_option`, and `invalid_label_name` or `reserved_label` for external labels.
 * Source: https://prometheus.io/docs/specs/prw/remote_write_spec/
 *
 * @example
 * const storage = new RemoteWriteStorage({
 *   url: 'http://127.0.0.1:9090/api/v1/write',
 *   externalLabels: { service: 'shop', instance: hostname() },
 * });
 * // http_requests_total{instance="a",method="GET",service="shop"} 1
 */
export class RemoteWriteStorage implements MetricsStorage {
  readonly name: string;
  readonly #settings: RemoteWriteSettings;
  readonly #sender: Sender;
  readonly #queue: SnapshotQueue;
  readonly #layouts: SeriesLayouts;
  /** The last one that was sent. */
  #previous: Snapshot | undefined;
  /** The emptying of the queue, while it goes on. Never rejects. */
  #sending: Promise<void> | undefined;
  #closing: Promise<Result<void, StorageError>> | undefined;
  #isAborted = false;
  #dropped = 0;
  /** Native histograms of snapshots from before this time are left out. */
  #histogramsFromMs = Number.NEGATIVE_INFINITY;
  /** Kinds of errors, refusals by their status, that were told since something was sent. */
  readonly #told = new Set<string>();

  constructor(options: RemoteWriteOptions) {
    const settings = remoteWriteSettings(options);
    const target = new HttpTarget(options);
    this.name = settings.name;
    this.#settings = settings;
    this.#sender = new Sender({ ...settings, target, tell: (error) => this.#tell(error) });
    this.#queue = new SnapshotQueue(settings.maxQueueBytes);
    this.#layouts = new SeriesLayouts(settings.externalLabels);
  }

  /**
   * Queues a snapshot and answers its number of samples.
   *
   * Errors: `storage_closed`, `queue_full` for a snapshot that does not fit at all, `storage_failed` for one that cannot be
   * read.
   */
  write(snapshot: Snapshot): ResultAsync<number, StorageError> {
    return new ResultAsync(Promise.resolve(this.#enqueue(snapshot)));
  }

  /** Errors: `storage_timed_out` with the number of samples that were lost. */
  close(): ResultAsync<void, StorageError> {
    this.#closing ??= this.#close();
    return new ResultAsync(this.#closing);
  }

  /** Ends a pause after a failure. */
  retryNow(): void {
    this.#sender.backOff.retryNow();
  }

  /** Writes are requests; dropped are samples, those pushed out of the queue and those that the target refused. */
  statistics(): readonly StorageStatistics[] {
    const { writes, failures, writeSeconds, bytes } = this.#sender;
    return [
      {
        storage: this.name,
        writes,
        failures: { ...failures },
        writeSeconds,
        bytes,
        queued: this.#queue.length,
        dropped: this.#dropped,
      },
    ];
  }

  #enqueue(given: Snapshot): Result<number, StorageError> {
    const storage = this.name;
    if (this.#closing !== undefined) return err({ kind: 'storage_closed', storage });
    try {
      const snapshot = escapedSnapshot(given, this.#settings.escaping);
      const entry = {
        snapshot,
        samples: this.#takesHistograms(snapshot) ? countStoredSamples(snapshot) : countSamples(snapshot),
        done: 0,
      };
      const dropped = this.#queue.push(entry);
      const droppedSamples = dropped.reduce((sum, { samples }) => sum + samples, 0);
      this.#dropped += droppedSamples;
      if (dropped.length > 0) this.#tell({ kind: 'queue_full', storage, droppedSamples });
      if (dropped.includes(entry)) return err({ kind: 'queue_full', storage, droppedSamples: entry.samples });
      this.#sending ??= this.#sendAll();
      return ok(entry.samples);
    } catch (cause) {
      return err({ kind: 'storage_failed', storage, cause });
    }
  }

  async #sendAll(): Promise<void> {
    // Whoever writes gets the answer first.
    await new Promise((resolve) => setImmediate(resolve));
    for (let entry = this.#queue.startSending(); entry !== undefined; entry = this.#queue.startSending()) {
      await this.#sendSnapshot(entry);
      if (this.#isAborted) return;
      this.#queue.removeSent();
    }
    this.#sending = undefined;
  }

  async #sendSnapshot(entry: QueuedSnapshot): Promise<void> {
    const requests = writeRequests(entry.snapshot, this.#previous, {
      layouts: this.#layouts,
      limits: this.#settings,
      takesHistograms: () => this.#takesHistograms(entry.snapshot),
      known: (samples) => {
        entry.done += samples;
      },
    });
    try {
      let next = requests.next();
      for (let step = await next; !step.done; step = await next) {
        // The next request is made while this one is under way.
        next = requests.next();
        next.catch(() => {});
        await this.#deliver(step.value, entry);
        if (this.#isAborted) return;
      }
      this.#previous = entry.snapshot;
      // Histograms that the target does not take, or could make no sense of.
      this.#dropped += entry.samples - entry.done;
    } catch (cause) {
      this.#dropped += entry.samples - entry.done;
      this.#tell({ kind: 'storage_failed', storage: this.name, cause });
    }
  }

  async #deliver(request: WriteRequest, entry: QueuedSnapshot): Promise<void> {
    const delivery = await this.#sender.deliver(request);
    if (delivery === 'gave_up') return;
    entry.done += request.samples;
    if (delivery === 'unsupported') this.#histogramsFromMs = entry.snapshot.timestampMs + HISTOGRAMS_AGAIN_MS;
    if (delivery === 'sent') this.#told.clear();
    else this.#dropped += request.samples;
  }

  /** Whether the target takes them, as far as that is known. */
  #takesHistograms({ timestampMs }: Snapshot): boolean {
    return timestampMs >= this.#histogramsFromMs;
  }

  async #close(): Promise<Result<void, StorageError>> {
    const timeoutSeconds = this.#settings.closeTimeoutSeconds;
    this.#sender.backOff.keepAlive();
    this.retryNow();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutSeconds * 1000);
    });
    await Promise.race([this.#sending, late]);
    clearTimeout(timer);
    this.#isAborted = this.#queue.length > 0;
    this.#sender.abort();
    if (!this.#isAborted) return ok(undefined);
    await this.#sending;
    const lostSamples = this.#queue.samples;
    this.#dropped += lostSamples;
    return err({ kind: 'storage_timed_out', storage: this.name, timeoutSeconds, lostSamples });
  }

  #tell(error: StorageError): void {
    const kind = error.kind === 'push_rejected' ? `${error.kind} ${error.status}` : error.kind;
    if (this.#told.has(kind)) return;
    this.#told.add(kind);
    try {
      this.#settings.onError?.(error);
    } catch {
      // There is nobody left to tell, and what was thrown must not stop the sending.
    }
  }
}
