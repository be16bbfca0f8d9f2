// Pushes snapshots to a Prometheus Pushgateway, from where Prometheus scrapes them: for jobs that end before anybody could
// scrape them.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import { MetricDefinitionError, type StorageError } from '../../lib/errors.js';
import { encodeFamilies } from '../../lib/exposition/encode.js';
import { escapedSnapshot } from '../../lib/exposition/escaped-families.js';
import { contentTypeOf } from '../../lib/exposition/negotiation.js';
import { ESCAPINGS, type Escaping } from '../../lib/model/escaping.js';
import type { Snapshot } from '../../lib/model/family.js';
import { countSamples } from '../../lib/model/samples.js';
import type { MetricsStorage, StorageStatistics } from '../../lib/model/storage.js';
import type { HttpTargetOptions } from '../delivery/http-options.js';
import { HttpTarget } from '../delivery/http-target.js';
import { type CheckedKey, type GroupingKey, groupingKey } from './grouping-key.js';
import { labelClash } from './label-clash.js';

export interface PushgatewayOptions extends HttpTargetOptions {
  /** The `job` label of everything that is pushed. At most 255 characters, not empty. */
  readonly jobName: string;
  /** Labels besides the job that make up the group. No metric that is pushed may have one of them. Default none. */
  readonly groupingKey?: GroupingKey;
  /**
   * `replace` (PUT, the default) leaves in the group what was pushed last and nothing else; `merge` (POST) leaves metrics of
   * other names alone.
   */
  readonly mode?: 'replace' | 'merge';
  /** Whether `close` deletes the group, for metrics that mean nothing once their process is gone. Default false. */
  readonly deleteOnClose?: boolean;
  /** Whether bodies are compressed. Default false: gateways before version 1.5 do not understand it. */
  readonly gzip?: boolean;
  /**
   * How names beyond the classic rule are pushed. Default `underscores`: a gateway that knows classic names only refuses any
   * others, with all that is pushed beside them.
   */
  readonly escaping?: Escaping;
  /** Default `pushgateway`. */
  readonly name?: string;
}

const METHODS = { replace: 'PUT', merge: 'POST' } as const;
const compress = promisify(gzip);

/**
 * A storage whose target is a Pushgateway. It is for batch jobs; a service that runs on is scraped, or writes through
 * `RemoteWriteStorage`. The gateway shows one value per series, the last one, and does so until the group is deleted:
 * alert on `push_time_seconds`.
 *
 * Bodies are classic text: info and state sets become gauges, exemplars and times are left out. Writes are sent one after
 * the other and answer when the gateway has; there is no queue and no retry, because the next push says all again.
 *
 * @throws MetricDefinitionError `invalid_option`, and `invalid_grouping_key` for a job name or a label that cannot be.
 * Source: https://github.com/prometheus/pushgateway#api
 *
 * @example
 * const storage = new PushgatewayStorage({ url: 'http://127.0.0.1:9091', jobName: 'nightly', groupingKey: { shard: 3 } });
 * // PUT /metrics/job/nightly/shard/3
 */
export class PushgatewayStorage implements MetricsStorage {
  readonly name: string;
  readonly #target: HttpTarget;
  readonly #key: CheckedKey;
  readonly #keyNames: ReadonlySet<string>;
  readonly #method: string;
  readonly #gzip: boolean;
  readonly #escaping: Escaping;
  readonly #deleteOnClose: boolean;
  /** What was given last; whatever comes next waits for it. Never rejects. */
  #last: Promise<unknown> = Promise.resolve();
  #bytes = 0;
  #closing: Promise<Result<void, StorageError>> | undefined;

  constructor(options: PushgatewayOptions) {
    const { mode = 'replace', deleteOnClose = false, gzip: zipped = false, name = 'pushgateway' } = options;
    const { escaping = 'underscores' } = options;
    requireChoice('mode', mode, Object.keys(METHODS));
    requireChoice('deleteOnClose', deleteOnClose, [true, false]);
    requireChoice('gzip', zipped, [true, false]);
    requireChoice('escaping', escaping, ESCAPINGS);
    this.#key = groupingKey(options.jobName, options.groupingKey);
    this.#target = new HttpTarget(options);
    this.#keyNames = new Set(this.#key.names);
    this.#method = METHODS[mode];
    this.#gzip = zipped;
    this.#escaping = escaping;
    this.#deleteOnClose = deleteOnClose;
    this.name = name;
  }

  /**
   * Pushes a snapshot and answers its number of samples.
   *
   * Errors: `push_unreachable`, `push_timed_out`, `push_rejected` with the gateway's reason, `invalid_grouping_key` for a
   * label that is in the metrics and in the grouping key (nothing is sent), `storage_failed`, `storage_closed`.
   */
  write(snapshot: Snapshot): ResultAsync<number, StorageError> {
    return new ResultAsync(this.#queue(() => this.#push(snapshot)));
  }

  /** Deletes the group, so that the gateway shows nothing of it any more. Deleting what is not there succeeds. */
  delete(): ResultAsync<void, StorageError> {
    return new ResultAsync(this.#queue(() => this.#delete()));
  }

  /** Waits for what was written before, then deletes the group if that was asked for. */
  close(): ResultAsync<void, StorageError> {
    this.#closing ??= this.#last.then(async () => {
      const answer = this.#deleteOnClose ? await this.#delete() : ok(undefined);
      this.#target.close();
      return answer;
    });
    return new ResultAsync(this.#closing);
  }

  statistics(): readonly StorageStatistics[] {
    return [{ storage: this.name, bytes: this.#bytes }];
  }

  #queue<T>(task: () => Promise<Result<T, StorageError>>): Promise<Result<T, StorageError>> {
    if (this.#closing !== undefined) return Promise.resolve(err({ kind: 'storage_closed', storage: this.name }));
    const run = this.#last.then(task).catch((cause: unknown) => {
      return err<T, StorageError>({ kind: 'storage_failed', storage: this.name, cause });
    });
    this.#last = run;
    return run;
  }

  async #push(snapshot: Snapshot): Promise<Result<number, StorageError>> {
    // Escaped first: the gateway sees only what the labels are called then.
    const { families } = escapedSnapshot(snapshot, this.#escaping);
    const clash = labelClash(families, this.#keyNames);
    if (clash !== undefined) return err(clash);
    const samples = countSamples(snapshot);
    const pieces: Uint8Array[] = [];
    for await (const piece of encodeFamilies(families, { format: 'prometheus', escaping: 'allow-utf-8' })) {
      pieces.push(piece);
    }
    const body = this.#gzip ? [await compress(Buffer.concat(pieces), { level: 1 })] : pieces;
    const answer = await this.#target.send({
      method: this.#method,
      path: this.#key.path,
      headers: {
        'content-type': contentTypeOf('prometheus', this.#escaping),
        ...(this.#gzip ? { 'content-encoding': 'gzip' } : {}),
      },
      body,
    });
    if (answer.isErr()) return err(answer.error);
    for (const { length } of body) this.#bytes += length;
    return ok(samples);
  }

  async #delete(): Promise<Result<void, StorageError>> {
    const answer = await this.#target.send({ method: 'DELETE', path: this.#key.path });
    return answer.map(() => undefined);
  }
}

function requireChoice(option: string, value: unknown, choices: readonly unknown[]): void {
  if (choices.includes(value)) return;
  const rule = `Give ${choices.join(' or ')}.`;
  throw new MetricDefinitionError({ kind: 'invalid_option', option, value: String(value), rule });
}
